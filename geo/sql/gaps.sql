-- Localities whose children live beyond reach of a category, with the priority that geo.queries.gaps documents.
-- Binds: category, max_distance_m (metres on the spheroid; what stands exactly there is in reach).
WITH year AS (
  SELECT max(period) AS period FROM lakana.published_count WHERE current AND level = 'LOCALITY' AND length(period) = 4
), out_of_reach AS (
  SELECT d.locality_id, d.area_id, d.under_18, x.distance_m, x.service_id, coalesce(p.count, 0) AS incident_count
  FROM lakana.demand_point d
  LEFT JOIN lakana.access x
    ON x.demand_point_id = d.id AND x.category = CAST(:category AS lakana.service_category)
  LEFT JOIN lakana.published_count p
    ON p.locality_id = d.locality_id AND p.current AND p.level = 'LOCALITY' AND p.incident_type IS NULL
    AND p.period = (SELECT period FROM year)
  WHERE d.locality_id IS NOT NULL
    AND (x.distance_m IS NULL OR x.distance_m > CAST(:max_distance_m AS double precision))
)
SELECT locality_id, area_id, under_18 AS uncovered_under_18, distance_m AS nearest_distance_m, service_id,
       incident_count,
       under_18 * (1 + incident_count / 100.0::double precision)
         * least(coalesce(distance_m / CAST(:max_distance_m AS double precision), 10), 10) AS priority
FROM out_of_reach
