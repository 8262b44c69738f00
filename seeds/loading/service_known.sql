-- Which services and actors of ours the list's are: by what the list calls them, or by our own ids, as exports have them.
UPDATE staged s SET service_id = coalesce(f.service_id, v.id), actor_id = coalesce(f.actor_id, v.actor_id)
FROM (
  SELECT file, "row",
         CASE WHEN code ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN code::uuid END AS own_id,
         (SELECT k.row_id FROM audit.foreign_id k WHERE (k.subject, k.scheme, k.code) = ('service', :list_scheme, c.code)) AS service_id,
         (SELECT k.row_id FROM audit.foreign_id k WHERE (k.subject, k.scheme, k.code) = ('actor', :list_scheme, c.actor_code)) AS actor_id
  FROM staged c) AS f
LEFT JOIN lakana.service v ON v.id = f.own_id AND NOT v.confidential
WHERE (s.file, s."row") = (f.file, f."row")
