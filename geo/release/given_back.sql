-- Enters a release again as the record tells it in :body, with its sources and the edition of areas that it fixed. Makes
-- the temporary table cell, of the places that are here.
INSERT INTO lakana.source
SELECT s.* FROM json_populate_recordset(NULL::lakana.source, CAST(:body AS json)->'sources') s
ON CONFLICT DO NOTHING;
INSERT INTO raw.released_edition
SELECT a.id FROM json_array_elements_text(CAST(:body AS json)->'edition') AS e(id)
JOIN lakana.admin_area a ON a.id::text = e.id
WHERE NOT EXISTS (SELECT FROM raw.released_edition);
INSERT INTO lakana.release (quarter, revision, released_at, grain, rounding, given_back)
SELECT quarter, revision, released_at, grain, rounding, true
FROM json_populate_record(NULL::lakana.release, CAST(:body AS json)->'release');
DELETE FROM lakana.reporting WHERE period IN (
  SELECT period FROM json_populate_recordset(NULL::lakana.reporting, CAST(:body AS json)->'reporting'));
INSERT INTO lakana.reporting
SELECT p.* FROM json_populate_recordset(NULL::lakana.reporting, CAST(:body AS json)->'reporting') p
WHERE p.area_id IN (SELECT id FROM lakana.admin_area) OR p.locality_id IN (SELECT id FROM lakana.locality);
DROP TABLE IF EXISTS pg_temp.cell;
CREATE TEMPORARY TABLE cell ON COMMIT DROP AS
WITH told AS (
  SELECT CAST(:body AS json) AS body
)
SELECT r.number AS release_number, CAST(c->>0 AS lakana.area_level) AS level, a.id AS area_id, l.id AS locality_id,
       c->>2 AS period, CAST(c->>3 AS lakana.incident_type) AS incident_type, CAST(c->>4 AS integer) AS count,
       here.id AS source_id, CAST(c->>6 AS integer) AS localities_reporting, CAST(c->>7 AS integer) AS localities_expected,
       c->>8 AS reporters
FROM told JOIN lakana.release r ON (r.quarter, r.revision::text) = (body->'release'->>'quarter', body->'release'->>'revision')
CROSS JOIN json_array_elements(body->'cells') AS c
JOIN json_populate_recordset(NULL::lakana.source, body->'sources') s ON s.id::text = c->>5
JOIN lakana.source here USING (key)
LEFT JOIN lakana.admin_area a ON c->>0 <> 'LOCALITY' AND a.id::text = c->>1
LEFT JOIN lakana.locality l ON c->>0 = 'LOCALITY' AND l.id::text = c->>1
WHERE num_nonnulls(a.id, l.id) = 1
