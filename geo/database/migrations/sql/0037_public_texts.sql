-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- What everybody reads of a record in words is given by one function, for each kind of record: who is hidden shares no rare word of
-- it, now or later, and no word that it had. A column that comes later joins the others here.

-- What a phone says beside its numbers.
CREATE FUNCTION lakana.said_in_phone(phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(regexp_replace(phone, '[^[:alnum:]]*(?:\m[0-9]+\M[^[:alnum:]]*)+', ' ', 'g'), ' ')
$$;

-- What hours say besides hours: what stands between quotes, and whatever is no word of OpenStreetMap's form.
CREATE FUNCTION lakana.said_in_hours(hours text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(hours, '"([^"]*)(?:"|$)|\m(?:mo|tu|we|th|fr|sa|su|ph|sh|off|open|closed|unknown|week|easter|days?|dawn|dusk|sunrise|sunset|'
    'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\M', ' \1 ', 'gi')
$$;

-- What an address of the web says besides what every address says, with its escaped letters as they are read. A name that begins
-- in a capital letter inside of another word stands by itself as well: /ZerbofinMali is "ZerbofinMali Zerbofin Mali".
CREATE FUNCTION lakana.said_in_address(url text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 SET search_path = lakana, public, pg_temp AS $$
  SELECT regexp_replace(plain || ' ' || regexp_replace(plain, '(?<=[[:lower:]])(?=[[:upper:]])', ' ', 'g'),
    '\m(?:https?|www[0-9]*|com|org|net|gov|gouv|edu|asso|ong|int|html?|php|aspx?|index|pages?|sites?|home|accueil|about|contact|company|profile|'
    'people|groups?|users?|channel|view|posts)\M', ' ', 'gi')
  FROM (
    SELECT replace(string_agg(coalesce(convert_from(decode(replace(part[1], '%', ''), 'hex'), 'UTF8'), part[2]), '' ORDER BY place), '_', ' ') AS plain
    FROM regexp_matches(url,
      '((?:%(?:0[1-9a-f]|[1-7][0-9a-f]|(?:c[2-9a-f]|d[0-9a-f])%[89ab][0-9a-f]|e0%[ab][0-9a-f]%[89ab][0-9a-f]|'
      '(?:e[1-9a-cef]%[89ab]|ed%[89])[0-9a-f]%[89ab][0-9a-f]|f0%[9ab][0-9a-f](?:%[89ab][0-9a-f]){2}|'
      'f[1-3](?:%[89ab][0-9a-f]){3}|f4%8[0-9a-f](?:%[89ab][0-9a-f]){2}))+)|([^%]+|%)', 'gi') WITH ORDINALITY AS each (part, place)
  ) AS read
$$;

-- The name comes first. Written out where they are called, so that an index on an array of the same columns serves them.
CREATE FUNCTION lakana.public_texts(record lakana.actor) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name, lakana.said_in_phone(record.phone)] $$;
CREATE FUNCTION lakana.public_texts(record lakana.service) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name, lakana.said_in_phone(record.phone), lakana.said_in_hours(record.opening_hours)] $$;
CREATE FUNCTION lakana.public_texts(record lakana.organization) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[record.name, record.acronym, lakana.acronym_word(record.acronym), lakana.host_word(record.url), lakana.said_in_address(record.url)]
$$;
CREATE FUNCTION lakana.public_texts(record lakana.training_event) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name, record.programme, record.description] $$;
CREATE FUNCTION lakana.public_texts(record lakana.locality) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name_fr, record.name_en, record.name_bm] $$;
CREATE FUNCTION lakana.public_texts(record lakana.locality_name) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name] $$;
CREATE FUNCTION lakana.public_texts(record lakana.admin_area) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name_fr, record.name_en, record.name_bm, record.code] $$;
CREATE FUNCTION lakana.public_texts(record lakana.ground) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY[record.name_fr] $$;

