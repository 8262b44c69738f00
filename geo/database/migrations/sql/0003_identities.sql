-- One login for each audience in place of two that stepped into roles: no statement, however it came about, can step up.
-- Keys and people are looked up by a login of their own, which reads nothing else.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['lakana_anonymous', 'lakana_trusted'] LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('DROP ROLE %I', name);
    END IF;
  END LOOP;
  FOREACH name IN ARRAY ARRAY['lakana_public', 'lakana_partner', 'lakana_planner', 'lakana_custodian', 'lakana_steward'] LOOP
    EXECUTE format('ALTER ROLE %I LOGIN', name);
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lakana_gate') THEN
    CREATE ROLE lakana_gate LOGIN NOINHERIT;
  END IF;
END $$;

CREATE SCHEMA identity;

CREATE TABLE identity.key (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  prefix TEXT NOT NULL,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  audience TEXT NOT NULL CONSTRAINT key_audience_check CHECK (audience IN ('PARTNER', 'PLANNER', 'CUSTODIAN', 'STEWARD')),
  organization_id UUID,
  area_id UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT key_pkey PRIMARY KEY (id),
  CONSTRAINT key_prefix_key UNIQUE (prefix),
  CONSTRAINT key_scope_check CHECK ((audience = 'PARTNER') = (organization_id IS NOT NULL) AND (area_id IS NULL OR audience = 'PARTNER')),
  CONSTRAINT key_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES lakana.organization (id),
  CONSTRAINT key_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id)
);

CREATE TABLE identity.person (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  audience TEXT NOT NULL CONSTRAINT person_audience_check CHECK (audience IN ('PARTNER', 'PLANNER', 'CUSTODIAN', 'STEWARD')),
  organization_id UUID,
  area_id UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT person_pkey PRIMARY KEY (id),
  CONSTRAINT person_issuer_subject_key UNIQUE (issuer, subject),
  CONSTRAINT person_scope_check CHECK ((audience = 'PARTNER') = (organization_id IS NOT NULL) AND (area_id IS NULL OR audience = 'PARTNER')),
  CONSTRAINT person_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES lakana.organization (id),
  CONSTRAINT person_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id)
);

REVOKE ALL ON SCHEMA identity FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO lakana_gate;
GRANT SELECT ON identity.key, identity.person TO lakana_gate;
