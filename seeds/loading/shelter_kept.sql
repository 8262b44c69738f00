-- By which digest a shelter is known again. Which row a confidential one came from is not kept.
WITH traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'shelter', CAST(:service AS uuid), :at, :line WHERE :traced
)
INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version) VALUES ('shelter', :key_scheme, :code, CAST(:service AS uuid), 1)
