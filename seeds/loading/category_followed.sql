SELECT lakana.follow_many(CAST(:category AS lakana.service_category),
  CASE WHEN is_looked_for THEN coalesce(points, '{}') END, services, metres)
FROM (SELECT array_agg(point_id) AS points, array_agg(service_id) AS services, array_agg(metres) AS metres
      FROM nearest_new WHERE category = CAST(:category AS lakana.service_category)) found,
  (SELECT EXISTS (SELECT FROM looked_for WHERE category = CAST(:category AS lakana.service_category)) AS is_looked_for) known
