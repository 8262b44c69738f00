-- No audience reads presence any more.
DROP TRIGGER note_public_insert ON lakana.presence;
DROP TRIGGER note_public_delete ON lakana.presence;
DROP TRIGGER note_public_update ON lakana.presence;
DROP TRIGGER note_public_truncate ON lakana.presence;
REVOKE SELECT ON lakana.presence FROM lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
ALTER TABLE lakana.presence DROP COLUMN name_key, DROP COLUMN organization_name;
