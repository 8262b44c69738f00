-- Imports cannot be undone any more.
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT tgname, tgrelid::regclass AS watched FROM pg_trigger WHERE tgfoid = 'audit.note_import'::regproc LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.watched);
  END LOOP;
END $$;
DROP FUNCTION audit.undo_import, audit.undo_step, audit.stands_on_import, audit.follow_imports, audit.note_import, audit.as_digest, audit.as_json,
  audit.import_columns;
DROP TABLE audit.import_change;
DELETE FROM audit.import WHERE source_id IS NULL;
ALTER TABLE audit.import DROP CONSTRAINT import_source_id_fkey;
ALTER TABLE audit.import ADD CONSTRAINT import_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id);
DROP INDEX audit.import_name_key_id_idx;
CREATE INDEX import_imported_at_idx ON audit.import (imported_at, id);
ALTER TABLE audit.import DROP COLUMN name_key, DROP COLUMN undone_at, DROP COLUMN undone_by, ALTER COLUMN source_id SET NOT NULL;