-- The words of a record that its folded name does not show: those of its other texts, and those that are joined.
CREATE FUNCTION lakana.further_words(texts text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT joined_words(texts[1]) || CASE WHEN array_to_string(texts[2:], ' ') ~ '[[:alpha:]]'
    THEN array(SELECT DISTINCT word FROM unnest(texts[2:]) AS given, words_of(given) AS word) ELSE '{}' END
$$;
DROP INDEX lakana.actor_joined_idx, lakana.service_joined_idx, lakana.organization_joined_idx, lakana.training_event_joined_idx;
CREATE INDEX actor_words_idx ON lakana.actor USING gin (lakana.further_words(ARRAY[name, lakana.said_in_phone(phone)]))
WHERE lakana.further_words(ARRAY[name, lakana.said_in_phone(phone)]) <> '{}';
CREATE INDEX service_words_idx ON lakana.service USING gin (lakana.further_words(ARRAY[name, lakana.said_in_phone(phone), lakana.said_in_hours(opening_hours)]))
WHERE NOT confidential AND lakana.further_words(ARRAY[name, lakana.said_in_phone(phone), lakana.said_in_hours(opening_hours)]) <> '{}';
CREATE INDEX organization_words_idx ON lakana.organization USING gin (lakana.further_words(
  ARRAY[name, acronym, lakana.acronym_word(acronym), lakana.host_word(url), lakana.said_in_address(url)]));
CREATE INDEX training_event_words_idx ON lakana.training_event USING gin (lakana.further_words(ARRAY[name, programme, description]));

-- What a river, a lake or a country is called by: of "lac de kainji" "kainji".
CREATE FUNCTION lakana.ground_name(folded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(regexp_replace(folded, '^(?:(?:l|le|la|les|de|du|des|d|the|of|lacs?|fleuve|rivieres?|marigot|mare|oued|wadi|lakes?|rivers?) )*'
    '|(?: (?:lac|fleuve|riviere|lake|river))*$', '', 'g'), '')
$$;

-- As before; and what is written beside the numbers of any office.
CREATE OR REPLACE FUNCTION lakana.own_words(gate boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{abri,permanence}'::text[] || CASE WHEN gate THEN '{foyer,refuge,accueil,equipe,ecoute,garde,astreinte,service,urgence,urgences,telephone,tel,portable,
    mobile,appel,appels,appeler,contact,numero,ligne,responsable,directrice,directeur,coordinatrice,coordinateur,jour,jours,nuit,
    heures,madame,mme,monsieur,shelter,duty,team,call,phone,line,helpline,emergency,night,day,
    standard,secretariat,secretaire,bureau,poste,fixe,gardien,gardienne,whatsapp,sms,office,desk,guard,only,seulement}'::text[] END
$$;

-- As before; and the code of a town, which may be digits alone, where it stands by itself.
CREATE OR REPLACE FUNCTION lakana.telling_code(given text) RETURNS text
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  WITH part AS MATERIALIZED (
    SELECT string_to_array(fold(given), ' ') AS parts
  ), joined AS MATERIALIZED (
    SELECT array_to_string(parts[first:last], '') AS word
    FROM part, generate_series(1, cardinality(parts)) AS first, generate_series(first, least(first + 3, cardinality(parts))) AS last
  )
  SELECT min(word) FROM joined WHERE length(word) >= 3 AND word IN (
    SELECT lower(one) FROM admin_area, unnest(ARRAY[regexp_replace(code, '[^[:alnum:]]', '', 'g'), substring(code FROM '[[:alpha:]]{3,}$')]) AS one
    WHERE level > 0 AND code ~ '[[:alpha:]]')
    OR word = ANY ((SELECT parts FROM part)::text[]) AND word IN (SELECT code FROM locality WHERE length(code) >= 5)
$$;

-- As before, of all public texts, and of the waters and countries that the zone meets.
CREATE OR REPLACE FUNCTION lakana.telling_words(given text, of_zone uuid, gate boolean) RETURNS text
LANGUAGE sql STABLE COST 1000000 SET search_path = lakana, public, pg_temp AS $$
  WITH said AS MATERIALIZED (
    -- Words that are spelt letter by letter are put together: "b l a" is "bla".
    SELECT ' ' || regexp_replace(fold(given), '(?<=\y\w) (?=\w\y)', '', 'g') || ' ' AS words, skeleton(fold(given)) AS glued
  ), part AS MATERIALIZED (
    SELECT string_to_array(fold(given), ' ') AS parts
  ), joined AS MATERIALIZED (
    SELECT array(
      SELECT one FROM part, generate_series(1, cardinality(parts)) AS first,
        generate_series(first, least(first + 11, cardinality(parts))) AS last, array_to_string(parts[first:last], '') AS one
      WHERE length(one) BETWEEN 3 AND 24
      UNION
      SELECT upper(fold(capitals[1]) || fold(capitals[2]))
      FROM regexp_matches(normalize(given, NFKC), '(?<![[:alnum:]])([[:upper:]])[^[:alnum:]]{0,2}([[:upper:]])(?![[:alnum:]])', 'g') AS capitals
    ) AS words
  ), asked AS MATERIALIZED (
    -- Keys are of another collation, for which the indexes are not.
    SELECT word COLLATE "default" AS word, bool_or(alone) AS alone FROM (
      SELECT unnest(words) AS word, false AS alone FROM joined
      UNION ALL
      SELECT one, true FROM said, regexp_split_to_table(btrim(said.words), ' ') AS one WHERE length(one) >= 3 AND one ~ '[[:alpha:]]'
      UNION ALL
      SELECT one, true FROM said, (
        SELECT name_key AS folded FROM actor UNION SELECT name_key FROM organization
        UNION SELECT fold(text) FROM actor a, unnest((public_texts(a))[2:]) AS text WHERE text ~ '[[:alpha:]]'
        UNION SELECT fold(text) FROM organization o, unnest((public_texts(o))[2:]) AS text
      ) body, regexp_split_to_table(folded, ' ') AS one
      WHERE length(one) >= 6 AND position(skeleton(one) IN said.glued) > 0
    ) AS found
    WHERE word <> ALL (own_words(gate)) AND word !~ '^[0-9]{1,2}h[0-9]{0,2}$'  -- hours
    GROUP BY 1
  ), known AS MATERIALIZED (
    -- Of each word so many records that five bodies are found where there are as many, and no more of a common one.
    SELECT word, body FROM asked, LATERAL (
      (SELECT coalesce(a.organization_id, a.id) AS body FROM actor a
       WHERE further_words(public_texts(a)) <> '{}' AND further_words(public_texts(a)) @> ARRAY[word] LIMIT 100)
      UNION
      (SELECT coalesce(a.organization_id, a.id) FROM service s JOIN actor a ON a.id = s.actor_id
       WHERE NOT s.confidential AND further_words(public_texts(s)) <> '{}' AND further_words(public_texts(s)) @> ARRAY[word] LIMIT 100)
      UNION
      (SELECT o.id FROM organization o WHERE further_words(public_texts(o)) @> ARRAY[word] LIMIT 5)
      UNION
      (SELECT t.id FROM training_event t WHERE further_words(public_texts(t)) @> ARRAY[word] LIMIT 5)
    ) AS has
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
  ), beside AS MATERIALIZED (
    SELECT g.geom, called AS name FROM said, ground g, ground_name(g.name_key) AS called WHERE position(skeleton(called) IN said.glued) > 0
  ), name AS (
    SELECT name_key AS name FROM town
    UNION SELECT fold(name_en) FROM town
    UNION SELECT fold(name_bm) FROM town
    UNION SELECT n.name_key FROM town JOIN locality_name n ON n.locality_id = town.id
    UNION SELECT fold(one) FROM admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one
      WHERE a.id IN (SELECT area_id FROM inside)
    UNION SELECT one FROM neighbour, unnest(ARRAY[name_key, organization, acronym]) AS one
    -- Both outlines are simplified: 0.1 degrees are 11 km.
    UNION SELECT b.name FROM beside b, zone z WHERE z.id = of_zone AND ST_DWithin(b.geom, z.geom, 0.1)
  ), word AS MATERIALIZED (
    SELECT word FROM asked WHERE alone UNION SELECT word FROM known
  )
  SELECT min(found) FROM (
    SELECT name AS found FROM name, said
    WHERE NOT (gate AND string_to_array(name, ' ') <@ (own_words(gate) || '{d,l,de,la,le,les,du,des,et,a}'))
      AND (length(name) >= 2 AND position(' ' || name || ' ' IN said.words) > 0
        OR length(name) >= 5 AND position(skeleton(name) IN said.glued) > 0)
    UNION ALL
    SELECT word FROM (
      SELECT acronym_word(o.acronym) AS word FROM joined, organization o WHERE acronym_word(o.acronym) = ANY (joined.words)
      UNION ALL
      SELECT host_word(o.url) FROM joined, organization o WHERE host_word(o.url) = ANY (joined.words)
    ) body WHERE word <> ALL (own_words(gate))
    UNION ALL
    SELECT word FROM word WHERE word NOT IN ('les', 'des', 'aux', 'une', 'sur', 'par', 'the', 'and', 'for') AND (
      SELECT count(*) FROM (
        SELECT coalesce(a.organization_id, a.id) FROM actor a
        WHERE a.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || a.name_key || ' ') > 0
        UNION
        SELECT body FROM known WHERE known.word = word.word
        UNION
        SELECT o.id FROM organization o WHERE position(' ' || word || ' ' IN ' ' || o.name_key || ' ') > 0
        UNION
        SELECT coalesce(a.organization_id, a.id) FROM service s JOIN actor a ON a.id = s.actor_id
        WHERE s.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || s.name_key || ' ') > 0
        UNION
        SELECT t.id FROM training_event t
        WHERE position(' ' || word || ' ' IN ' ' || fold(t.name) || ' ') > 0
      ) body
    ) BETWEEN 1 AND 4
    UNION ALL
    SELECT f.word FROM exact.former_word f, said, joined
    WHERE f.word <> ALL (own_words(gate)) AND f.word !~ '^[0-9]{1,2}h[0-9]{0,2}$'
      AND (position(' ' || f.word || ' ' IN said.words) > 0 OR f.word = ANY (joined.words)
        OR length(f.word) >= 6 AND position(skeleton(f.word) IN said.glued) > 0)
      AND (SELECT count(*) FROM (
        (SELECT FROM service s
         WHERE s.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || s.name_key || ' ') > 0 LIMIT 5)
        UNION ALL
        (SELECT FROM actor a
         WHERE a.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || a.name_key || ' ') > 0 LIMIT 5)
        UNION ALL
        (SELECT FROM known WHERE known.word = f.word LIMIT 5)
      ) others) < 5
  ) told
