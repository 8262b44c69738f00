-- measured: each demand point with the metres to the farthest of what is needed, that is the greatest over the groups of
-- the least over the categories of a group; NULL where a group has no service. No row where none of the categories has
-- one. Wants needed. What it reads in braces is lakana.access or travelled.
nearest AS (
  SELECT a.demand_point_id, n.group_number, min(a.distance_m) AS distance_m
  FROM needed n JOIN {access} a USING (category)
  GROUP BY a.demand_point_id, n.group_number
), farthest AS (
  SELECT demand_point_id,
         CASE WHEN count(*) = (SELECT count(DISTINCT group_number) FROM needed) THEN max(distance_m) END AS distance_m
  FROM nearest GROUP BY demand_point_id
), measured AS MATERIALIZED (
  SELECT d.id AS demand_point_id, d.area_set_id, d.under_18, f.distance_m
  FROM farthest f JOIN lakana.demand_point d ON d.id = f.demand_point_id
)
