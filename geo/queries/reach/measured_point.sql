-- The metres from a demand point of the statement around it to what is needed, as in measured.sql. Wants needed.
SELECT {farthest} AS distance_m
FROM lakana.demand_block b
{joins}
CROSS JOIN LATERAL unnest(b.point_ids, {arrays}) AS p(demand_point_id, {names})
WHERE b.id = demand_point.block_id AND p.demand_point_id = demand_point.id
