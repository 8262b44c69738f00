-- Services, or those who offer them, that were loaded before, from whatever list, and are gone or public no more; and new ones that
-- look entered already.
WITH gone AS (
  DELETE FROM staged s
  WHERE EXISTS (SELECT FROM audit.foreign_id f WHERE (f.subject, f.scheme, f.code) = ('service', '', s.mark)
                AND NOT EXISTS (SELECT FROM lakana.service v WHERE v.id = f.row_id AND NOT v.confidential))
     OR (s.service_id IS NOT NULL AND NOT EXISTS (SELECT FROM lakana.service v WHERE v.id = s.service_id AND NOT v.confidential))
     OR (s.actor_id IS NOT NULL AND NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id = s.actor_id))
  RETURNING file, "row", label
), twin AS (
  DELETE FROM staged s
  WHERE s.service_id IS NULL AND s.actor_id IS NULL AND EXISTS (
    SELECT FROM lakana.service v
    WHERE v.name_key = lakana.fold(s.name) AND v.category = s.category AND ST_DWithin(v.point, s.point::geography, 100))
  RETURNING file, "row", label
)
SELECT file, "row", 'name' AS field, label AS value, 'GONE_SINCE' AS trouble, NULL::jsonb AS told FROM gone
UNION ALL
SELECT file, "row", 'name', label, 'ALREADY_THERE', NULL FROM twin
ORDER BY file, "row"
