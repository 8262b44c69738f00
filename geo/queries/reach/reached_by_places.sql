-- reached: children under 18 of each area that demand points lie in, and those who found a place. Bind: computed, with
-- a list "covered" of {demand_point_id, covered}.
found_place AS MATERIALIZED (
  SELECT demand_point_id, covered
  FROM json_to_recordset(CAST(:computed AS json) -> 'covered') AS c(demand_point_id uuid, covered int)
), reached AS (
  SELECT d.area_set_id, sum(d.under_18) AS population, coalesce(sum(f.covered), 0) AS covered
  FROM lakana.demand_point d LEFT JOIN found_place f ON f.demand_point_id = d.id GROUP BY d.area_set_id
)
