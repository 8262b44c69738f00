-- Fresh times in the place of those that are there, while writers of the category wait. Bind: category.
DELETE FROM lakana.travel_time WHERE category = CAST(:category AS lakana.service_category);

INSERT INTO lakana.travel_time (category, mode, season, demand_point_id, service_id, minutes, off_road_m, beyond_roads)
SELECT category, mode, season, demand_point_id, service_id, minutes, off_road_m, beyond_roads
FROM pg_temp.fresh_time ORDER BY category, mode, season, demand_point_id;

UPDATE lakana.travel_refresh SET computed_at = now(), stale_since = NULL
WHERE category = CAST(:category AS lakana.service_category)
