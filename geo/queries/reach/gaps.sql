-- Localities whose children live beyond reach of a need, with the priority that geo.queries.reach.gaps documents.
-- Wants measured, year(period) and reach(metres), what stands exactly there being in reach. Binds: incident_types (an array, NULL: all
-- together); weight_children, weight_incidents, weight_distance.
told AS (
  -- One published cell a locality, never a sum: of the types that are answered the most frequent (ties in the order of
  -- the vocabulary), or all together where no type is asked for or told.
  SELECT DISTINCT ON (locality_id) locality_id, incident_type, count
  FROM lakana.published_count
  WHERE current AND level = 'LOCALITY' AND period = (SELECT period FROM year) AND localities_reporting > 0
    AND (incident_type IS NULL OR incident_type = ANY (CAST(:incident_types AS lakana.incident_type[])))
  ORDER BY locality_id, incident_type IS NULL, count DESC, incident_type
), out_of_reach AS (
  SELECT x.demand_point_id, x.block_id, x.locality_id, x.area_set_id, x.under_18, x.distance_m, t.incident_type,
         t.count AS incident_count,
         CASE WHEN t.locality_id IS NOT NULL THEN 'PUBLISHED'
              WHEN (SELECT period FROM year) IS NULL THEN 'NOT_RELEASED'
              -- Asked of those alone that are not told, and by all columns of the index.
              WHEN EXISTS (SELECT FROM lakana.reporting r WHERE r.level = 'LOCALITY' AND r.period = (SELECT period FROM year)
                             AND r.area_id IS NULL AND r.locality_id = x.locality_id AND r.localities_reporting > 0) THEN 'NOT_RELEASED'
              ELSE 'NOT_REPORTED' END AS incident_status,
         -- A rate of 0 to 4 is not known.
         nullif(t.count, 0) * 100000.0::double precision / x.under_18 AS rate,
         reach.metres AS reach_m
  FROM reach CROSS JOIN measured x
  LEFT JOIN told t ON t.locality_id = x.locality_id
  WHERE x.in_locality AND x.under_18 > 0 AND (x.distance_m IS NULL OR x.distance_m > reach.metres)
)
SELECT demand_point_id, block_id, locality_id, area_set_id, under_18 AS uncovered_under_18, distance_m AS nearest_distance_m,
       distance_m - reach_m AS beyond_m, incident_type, incident_count, incident_status,
       round(rate::numeric, 1)::double precision AS incident_rate,
       power(under_18, CAST(:weight_children AS double precision))
         * power(1 + coalesce(rate, 0) / 100, CAST(:weight_incidents AS double precision))
         * power(least(coalesce(distance_m / reach_m, 10), 10), CAST(:weight_distance AS double precision)) AS priority
FROM out_of_reach
