-- By which digests a shelter is known again. Which row a confidential one came from is not kept, nor is anything of its name and place.
WITH traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'shelter', CAST(:service AS uuid), :at, :line WHERE NOT :confidential
)
INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version)
SELECT 'shelter', scheme, code, CAST(:service AS uuid), 1
FROM (VALUES
  (:key_scheme, CAST(:code AS text), true),
  ('', CAST(:mark AS text), NOT :confidential),
  ('name', :name_mark || ' ' || CAST(:service AS text), NOT :confidential)
) AS known(scheme, code, is_kept)
WHERE code IS NOT NULL AND is_kept ON CONFLICT DO NOTHING
