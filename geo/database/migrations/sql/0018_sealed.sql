-- What the audit log, names and numbers of confidential shelters still told.

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

-- As before; scenarios that named it are withheld as well, since an entry beside that of the new id would lead to it.
CREATE OR REPLACE FUNCTION exact.forget(service_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  known text[];
  one jsonb := jsonb_build_array(jsonb_build_object('service_id', forget.service_id::text));
BEGIN
  SELECT array_agg(id::text) INTO known FROM (
    SELECT forget.service_id AS id UNION ALL SELECT s.id FROM shelter s WHERE s.service_id = forget.service_id) AS own;
  WITH gone AS (
    DELETE FROM proposal WHERE subject_id::text = ANY (known) RETURNING id
  )
  SELECT known || coalesce(array_agg(id::text), '{}') INTO known FROM gone;
  INSERT INTO exact.former_word
  SELECT DISTINCT word FROM (
    SELECT s.name FROM service s WHERE s.id = forget.service_id
    UNION SELECT side->>'name' FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
    WHERE e.subject = 'service' AND e.subject_id = forget.service_id::text
  ) AS had, regexp_split_to_table(fold(had.name), ' ') AS word WHERE length(word) >= 3 ON CONFLICT DO NOTHING;
  SELECT known || coalesce(array_agg(s.id::text), '{}') INTO known FROM scenario s WHERE s.changes @> one;
  INSERT INTO audit.withheld SELECT audit.digest_of(id) FROM unnest(known) AS id ON CONFLICT DO NOTHING;
  DELETE FROM scenario s WHERE s.changes @> one AND jsonb_array_length(s.changes) = 1;
  UPDATE scenario s SET changes = (
    SELECT jsonb_agg(change) FROM jsonb_array_elements(s.changes) AS change WHERE NOT change @> (one->0))
  WHERE s.changes @> one;
  UPDATE siting_job SET status = 'FAILED', answer = NULL, finished_at = coalesce(finished_at, now()),
    problem = 'The services that it counted have changed; start the job again.'
  WHERE status IN ('DONE', 'RUNNING') AND asked->>'category' = (SELECT category::text FROM service s WHERE s.id = forget.service_id);
END $$;

-- What a text says of a zone, in folded words: a place there by any spelling, an actor or organisation at work there, and
-- of the whole directory an acronym or a word of a name that fewer than five bodies share, because whoever runs a site may
-- have its office elsewhere. All bodies alike, or a refusal would tell which of them it is. NULL where it says nothing.
CREATE OR REPLACE FUNCTION lakana.telling_words(given text, of_zone uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  WITH said AS MATERIALIZED (
    SELECT ' ' || fold(given) || ' ' AS words
  ), inside AS MATERIALIZED (
    SELECT DISTINCT w.area_id FROM zone_area part JOIN area_within w ON w.ancestor_id = part.area_id WHERE part.zone_id = of_zone
  ), town AS (
    SELECT id, name_key, name_en, name_bm FROM locality WHERE area_id IN (SELECT area_id FROM inside)
    UNION
    SELECT l.id, l.name_key, l.name_en, l.name_bm FROM zone z JOIN locality l ON ST_Covers(z.geom, l.point::geometry)
    WHERE z.id = of_zone
  ), neighbour AS MATERIALIZED (
    SELECT a.id, a.name_key, o.name_key AS organization, fold(o.acronym) AS acronym
    FROM (
      SELECT id FROM actor WHERE area_id IN (SELECT area_id FROM inside)
      UNION
      SELECT a.id FROM zone z JOIN actor a ON ST_Covers(z.geom, a.point::geometry) WHERE z.id = of_zone
    ) here JOIN actor a USING (id) LEFT JOIN organization o ON o.id = a.organization_id
  ), name AS (
    SELECT name_key AS name FROM town
    UNION SELECT fold(name_en) FROM town
    UNION SELECT fold(name_bm) FROM town
    UNION SELECT n.name_key FROM town JOIN locality_name n ON n.locality_id = town.id
    UNION SELECT fold(one) FROM admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one
      WHERE a.id IN (SELECT area_id FROM inside)
    UNION SELECT one FROM neighbour, unnest(ARRAY[name_key, organization, acronym]) AS one
  ), word AS MATERIALIZED (
    SELECT DISTINCT one AS word FROM said, regexp_split_to_table(btrim(said.words), ' ') AS one WHERE length(one) >= 3
  )
  SELECT min(found) FROM (
    SELECT name AS found FROM name, said WHERE length(name) >= 2 AND position(' ' || name || ' ' IN said.words) > 0
    UNION ALL
    SELECT word FROM word WHERE EXISTS (SELECT FROM organization o WHERE fold(o.acronym) = word)
    UNION ALL
    SELECT word FROM word WHERE length(word) >= 4 AND (
      SELECT count(*) FROM (
        SELECT coalesce(a.organization_id, a.id) FROM actor a
        WHERE a.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || a.name_key || ' ') > 0
        UNION
        SELECT o.id FROM organization o WHERE position(' ' || word || ' ' IN ' ' || o.name_key || ' ') > 0
      ) body
    ) BETWEEN 1 AND 4
  ) told
$$;

-- Numbers as they are dialled, by whatever digits they are written: Arabic, N'Ko, Adlam, wide or raised.
CREATE FUNCTION lakana.plain_digits(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(normalize(written, NFKC), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹߀߁߂߃߄߅߆߇߈߉𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙', repeat('0123456789', 4))
$$;
CREATE OR REPLACE FUNCTION lakana.phone_key(phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(right(regexp_replace(lakana.plain_digits(phone), '[^0-9]', '', 'g'), 8), '')
$$;
CREATE OR REPLACE FUNCTION lakana.phone_keys(contact text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array(
    SELECT substr(digits, start, 8)
    FROM regexp_replace(lakana.plain_digits(contact), '[^0-9]', '', 'g') AS digits, generate_series(1, length(digits) - 7) AS start
    UNION
    SELECT found[1] FROM regexp_matches(regexp_replace(lakana.plain_digits(contact), '[ ().-]', '', 'g'), '[0-9]{3,7}', 'g') AS found
  )
$$;

-- Every number that a public record has had, whatever became of it: where a site was hidden cannot be told by them.
CREATE FUNCTION exact.keep_phones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO exact.former_phone SELECT DISTINCT phone_key(phone) FROM old_rows WHERE phone_key(phone) IS NOT NULL
    ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO exact.former_phone
    SELECT DISTINCT phone_key(o.phone) FROM old_rows o LEFT JOIN new_rows n USING (id)
    WHERE phone_key(o.phone) IS NOT NULL AND n.phone IS DISTINCT FROM o.phone
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['actor', 'service'] LOOP
    EXECUTE format('CREATE TRIGGER former_phones_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS '
      'old_rows FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones()', name);
    EXECUTE format('CREATE TRIGGER former_phones_delete AFTER DELETE ON lakana.%I REFERENCING OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_phones()', name);
  END LOOP;
END $$;
INSERT INTO exact.former_phone
SELECT DISTINCT lakana.phone_key(side->>'phone')
FROM audit.entry e LEFT JOIN audit.sealed x USING (number), unnest(ARRAY[e.before, e.after, x.before, x.after]) AS side
WHERE e.subject IN ('actor', 'service') AND lakana.phone_key(side->>'phone') IS NOT NULL
ON CONFLICT DO NOTHING;

-- Words that public services were called by, whatever became of them: by one of these a hidden site would be known again, and
-- a refusal does not tell which had it.
CREATE TABLE exact.former_word (
  word TEXT NOT NULL,
  CONSTRAINT former_word_pkey PRIMARY KEY (word)
);
CREATE FUNCTION exact.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO exact.former_word
    SELECT DISTINCT word FROM old_rows o, regexp_split_to_table(o.name_key, ' ') AS word
    WHERE NOT o.confidential AND length(word) >= 3
    ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO exact.former_word
    SELECT DISTINCT word FROM old_rows o LEFT JOIN new_rows n USING (id), regexp_split_to_table(o.name_key, ' ') AS word
    WHERE NOT o.confidential AND n.name_key IS DISTINCT FROM o.name_key AND length(word) >= 3
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
DO $$
BEGIN
  IF to_regclass('exact.former_name') IS NOT NULL THEN
    INSERT INTO exact.former_word
    SELECT DISTINCT word FROM exact.former_name f, regexp_split_to_table(lakana.fold(f.name), ' ') AS word WHERE length(word) >= 3;
    DROP TABLE exact.former_name;
  END IF;
END $$;
CREATE TRIGGER former_words_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_words();
CREATE TRIGGER former_words_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_words();
INSERT INTO exact.former_word
SELECT DISTINCT word
FROM audit.entry e LEFT JOIN audit.sealed x USING (number),
  unnest(ARRAY[coalesce(e.before, '{}') || coalesce(x.before, '{}'), coalesce(e.after, '{}') || coalesce(x.after, '{}')]) AS side,
  regexp_split_to_table(lakana.fold(side->>'name'), ' ') AS word
WHERE e.subject = 'service' AND side->>'confidential' = 'false' AND length(word) >= 3
  AND NOT EXISTS (SELECT FROM lakana.service s WHERE s.id::text = e.subject_id AND NOT s.confidential AND s.name = side->>'name')
ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION lakana.hide_confidential_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  hidden uuid;
  telling text;
BEGIN
  IF NOT NEW.confidential THEN
    NEW.zone_id := NULL;
    NEW.radius_m := 0;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT zone_id INTO hidden FROM exact.site WHERE service_id = OLD.id;
  END IF;
  NEW.zone_id := coalesce(hidden, zone_for(NEW.point, NEW.area_id), NEW.zone_id);
  PERFORM refuse_without_zone(NEW.zone_id);
  IF NEW.name IS NULL THEN
    NEW.name := neutral_name();
  ELSIF TG_OP = 'INSERT' OR NEW.name IS DISTINCT FROM OLD.name OR NEW.zone_id IS DISTINCT FROM OLD.zone_id THEN
    telling := telling_words(NEW.name, NEW.zone_id);
    IF telling IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', MESSAGE = format(
        'it holds « %s », by which a place or a body of its zone is known; give another name, or none and a neutral one is '
        'made.', telling);
    END IF;
    SELECT min(f.word) INTO telling
    FROM regexp_split_to_table(fold(NEW.name), ' ') AS one(word) JOIN exact.former_word f USING (word)
    WHERE (TG_OP = 'INSERT' OR NEW.name IS DISTINCT FROM OLD.name) AND (SELECT count(*) FROM (
      SELECT FROM service s
      WHERE s.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || s.name_key || ' ') > 0 LIMIT 5
    ) others) < 5;
    IF telling IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', MESSAGE = format(
        'a public service was known by « %s », which may be this one or another; give another name, or none and a neutral '
        'one is made.', telling);
    END IF;
  END IF;
  UPDATE zoning SET in_use = true WHERE NOT in_use AND country_id = (SELECT country_id FROM zone WHERE id = NEW.zone_id);
  NEW.actor_id := NULL;
  NEW.point := NULL;
  NEW.radius_m := 0;
  NEW.locality_id := NULL;
  NEW.area_id := NULL;
  NEW.opening_hours := NULL;
  NEW.phone := NULL;
  NEW.verified_on := date_trunc('quarter', NEW.verified_on)::date;
  NEW.source_id := neutral_source(NEW.source_id);
  RETURN NEW;
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

-- Names that told who runs a site give way to neutral ones, and so do front gates.
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

REVOKE EXECUTE ON FUNCTION lakana.plain_digits, exact.keep_phones, exact.keep_words FROM PUBLIC;
