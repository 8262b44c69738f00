-- measured_travelled: as measured, of travelled. No row where none of the categories has a service. Wants needed and travelled.
nearest AS (
  SELECT t.demand_point_id, n.group_number, min(t.distance_m) AS distance_m
  FROM needed n JOIN travelled t USING (category)
  GROUP BY t.demand_point_id, n.group_number
), measured_travelled AS MATERIALIZED (
  SELECT demand_point_id,
         CASE WHEN count(*) = (SELECT count(DISTINCT group_number) FROM needed) THEN max(distance_m) END AS distance_m
  FROM nearest GROUP BY demand_point_id
)