$$;

-- As before; a session plans them once.
CREATE OR REPLACE FUNCTION lakana.joined_words(name text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  RETURN CASE WHEN name ~ '[[:alnum:]][^[:alnum:][:space:]]+[[:alnum:]]|\m\w[^[:alnum:]]+\w\M' THEN array(
    SELECT replace(parts, ' ', '')
    FROM regexp_split_to_table(normalize(name, NFKC), '\s+') AS written,
      fold(CASE WHEN written ~ '[[:alnum:]][^[:alnum:]]+[[:alnum:]]' AND (written !~ '[[:lower:]]' OR written ~ '^\W*\w(?:\W+\w)+\W*$')
        THEN written END) AS parts
    WHERE parts ~ '[[:alpha:]]' AND length(parts) BETWEEN 4 AND 24
    UNION
    SELECT word FROM fold(name) AS folded, regexp_split_to_table(regexp_replace(folded, '(?<=\y\w) (?=\w\y)', '', 'g'), ' ') AS word
    WHERE name ~ '\m\w[^[:alnum:]]+\w\M' AND length(word) BETWEEN 3 AND 12 AND word ~ '[[:alpha:]]' AND position(word IN folded) = 0
  ) ELSE '{}' END;
END $$;
CREATE OR REPLACE FUNCTION lakana.words_of(given text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 4 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT word FROM regexp_split_to_table(fold(given), ' ') AS word
    WHERE length(word) >= 3 AND word ~ '[[:alpha:]]' AND word <> ALL (own_words(false)) AND word !~ '^[0-9]{1,2}h[0-9]{0,2}$'  -- hours
    UNION SELECT unnest(joined_words(given))
    UNION SELECT given WHERE given ~ '^[[:upper:]]{2}$';
END $$;

REVOKE EXECUTE ON FUNCTION lakana.said_in_phone, lakana.said_in_hours, lakana.said_in_address, lakana.further_words, lakana.ground_name,
  lakana.public_texts(lakana.actor), lakana.public_texts(lakana.service), lakana.public_texts(lakana.organization),
  lakana.public_texts(lakana.training_event), lakana.public_texts(lakana.locality), lakana.public_texts(lakana.locality_name),
  lakana.public_texts(lakana.admin_area), lakana.public_texts(lakana.ground) FROM PUBLIC;
-- Who writes what is indexed.
GRANT EXECUTE ON FUNCTION lakana.further_words, lakana.said_in_phone, lakana.said_in_hours TO lakana_partner, lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.said_in_address TO lakana_steward;
