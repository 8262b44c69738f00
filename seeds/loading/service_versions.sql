-- The versions that this import left.
UPDATE audit.foreign_id f SET version = v.version
FROM audit.import_row r JOIN lakana.service v ON v.id = r.row_id
WHERE r.import_id = CAST(:import_id AS uuid) AND f.row_id = v.id AND (f.subject, f.scheme) = ('service', :list_scheme)
