-- Every zone with the codes and the people of its areas, by name.
SELECT z.name_fr, array_agg(a.scheme || ':' || a.code ORDER BY a.code),
  coalesce(sum((SELECT p.total FROM lakana.area_population p WHERE p.area_id = a.id ORDER BY p.year DESC LIMIT 1)), 0)::integer,
  z.radius_m
FROM lakana.zone z JOIN lakana.zone_area part ON part.zone_id = z.id JOIN lakana.admin_area a ON a.id = part.area_id
GROUP BY z.id, z.name_fr, z.name_key, z.radius_m ORDER BY z.name_key, z.id
