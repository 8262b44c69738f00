-- covered: as in covered_one.sql, of the children who found a place. Bind: computed, with a list "covered" of
-- {demand_point_id, covered}.
covered AS MATERIALIZED (
  SELECT d.area_set_id, d.locality_id IS NOT NULL AS in_locality, sum(d.under_18) AS population,
         coalesce(sum(f.covered), 0) AS covered
  FROM lakana.demand_point d
  LEFT JOIN json_to_recordset(CAST(:computed AS json) -> 'covered') AS f(demand_point_id uuid, covered int)
    ON f.demand_point_id = d.id
  GROUP BY d.area_set_id, d.locality_id IS NOT NULL
)
