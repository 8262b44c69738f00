-- The categories of services that this import left, and of those that it found.
SELECT v.category::text FROM audit.import_change c, jsonb_populate_recordset(NULL::lakana.service, c.keys) k JOIN lakana.service v USING (id)
WHERE (c.import_id, c.relation) = (CAST(:import_id AS uuid), 'lakana.service')
UNION
SELECT before->>'category' FROM audit.import_change c, jsonb_array_elements(c.former) AS before
WHERE (c.import_id, c.relation) = (CAST(:import_id AS uuid), 'lakana.service')
