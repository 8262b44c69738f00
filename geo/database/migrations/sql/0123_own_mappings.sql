-- The names of mappings for shelters, trainings and incidents told every steward who tried such a list that another had loaded some. Those
-- of lists that are for few belong to the person, or the key, who saved them; the others to everybody (blank). Whose a mapping of before
-- is: the person of the key that saved it.
ALTER TABLE audit.import_mapping ADD COLUMN keeper TEXT DEFAULT '' NOT NULL;
UPDATE audit.import_mapping m SET keeper = coalesce(
  (SELECT p.issuer || ' ' || p.subject FROM identity.key k JOIN identity.person p ON p.id = k.person_id WHERE 'key:' || k.prefix = m.holder),
  regexp_replace(holder, '^person:', ''))
WHERE kind IN ('shelters', 'trainings', 'incidents');
ALTER TABLE audit.import_mapping DROP CONSTRAINT import_mapping_pkey, ADD CONSTRAINT import_mapping_pkey PRIMARY KEY (keeper, name);
