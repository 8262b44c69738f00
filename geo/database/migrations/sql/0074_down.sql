DROP TRIGGER note_import_insert ON lakana.ground;
DROP TRIGGER note_import_delete ON lakana.ground;
DROP TRIGGER note_import_update ON lakana.ground;
