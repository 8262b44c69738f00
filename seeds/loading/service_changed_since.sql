SELECT s.file, s."row", 'name' AS field, s.label AS value, 'CHANGED_SINCE' AS trouble, NULL::jsonb AS told
FROM staged s JOIN lakana.service v ON v.id = s.service_id
JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('service', :list_scheme, s.code) AND f.version <> v.version
ORDER BY s.file, s."row"
