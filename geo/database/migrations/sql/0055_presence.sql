-- Presence is told, with the words of its list: an organisation that is not in the directory is told by them alone, and neither by its
-- record nor by whether it has one. Names of one organisation fold to one key, so hidden names are compared with these words already.
ALTER TABLE lakana.presence ADD COLUMN organization_name TEXT;
UPDATE lakana.presence p SET organization_name = o.name FROM lakana.organization o WHERE o.id = p.organization_id;
ALTER TABLE lakana.presence
  ALTER COLUMN organization_name SET NOT NULL,
  ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(organization_name)) STORED NOT NULL;
CREATE INDEX presence_name_key_id_idx ON lakana.presence (name_key, id);

GRANT SELECT ON lakana.presence TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
SELECT lakana.follow_public('lakana.presence');
