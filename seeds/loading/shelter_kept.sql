-- By which digests a shelter is known again: of its code, and of an open one also of its name and place. Which row a confidential one
-- came from is not kept.
WITH traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'shelter', CAST(:service AS uuid), :at, :line WHERE :traced
)
INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version)
SELECT DISTINCT 'shelter', :key_scheme, code, CAST(:service AS uuid), 1 FROM unnest(CAST(:codes AS text[])) code
ON CONFLICT DO NOTHING
