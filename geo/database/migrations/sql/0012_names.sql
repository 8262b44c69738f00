-- What a confidential site is called and whom one calls tell nothing of where it stands.

CREATE FUNCTION lakana.neutral_name() RETURNS text
LANGUAGE sql VOLATILE AS $$
  SELECT 'Abri ' || lpad((('x' || left(md5(gen_random_uuid()::text), 7))::bit(28)::integer % 1000000)::text, 6, '0')
$$;

-- What a text says of a zone, in folded words: a place there by any spelling, an actor or organisation at work there, or a
-- word of their names that fewer than five bodies of the whole directory share. NULL where it says nothing.
CREATE FUNCTION lakana.telling_words(given text, of_zone uuid) RETURNS text
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

-- A word that two names have in common and that fewer than five other services are called by; NULL where there is none.
CREATE FUNCTION lakana.shared_word(one text, other text) RETURNS text
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT min(word) FROM (
    SELECT regexp_split_to_table(fold(one), ' ') AS word INTERSECT SELECT regexp_split_to_table(fold(other), ' ')
  ) both_have
  WHERE length(word) >= 3 AND (
    SELECT count(*) FROM (
      SELECT FROM service s
      WHERE s.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || s.name_key || ' ') > 0
        AND s.name_key <> fold(other) LIMIT 5
    ) others) < 5
$$;

-- What two ways of writing one number have in common: its last eight digits, or all of a shorter one.
CREATE FUNCTION lakana.phone_key(phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 8), '')
$$;

-- The keys of all numbers that a contact may hold, wherever one ends and the next begins.
CREATE FUNCTION lakana.phone_keys(contact text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array(
    SELECT substr(digits, start, 8)
    FROM regexp_replace(contact, '[^0-9]', '', 'g') AS digits, generate_series(1, length(digits) - 7) AS start
    UNION
    SELECT found[1] FROM regexp_matches(regexp_replace(contact, '[ ().-]', '', 'g'), '[0-9]{3,7}', 'g') AS found
  )
$$;

-- Numbers that led to a site while it was public: by one of these at its front gate it would be known again.
CREATE TABLE exact.former_phone (
  phone_key TEXT NOT NULL,
  CONSTRAINT former_phone_pkey PRIMARY KEY (phone_key)
);

-- Names that a site had while it was public: by a word of one of these it would be known again, now and later.
CREATE TABLE exact.former_name (
  service_id UUID NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT former_name_pkey PRIMARY KEY (service_id, name),
  CONSTRAINT former_name_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- A front gate is a contact and no place: neither named like a place or a body of its zone, nor a number that is public.
CREATE FUNCTION lakana.check_front_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  keys text[] := phone_keys(NEW.contact);
  telling text := telling_words(NEW.contact, (SELECT zone_id FROM service WHERE id = NEW.service_id));
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lakana.front_gate'));  -- one at a time with check_public_phones
  IF telling IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'frontGate', MESSAGE = format(
      'it holds « %s », by which a place or a body of its zone is known; give a contact that tells nothing of where it is.',
      telling);
  END IF;
  IF EXISTS (SELECT FROM actor WHERE phone_key(phone) = ANY (keys))
     OR EXISTS (SELECT FROM service WHERE phone_key(phone) = ANY (keys))
     OR EXISTS (SELECT FROM exact.former_phone f WHERE f.phone_key = ANY (keys)) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'frontGate', MESSAGE =
      'a public record has or had this number, which would tell where to look; give one that nothing else has.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_front_gate BEFORE INSERT OR UPDATE OF contact ON lakana.front_gate
FOR EACH ROW EXECUTE FUNCTION lakana.check_front_gate();

-- The other way round: a public record does not get the number of a front gate.
CREATE FUNCTION lakana.check_public_phones() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  keys text[];
  taken boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM new_rows WHERE phone IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lakana.front_gate'));
  SELECT array_agg(key) INTO keys FROM front_gate, unnest(phone_keys(contact)) AS key;
  IF TG_OP = 'INSERT' THEN
    SELECT EXISTS (SELECT FROM new_rows WHERE phone_key(phone) = ANY (keys)) INTO taken;
  ELSE
    SELECT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id)
                   WHERE n.phone IS DISTINCT FROM o.phone AND phone_key(n.phone) = ANY (keys)) INTO taken;
  END IF;
  IF taken THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'phone', MESSAGE =
      'it is the number of a front gate, which must lead to nothing public; give another.';
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['actor', 'service'] LOOP
    EXECUTE format('CREATE TRIGGER phones_insert AFTER INSERT ON lakana.%I REFERENCING NEW TABLE AS new_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION lakana.check_public_phones()', name);
    EXECUTE format('CREATE TRIGGER phones_update AFTER UPDATE ON lakana.%I REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION lakana.check_public_phones()', name);
  END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION
  lakana.neutral_name, lakana.telling_words, lakana.shared_word, lakana.phone_key, lakana.phone_keys,
  lakana.check_front_gate, lakana.check_public_phones
  FROM PUBLIC;
