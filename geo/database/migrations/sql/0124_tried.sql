-- Files that are only tried, by stewards, tell nothing of what they may not read: whoever tries stands in the log.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Whether the owner writes in nobody's name, and so may be told all that there is: a steward's files are loaded by the owner too.
CREATE FUNCTION audit.is_for_owner() RETURNS boolean
LANGUAGE sql STABLE SET search_path = audit, public, pg_temp AS $$
  SELECT is_owner() AND coalesce(current_setting('lakana.holder', true), '') = ''
$$;
REVOKE EXECUTE ON FUNCTION audit.is_for_owner FROM PUBLIC;

-- As before; the moment at which shelters were tried is withheld as the one at which they were loaded.
ALTER POLICY told ON audit.entry USING (
  action <> 'UNLIST'
  AND NOT (action IN ('LOAD', 'TRY') AND subject = 'import' AND after->>'kind' IS NOT DISTINCT FROM 'shelters')
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
