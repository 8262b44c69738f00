-- Services that are otherwise than their list has them and stay so: changed since it was loaded, or known by our own ids alone.
SELECT s.file, s."row", 'name' AS field, s.label AS value, 'CHANGED_SINCE' AS trouble, NULL::jsonb AS told
FROM staged s JOIN lakana.service v ON v.id = s.service_id
LEFT JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('service', :list_scheme, s.code)
WHERE f.version <> v.version
   OR (f.row_id IS NULL AND ((v.name, v.category, v.phone, v.opening_hours, v.capacity, v.verified_on)
         IS DISTINCT FROM (s.name, s.category, coalesce(s.phone, v.phone), coalesce(s.opening_hours, v.opening_hours),
           coalesce(s.capacity, v.capacity), coalesce(s.verified_on, v.verified_on))
       OR NOT ST_DWithin(v.point, s.point::geography, 1)))
ORDER BY s.file, s."row"
