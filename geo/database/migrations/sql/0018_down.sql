-- What 0018 replaced.

ALTER TABLE lakana.proposal DROP COLUMN by_partner;

DROP TRIGGER former_phones_update ON lakana.actor;
DROP TRIGGER former_phones_delete ON lakana.actor;
DROP TRIGGER former_phones_update ON lakana.service;
DROP TRIGGER former_phones_delete ON lakana.service;
DROP FUNCTION exact.keep_phones;
DROP TRIGGER former_words_update ON lakana.service;
DROP TRIGGER former_words_delete ON lakana.service;
DROP FUNCTION exact.keep_words;
DROP TABLE exact.former_word;

CREATE TABLE exact.former_name (
  service_id UUID NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT former_name_pkey PRIMARY KEY (service_id, name),
  CONSTRAINT former_name_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE ON UPDATE CASCADE
);

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
    IF TG_OP = 'UPDATE' AND NEW.name IS DISTINCT FROM OLD.name THEN
      SELECT min(shared_word(NEW.name, former.name)) INTO telling FROM exact.former_name former WHERE service_id = OLD.id;
      IF telling IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'name', MESSAGE = format(
          'it was known by « %s » while it was public; give another name, or leave it out and a neutral one is made.', telling);
      END IF;
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

CREATE OR REPLACE FUNCTION audit.follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  former jsonb := CASE WHEN TG_OP <> 'INSERT' THEN told(to_jsonb(OLD)) END;
  later jsonb := CASE WHEN TG_OP <> 'DELETE' THEN told(to_jsonb(NEW)) END;
  sealed text[] := TG_ARGV[1:];
  subject_id text := coalesce(later, former)->>TG_ARGV[0];
  hidden boolean := TG_TABLE_SCHEMA IN ('exact', 'raw');
BEGIN
  IF former IS NOT DISTINCT FROM later AND NOT hidden THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_SCHEMA = 'exact' AND TG_OP = 'UPDATE' AND former->>'actor_id' IS NOT NULL AND later = former || '{"actor_id": null}' THEN
    RETURN NULL;  -- the actor has left the directory, and an entry beside that of its leaving would tell what it ran
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
    part(later, CASE WHEN NOT hidden THEN former END, sealed, true));
  RETURN NULL;
END $$;

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
  INSERT INTO exact.former_name
  SELECT forget.service_id, name FROM (
    SELECT s.name FROM service s WHERE s.id = forget.service_id
    UNION SELECT side->>'name' FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
    WHERE e.subject = 'service' AND e.subject_id = forget.service_id::text
  ) AS had WHERE name IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO audit.withheld SELECT audit.digest_of(id) FROM unnest(known) AS id ON CONFLICT DO NOTHING;
  DELETE FROM scenario s WHERE s.changes @> one AND jsonb_array_length(s.changes) = 1;
  UPDATE scenario s SET changes = (
    SELECT jsonb_agg(change) FROM jsonb_array_elements(s.changes) AS change WHERE NOT change @> (one->0))
  WHERE s.changes @> one;
  UPDATE siting_job SET status = 'FAILED', answer = NULL, finished_at = coalesce(finished_at, now()),
    problem = 'The services that it counted have changed; start the job again.'
  WHERE status IN ('DONE', 'RUNNING') AND asked->>'category' = (SELECT category::text FROM service s WHERE s.id = forget.service_id);
END $$;

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
  ), word AS (
    SELECT DISTINCT one AS word
    FROM neighbour, regexp_split_to_table(concat_ws(' ', name_key, organization), ' ') AS one, said
    WHERE length(one) >= 4 AND position(' ' || one || ' ' IN said.words) > 0
  )
  SELECT min(found) FROM (
    SELECT name AS found FROM name, said WHERE length(name) >= 2 AND position(' ' || name || ' ' IN said.words) > 0
    UNION ALL
    SELECT word FROM word WHERE (
      SELECT count(DISTINCT coalesce(a.organization_id, a.id)) FROM actor a LEFT JOIN organization o ON o.id = a.organization_id
      WHERE a.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || a.name_key || ' ') > 0
        OR position(' ' || word || ' ' IN ' ' || o.name_key || ' ') > 0
    ) < 5
  ) told
$$;

CREATE OR REPLACE FUNCTION lakana.phone_key(phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 8), '')
$$;

CREATE OR REPLACE FUNCTION lakana.phone_keys(contact text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array(
    SELECT substr(digits, start, 8)
    FROM regexp_replace(contact, '[^0-9]', '', 'g') AS digits, generate_series(1, length(digits) - 7) AS start
    UNION
    SELECT found[1] FROM regexp_matches(regexp_replace(contact, '[ ().-]', '', 'g'), '[0-9]{3,7}', 'g') AS found
  )
$$;

DROP FUNCTION lakana.plain_digits;
