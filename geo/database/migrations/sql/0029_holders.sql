-- An entry about a key or a person may lack the organisation (a revocation has only its day): it is that of the key or the person then.
-- Without it, the revocation of a key of an organisation that is not listed said that there is one.
CREATE FUNCTION lakana.organization_of_holder(subject text, subject_id text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  SELECT CASE subject
    WHEN 'key' THEN (SELECT k.organization_id FROM key k WHERE k.id = subject_id::uuid)
    WHEN 'person' THEN (SELECT p.organization_id FROM person p WHERE p.id = subject_id::uuid) END::text
$$;
REVOKE EXECUTE ON FUNCTION lakana.organization_of_holder FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.organization_of_holder TO lakana_steward;
ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
  AND NOT (login = 'lakana_partner' AND holder = 'partner')
  AND NOT EXISTS (
    SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id) AND CASE
      WHEN w.confidential THEN action <> 'LOCATE'
      ELSE w.actor_id IS NULL OR NOT EXISTS (SELECT FROM lakana.actor a WHERE a.id = w.actor_id) END)
  AND CASE
    WHEN subject = 'organization' THEN lakana.is_listed_organization(subject_id)
    WHEN subject IN ('key', 'person') THEN coalesce(lakana.is_listed_organization(coalesce(
      after->>'organization_id', before->>'organization_id', lakana.organization_of_holder(subject, subject_id))), true)
    ELSE true END);
