-- measured: each demand point with the metres to the farthest of what is needed, that is the greatest over the groups of
-- the least over the categories of a group; NULL where a group has no service. The parts in braces are of
-- geo.queries.reach.block_distances. Wants needed.
measured AS (
  SELECT p.demand_point_id, b.id AS block_id, b.area_set_id, b.in_locality, p.locality_id, p.under_18, {farthest} AS distance_m
  FROM lakana.demand_block b
  {joins}
  CROSS JOIN LATERAL unnest(b.point_ids, b.locality_ids, b.children, {arrays})
    AS p(demand_point_id, locality_id, under_18, {names})
)
