-- Which row each return came from. A return has no id: a digest of its key stands for one. What it replaced is not kept: counts are
-- read by the release alone.
WITH traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'incident_return', md5(locality_id || ' ' || quarter)::uuid, first[1], first[2] FROM returned
)
SELECT count(*) FILTER (WHERE NOT was_there) AS new, count(*) FILTER (WHERE was_there) AS replaced FROM returned
