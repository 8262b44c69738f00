-- Whether a link was used is told to nobody. A link that was open was logged as withdrawn when a later one took its place or its
-- person was kept out, and one that had been used was not. Now the log says who was invited, which withdraws what was before, and the
-- entries of withdrawals are the owner's. The newest link alone says how long one is open: a used one that is not withdrawn showed
-- again once a later one was over.
DROP TRIGGER audit ON identity.invitation;
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR DELETE ON identity.invitation DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('person_id', 'digest', 'spent_at');

ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
  AND (action, subject) IS DISTINCT FROM ('UPDATE', 'invitation')
  AND (action, subject, after->>'kind') IS DISTINCT FROM ('LOAD', 'import', 'shelters')
  AND NOT (login = 'lakana_partner' AND holder = 'partner')
  AND NOT EXISTS (
    SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id) AND CASE
      WHEN w.confidential THEN action <> 'LOCATE'
      ELSE w.actor_id IS NULL OR NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id = w.actor_id) END)
  AND CASE
    WHEN subject = 'organization' THEN lakana.is_listed_organization(subject_id)
    WHEN subject IN ('key', 'person', 'invitation') THEN coalesce(lakana.is_listed_organization(coalesce(
      after->>'organization_id', before->>'organization_id', lakana.organization_of_holder(subject, subject_id))), true)
    ELSE true END);

CREATE OR REPLACE VIEW lakana.known_person WITH (security_barrier) AS
SELECT p.id, p.name, lakana.fold(p.name) COLLATE "C" AS name_key, p.audience, p.organization_id, p.area_id,
  p.issuer || ' ' || p.subject AS person, p.created_at, p.revoked_at,
  (SELECT CASE WHEN i.revoked_at IS NULL AND p.revoked_at IS NULL AND i.expires_at > now() THEN i.expires_at END
   FROM identity.invitation i WHERE i.person_id = p.id ORDER BY i.created_at DESC LIMIT 1) AS link_until
FROM identity.person p
WHERE p.organization_id IS NULL OR lakana.is_listed_organization(p.organization_id::text);
