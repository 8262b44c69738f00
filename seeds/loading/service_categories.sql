-- The categories in which this import wrote a service, and those that it left.
SELECT v.category::text FROM audit.import_row r JOIN lakana.service v ON v.id = r.row_id
WHERE r.import_id = CAST(:import_id AS uuid) AND r.subject = 'service'
UNION
SELECT former->>'category' FROM audit.import_row WHERE import_id = CAST(:import_id AS uuid) AND subject = 'service' AND former IS NOT NULL
