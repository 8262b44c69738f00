ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
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
DROP FUNCTION audit.is_for_owner;
