-- People without a provider sign in by a link that is good once, and hold a session for the pages. Of links and sessions only digests
-- are kept. The log says who invited whom and which links were withdrawn, and nothing of when anybody signed in: read beside what
-- changed on that day, it would tell whose a confidential shelter is.
CREATE TABLE identity.invitation (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  person_id UUID NOT NULL,
  digest TEXT NOT NULL CONSTRAINT invitation_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
  invited_by TEXT DEFAULT coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner') NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  spent_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT invitation_pkey PRIMARY KEY (id),
  CONSTRAINT invitation_digest_key UNIQUE (digest),
  CONSTRAINT invitation_person_id_fkey FOREIGN KEY (person_id) REFERENCES identity.person (id),
  CONSTRAINT invitation_expires_at_check CHECK (expires_at <= created_at + interval '7 days')
);
CREATE INDEX invitation_person_id_idx ON identity.invitation (person_id);

CREATE TABLE identity.session (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  invitation_id UUID NOT NULL,
  digest TEXT NOT NULL CONSTRAINT session_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT session_pkey PRIMARY KEY (id),
  CONSTRAINT session_digest_key UNIQUE (digest),
  CONSTRAINT session_invitation_id_key UNIQUE (invitation_id),
  CONSTRAINT session_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES identity.invitation (id)
);

CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF revoked_at ON identity.invitation DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('person_id', 'digest', 'spent_at');
CREATE TRIGGER audit_truncation AFTER TRUNCATE ON identity.invitation
FOR EACH STATEMENT EXECUTE FUNCTION audit.follow_truncation();

-- Spend a link and open its session, both or neither; of two who spend it at once one does. Tells whether it was good.
CREATE FUNCTION identity.sign_in(link text, session text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
DECLARE
  spent uuid;
BEGIN
  UPDATE invitation i SET spent_at = now() FROM person p
  WHERE i.digest = link AND i.spent_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
    AND p.id = i.person_id AND p.revoked_at IS NULL
  RETURNING i.id INTO spent;
  IF spent IS NULL THEN
    RETURN false;
  END IF;
  INSERT INTO identity.session (invitation_id, digest) VALUES (spent, session);
  RETURN true;
END $$;

CREATE FUNCTION identity.sign_out(session text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  UPDATE identity.session SET ended_at = now() WHERE digest = sign_out.session AND ended_at IS NULL
$$;

CREATE FUNCTION identity.see(session text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  UPDATE identity.session SET seen_at = now() WHERE digest = see.session AND ended_at IS NULL
$$;

-- Withdraw the open links of a person and end their sessions.
CREATE FUNCTION identity.end_sessions(of_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
BEGIN
  UPDATE invitation SET revoked_at = now() WHERE person_id = of_person AND revoked_at IS NULL AND spent_at IS NULL;
  UPDATE identity.session s SET ended_at = now() FROM invitation i
  WHERE i.id = s.invitation_id AND i.person_id = of_person AND s.ended_at IS NULL;
END $$;

-- The log shows an invitation where it shows its person: by the person's id both are found.
CREATE OR REPLACE FUNCTION lakana.organization_of_holder(subject text, subject_id text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  SELECT CASE
    WHEN subject = 'key' THEN (SELECT k.organization_id FROM key k WHERE k.id = subject_id::uuid)
    WHEN subject IN ('person', 'invitation') THEN (SELECT p.organization_id FROM person p WHERE p.id = subject_id::uuid) END::text
$$;
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

REVOKE EXECUTE ON FUNCTION identity.sign_in, identity.sign_out, identity.see, identity.end_sessions FROM PUBLIC;
GRANT SELECT ON identity.invitation, identity.session TO lakana_gate;
GRANT EXECUTE ON FUNCTION identity.sign_in, identity.sign_out, identity.see TO lakana_gate;
