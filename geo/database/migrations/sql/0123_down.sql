-- Of several of one name the last one stays.
DELETE FROM audit.import_mapping m USING audit.import_mapping later
WHERE later.name = m.name AND (later.saved_at, later.keeper) > (m.saved_at, m.keeper);
ALTER TABLE audit.import_mapping DROP CONSTRAINT import_mapping_pkey, ADD CONSTRAINT import_mapping_pkey PRIMARY KEY (name);
ALTER TABLE audit.import_mapping DROP COLUMN keeper;
