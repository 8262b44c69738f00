-- covered: as in covered_one.sql, by time. Wants measured_travelled and reach(most).
covered AS MATERIALIZED (
  SELECT d.area_set_id, d.locality_id IS NOT NULL AS in_locality, sum(d.under_18) AS population,
         coalesce(sum(d.under_18) FILTER (WHERE m.distance_m <= (SELECT most FROM reach)), 0) AS covered
  FROM lakana.demand_point d LEFT JOIN measured_travelled m ON m.demand_point_id = d.id
  GROUP BY d.area_set_id, d.locality_id IS NOT NULL
)
