-- The categories in which this import wrote a service, and those that it left.
SELECT v.category::text FROM audit.import_row r JOIN lakana.service v ON v.id = r.row_id
WHERE r.import_id = CAST(:import_id AS uuid) AND r.subject = 'service'
UNION
SELECT before->>'category' FROM audit.import_change c, jsonb_array_elements(c.former) AS before
WHERE (c.import_id, c.relation, c.action) = (CAST(:import_id AS uuid), 'lakana.service', 'UPDATE')
