-- As before returns: a count by itself. A return of nothing but zeros stays as its zeros; who was expected is forgotten.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SET LOCAL lakana.bulk = 'on';
ALTER TABLE lakana.published_count
  DROP COLUMN localities_reporting, DROP COLUMN localities_expected, DROP COLUMN reporters;
DROP INDEX lakana.published_count_current_idx;
CREATE UNIQUE INDEX published_count_current_idx
  ON lakana.published_count (level, period, incident_type, area_id, locality_id) NULLS NOT DISTINCT WHERE current;
DROP TABLE lakana.reporting, lakana.expected_reporter;
ALTER TABLE raw.incident_count
  DROP CONSTRAINT incident_count_return_fkey,
  ADD COLUMN source_id UUID,
  ADD CONSTRAINT incident_count_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id),
  ADD CONSTRAINT incident_count_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  ADD CONSTRAINT incident_count_quarter_check CHECK (quarter ~ '^\d{4}-Q[1-4]$');
UPDATE raw.incident_count c SET source_id = r.source_id
FROM raw.incident_return r WHERE (r.locality_id, r.quarter) = (c.locality_id, c.quarter);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE raw.incident_count ALTER COLUMN source_id SET NOT NULL;
DROP TABLE raw.incident_return;
SET LOCAL lakana.bulk = 'off';
DROP FUNCTION raw.expect_reporters;
