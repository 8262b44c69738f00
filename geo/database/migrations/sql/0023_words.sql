-- Words that are joined: "X.K.V.", "K'WZ" and "HJX-ML" are what "XKV", "KWZ" and "hjx ml" are.

-- What tells nothing, whoever else is called so: what we call a shelter without a name, and what every front gate says.
CREATE FUNCTION lakana.own_words(gate boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{abri,permanence}'::text[] || CASE WHEN gate THEN '{foyer,refuge,accueil,equipe,ecoute,garde,astreinte,service,urgence,urgences,telephone,tel,portable,
    mobile,appel,appels,appeler,contact,numero,ligne,responsable,directrice,directeur,coordinatrice,coordinateur,jour,jours,nuit,
    heures,madame,mme,monsieur,shelter,duty,team,call,phone,line,helpline,emergency,night,day}'::text[] END
$$;

-- The short forms that a name holds with signs or blanks between their letters, joined: words in capitals or of single letters.
CREATE FUNCTION lakana.joined_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN name ~ '[[:alnum:]][^[:alnum:][:space:]]+[[:alnum:]]|\m\w[^[:alnum:]]+\w\M' THEN array(
    SELECT replace(parts, ' ', '')
    FROM regexp_split_to_table(normalize(name, NFKC), '\s+') AS written,
      fold(CASE WHEN written ~ '[[:alnum:]][^[:alnum:]]+[[:alnum:]]' AND (written !~ '[[:lower:]]' OR written ~ '^\W*\w(?:\W+\w)+\W*$')
        THEN written END) AS parts
    WHERE parts ~ '[[:alpha:]]' AND length(parts) BETWEEN 4 AND 24
    UNION
    SELECT word FROM fold(name) AS folded, regexp_split_to_table(regexp_replace(folded, '(?<=\y\w) (?=\w\y)', '', 'g'), ' ') AS word
    WHERE name ~ '\m\w[^[:alnum:]]+\w\M' AND length(word) BETWEEN 3 AND 12 AND word ~ '[[:alpha:]]' AND position(word IN folded) = 0
  ) ELSE '{}' END
$$;

-- An acronym as one word; of two letters in capitals, by which it is known from a word.
CREATE FUNCTION lakana.acronym_word(acronym text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN length(one) = 2 THEN upper(one) ELSE nullif(one, '') END FROM replace(fold(acronym), ' ', '') AS one
$$;

-- The word that a host is known by: of https://a@www2.znopq.org.ml./x "znopq". NULL for what is no host with a name.
CREATE FUNCTION lakana.host_word(url text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT replace(fold(label[cardinality(label) - CASE WHEN cardinality(label) > 2
    AND label[cardinality(label) - 1] IN ('com', 'org', 'net', 'gov', 'gouv', 'edu', 'asso', 'ong', 'co', 'ac', 'int') THEN 2 ELSE 1 END]), ' ', '')
  FROM btrim(substring(lower(url) FROM '://(?:[^/?#]*@)?([^/?#:@]*)'), '.') AS host, string_to_array(host, '.') AS label
  WHERE length(host) >= 4 AND cardinality(label) >= 2 AND host ~ '[[:alpha:]]'
$$;

CREATE INDEX actor_joined_idx ON lakana.actor USING gin (lakana.joined_words(name)) WHERE lakana.joined_words(name) <> '{}';
CREATE INDEX service_joined_idx ON lakana.service USING gin (lakana.joined_words(name))
WHERE NOT confidential AND lakana.joined_words(name) <> '{}';
CREATE INDEX organization_joined_idx ON lakana.organization USING gin (lakana.joined_words(name)) WHERE lakana.joined_words(name) <> '{}';
CREATE INDEX training_event_joined_idx ON lakana.training_event
USING gin (lakana.joined_words(name || coalesce(' ' || programme, '') || coalesce(' ' || description, '')))
WHERE lakana.joined_words(name || coalesce(' ' || programme, '') || coalesce(' ' || description, '')) <> '{}';
CREATE INDEX organization_acronym_word_idx ON lakana.organization (lakana.acronym_word(acronym));
CREATE INDEX organization_host_word_idx ON lakana.organization (lakana.host_word(url));

-- The words of a text of a record that a hidden name may hold: those of two letters only by themselves, or as an acronym.
CREATE FUNCTION lakana.words_of(given text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 4 SET search_path = lakana, public, pg_temp AS $$
  SELECT word FROM regexp_split_to_table(fold(given), ' ') AS word
  WHERE length(word) >= 3 AND word ~ '[[:alpha:]]' AND word <> ALL (own_words(false)) AND word !~ '^[0-9]{1,2}h[0-9]{0,2}$'  -- hours
  UNION SELECT unnest(joined_words(given))
  UNION SELECT given WHERE given ~ '^[[:upper:]]{2}$'
$$;

-- As before, of three letters or more; and what follows each other in a text as one word, and what stands there in two capitals.
DROP FUNCTION lakana.telling_words;
CREATE FUNCTION lakana.telling_words(given text, of_zone uuid, gate boolean) RETURNS text
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
  ), known AS MATERIALIZED (
    SELECT coalesce(a.organization_id, a.id) AS body, joined_words(a.name) AS words FROM joined, actor a
    WHERE joined_words(a.name) <> '{}' AND joined_words(a.name) && joined.words
    UNION ALL
    SELECT o.id, joined_words(o.name) FROM joined, organization o WHERE joined_words(o.name) <> '{}' AND joined_words(o.name) && joined.words
    UNION ALL
    SELECT coalesce(a.organization_id, a.id), joined_words(s.name) FROM joined, service s JOIN actor a ON a.id = s.actor_id
    WHERE NOT s.confidential AND joined_words(s.name) <> '{}' AND joined_words(s.name) && joined.words
    UNION ALL
    SELECT t.id, joined_words(t.name || coalesce(' ' || t.programme, '') || coalesce(' ' || t.description, ''))
    FROM joined, training_event t
    WHERE joined_words(t.name || coalesce(' ' || t.programme, '') || coalesce(' ' || t.description, '')) <> '{}'
      AND joined_words(t.name || coalesce(' ' || t.programme, '') || coalesce(' ' || t.description, '')) && joined.words
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
    SELECT word FROM (
      SELECT one AS word FROM said, regexp_split_to_table(btrim(said.words), ' ') AS one WHERE length(one) >= 3 AND one ~ '[[:alpha:]]'
      UNION
      SELECT one FROM said, (SELECT name_key FROM actor UNION SELECT name_key FROM organization) body,
        regexp_split_to_table(body.name_key, ' ') AS one
      WHERE length(one) >= 6 AND position(skeleton(one) IN said.glued) > 0
      UNION
      SELECT one FROM joined, known, unnest(known.words) AS one WHERE one = ANY (joined.words)
    ) AS found WHERE word <> ALL (own_words(gate)) AND word !~ '^[0-9]{1,2}h[0-9]{0,2}$'  -- hours
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
        SELECT body FROM known WHERE word = ANY (known.words)
        UNION
        SELECT o.id FROM organization o WHERE position(' ' || word || ' ' IN ' ' || o.name_key || ' ') > 0
        UNION
        SELECT coalesce(a.organization_id, a.id) FROM service s JOIN actor a ON a.id = s.actor_id
        WHERE s.name_key LIKE '%' || word || '%' AND position(' ' || word || ' ' IN ' ' || s.name_key || ' ') > 0
        UNION
        SELECT t.id FROM training_event t
        WHERE position(' ' || word || ' ' IN ' ' || fold(concat_ws(' ', t.name, t.programme, t.description)) || ' ') > 0
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
      ) others) < 5
  ) told
$$;

CREATE OR REPLACE FUNCTION exact.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s, unnest(ARRAY[%s]) AS given, words_of(given) AS word %s',
    TG_ARGV[0], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
BEGIN
  EXECUTE format('INSERT INTO exact.former_word SELECT DISTINCT word FROM (%s %s) AS gone ON CONFLICT DO NOTHING',
    format(words, 'old_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(words, 'new_rows') END);
  RETURN NULL;
END $$;
INSERT INTO exact.former_word
SELECT DISTINCT word
FROM audit.entry e LEFT JOIN audit.sealed x USING (number),
  unnest(ARRAY[coalesce(e.before, '{}') || coalesce(x.before, '{}'), coalesce(e.after, '{}') || coalesce(x.after, '{}')]) AS side,
  unnest(lakana.joined_words(side->>'name') || lakana.acronym_word(side->>'acronym') || lakana.host_word(side->>'url')) AS word
WHERE (e.subject = 'service' AND side->>'confidential' = 'false' OR e.subject IN ('actor', 'organization')) AND word IS NOT NULL
ON CONFLICT DO NOTHING;

REVOKE EXECUTE ON FUNCTION lakana.telling_words, lakana.own_words, lakana.joined_words, lakana.acronym_word, lakana.host_word, lakana.words_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.joined_words TO lakana_partner, lakana_steward;  -- who write what is indexed
GRANT EXECUTE ON FUNCTION lakana.acronym_word, lakana.host_word TO lakana_steward;
