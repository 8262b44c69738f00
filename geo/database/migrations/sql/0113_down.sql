DROP FUNCTION lakana.withdraw, identity.end_organization;
-- Holders without their organisation cannot stand any more, nor what hangs on them.
DELETE FROM identity.session s USING identity.invitation i, identity.person p
WHERE i.id = s.invitation_id AND p.id = i.person_id AND p.audience = 'PARTNER' AND p.organization_id IS NULL;
DELETE FROM identity.invitation i USING identity.person p WHERE p.id = i.person_id AND p.audience = 'PARTNER' AND p.organization_id IS NULL;
DELETE FROM identity.key WHERE audience = 'PARTNER' AND organization_id IS NULL;
UPDATE identity.key k SET person_id = NULL FROM identity.person p
WHERE p.id = k.person_id AND p.audience = 'PARTNER' AND p.organization_id IS NULL;
DELETE FROM identity.person WHERE audience = 'PARTNER' AND organization_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE identity.key DROP CONSTRAINT key_scope_check, ADD CONSTRAINT key_scope_check CHECK (
  CASE audience WHEN 'PARTNER' THEN organization_id IS NOT NULL WHEN 'PLANNER' THEN area_id IS NULL
  ELSE organization_id IS NULL AND area_id IS NULL END);
ALTER TABLE identity.person DROP CONSTRAINT person_scope_check, ADD CONSTRAINT person_scope_check CHECK (
  CASE audience WHEN 'PARTNER' THEN organization_id IS NOT NULL WHEN 'PLANNER' THEN area_id IS NULL
  ELSE organization_id IS NULL AND area_id IS NULL END);
