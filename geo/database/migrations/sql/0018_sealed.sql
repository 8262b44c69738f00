-- What the audit log of confidential shelters still told.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Who proposes a change of a confidential shelter is mostly who runs it: stewards read that it was a partner.
ALTER TABLE lakana.proposal ADD COLUMN by_partner BOOLEAN DEFAULT (SESSION_USER = 'lakana_partner') NOT NULL;

-- Who writes of a confidential service as a partner is of the organisation that runs it, so that the log calls them a
-- partner; key and person are sealed. So are how many children are there and how many it takes, which tell of one's coming
-- and going. A site whose actor leaves the directory leaves no entry beside that.
CREATE OR REPLACE FUNCTION audit.follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  former jsonb := CASE WHEN TG_OP <> 'INSERT' THEN told(to_jsonb(OLD)) END;
  later jsonb := CASE WHEN TG_OP <> 'DELETE' THEN told(to_jsonb(NEW)) END;
  sealed text[] := TG_ARGV[1:];
  subject_id text := coalesce(later, former)->>TG_ARGV[0];
  hidden boolean := TG_TABLE_SCHEMA IN ('exact', 'raw');
  asker jsonb;
  about uuid;
BEGIN
  IF former IS NOT DISTINCT FROM later AND NOT hidden THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_SCHEMA = 'exact' AND TG_OP = 'UPDATE' AND former->>'actor_id' IS NOT NULL AND later = former || '{"actor_id": null}' THEN
    RETURN NULL;  -- the actor has left the directory, and an entry beside that of its leaving would tell what it ran
  END IF;
  IF TG_TABLE_NAME = 'shelter' THEN
    sealed := sealed || '{occupancy}'::text[];
  ELSIF TG_TABLE_NAME = 'service' AND 'true' IN (former->>'confidential', later->>'confidential') THEN
    sealed := sealed || '{capacity}'::text[];
  ELSIF TG_TABLE_NAME = 'proposal' THEN
    about := coalesce(later, former)->>'subject_id';
    IF 'true' IN (former->>'by_partner', later->>'by_partner') AND EXISTS (
      SELECT FROM lakana.service s LEFT JOIN lakana.shelter h ON h.service_id = s.id
      WHERE s.confidential AND about IN (s.id, h.id)
    ) THEN
      sealed := sealed || '{proposed_by,proposed_person}'::text[];
    ELSE
      about := NULL;
    END IF;
  END IF;
  IF session_user = 'lakana_partner' AND TG_TABLE_NAME IN ('service', 'shelter', 'proposal') AND (
    later->>'confidential' = 'true' OR about IS NOT NULL
    OR EXISTS (SELECT FROM lakana.service s WHERE s.id = (later->>'service_id')::uuid AND s.confidential)
  ) THEN
    asker := jsonb_build_object('holder', current_setting('lakana.holder', true), 'person', current_setting('lakana.person', true));
    PERFORM set_config('lakana.holder', 'partner', true), set_config('lakana.person', '', true);
  END IF;
  IF former->>TG_ARGV[0] <> subject_id THEN
    PERFORM append('DELETE', TG_TABLE_NAME, former->>TG_ARGV[0], NULL, NULL, former, NULL);
    PERFORM append('INSERT', TG_TABLE_NAME, subject_id, NULL, part(later, NULL, sealed, false),
                   NULL, part(later, NULL, sealed, true));
    RETURN NULL;
  END IF;
  PERFORM append(
    TG_OP, TG_TABLE_NAME, subject_id,
    part(former, later, sealed, false), part(later, former, sealed, false),
    part(former, CASE WHEN NOT hidden THEN later END, sealed, true),
    CASE WHEN asker IS NULL THEN part(later, CASE WHEN NOT hidden THEN former END, sealed, true)
      ELSE coalesce(part(later, former, sealed, true), '{}') || asker END);
  IF asker IS NOT NULL THEN
    PERFORM set_config('lakana.holder', asker->>'holder', true), set_config('lakana.person', asker->>'person', true);
  END IF;
  RETURN NULL;
END $$;

-- What the log has of confidential sites of before that left it says who ran them: their entries are withheld too.
WITH site AS MATERIALIZED (
  SELECT DISTINCT e.subject_id AS id FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
  WHERE e.subject = 'service' AND side->>'confidential' = 'true' AND side->>'actor_id' IS NOT NULL
), own AS MATERIALIZED (
  SELECT id FROM site
  UNION
  SELECT e.subject_id FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
  WHERE e.subject = 'shelter' AND side->>'service_id' IN (SELECT id FROM site)
)
INSERT INTO audit.withheld
SELECT DISTINCT audit.digest_of(id) FROM (
  SELECT id FROM own
  UNION
  SELECT e.subject_id FROM audit.entry e WHERE e.subject = 'proposal' AND e.after->>'subject_id' IN (SELECT id FROM own)
) known ON CONFLICT DO NOTHING;

-- Names that told who runs a site, now that they fold as they should, give way to neutral ones, and so do front gates.
DO $$
DECLARE
  renamed integer;
  gates record;
BEGIN
  SET LOCAL lakana.bulk = 'on';
  UPDATE lakana.service SET name = NULL WHERE confidential AND lakana.telling_words(name, zone_id) IS NOT NULL;
  GET DIAGNOSTICS renamed = ROW_COUNT;
  SELECT * INTO gates FROM pg_temp.mend_front_gates();
  IF renamed + gates.mended + gates.removed > 0 THEN
    PERFORM audit.append('RENAME', 'service', NULL, NULL,
      jsonb_build_object('revision', '0018', 'services', renamed,
                         'frontGatesMended', gates.mended, 'frontGatesRemoved', gates.removed));
  END IF;
  SET LOCAL lakana.bulk = 'off';
END $$;
