-- What a hidden name or a front gate tells is found in less than half of the time.

-- Of NULL they give NULL as before. A function that is STRICT and holds a CASE or NULLIF is not written out where it is called: each
-- call of these, hundreds of thousands in a change of many records, cost as much as a statement of its own.
ALTER FUNCTION lakana.skeleton(text) CALLED ON NULL INPUT;
ALTER FUNCTION lakana.said_in_phone(text) CALLED ON NULL INPUT;
ALTER FUNCTION lakana.chord_margin_m(double precision) CALLED ON NULL INPUT;

-- As before; most addresses have no escaped letters.
CREATE OR REPLACE FUNCTION lakana.said_in_address(url text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 SET search_path = lakana, public, pg_temp AS $$
  SELECT regexp_replace(plain || ' ' || regexp_replace(plain, '(?<=[[:lower:]])(?=[[:upper:]])', ' ', 'g'),
    '\m(?:https?|www[0-9]*|com|org|net|gov|gouv|edu|asso|ong|int|html?|php|aspx?|index|pages?|sites?|home|accueil|about|contact|company|profile|'
    'people|groups?|users?|channel|view|posts)\M', ' ', 'gi')
  FROM (
    SELECT replace(CASE WHEN position('%' IN url) = 0 THEN nullif(url, '') ELSE (
      SELECT string_agg(coalesce(convert_from(decode(replace(part[1], '%', ''), 'hex'), 'UTF8'), part[2]), '' ORDER BY place)
      FROM regexp_matches(url,
        '((?:%(?:0[1-9a-f]|[1-7][0-9a-f]|(?:c[2-9a-f]|d[0-9a-f])%[89ab][0-9a-f]|e0%[ab][0-9a-f]%[89ab][0-9a-f]|'
        '(?:e[1-9a-cef]%[89ab]|ed%[89])[0-9a-f]%[89ab][0-9a-f]|f0%[9ab][0-9a-f](?:%[89ab][0-9a-f]){2}|'
        'f[1-3](?:%[89ab][0-9a-f]){3}|f4%8[0-9a-f](?:%[89ab][0-9a-f]){2}))+)|([^%]+|%)', 'gi') WITH ORDINALITY AS each (part, place)
    ) END, '_', ' ') AS plain
  ) AS read
$$;

-- As before. A session plans it once, and the skeletons of all words of public records are made in one go, of each word once.
CREATE OR REPLACE FUNCTION lakana.telling_words(given text, of_zone uuid, gate boolean) RETURNS text
LANGUAGE plpgsql STABLE COST 1000000 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  folded CONSTANT text := fold(given);
  parts CONSTANT text[] := string_to_array(folded, ' ');
  glued CONSTANT text := skeleton(folded);
  -- Words that are spelt letter by letter are put together: "b l a" is "bla".
  said CONSTANT text := ' ' || regexp_replace(folded, '(?<=\y\w) (?=\w\y)', '', 'g') || ' ';
  joined CONSTANT text[] := array(
    SELECT one FROM generate_series(1, cardinality(parts)) AS first,
      generate_series(first, least(first + 11, cardinality(parts))) AS last, array_to_string(parts[first:last], '') AS one
    WHERE length(one) BETWEEN 3 AND 24
    UNION
    SELECT upper(fold(capitals[1]) || fold(capitals[2]))
    FROM regexp_matches(normalize(given, NFKC), '(?<![[:alnum:]])([[:upper:]])[^[:alnum:]]{0,2}([[:upper:]])(?![[:alnum:]])', 'g') AS capitals
  );
  ours CONSTANT text[] := own_words(gate);
  hours CONSTANT text := '^[0-9]{1,2}h[0-9]{0,2}$';
BEGIN
  RETURN (WITH public_word AS MATERIALIZED (
    SELECT string_agg(DISTINCT one, ' ') AS words FROM (
      SELECT name_key AS text FROM actor UNION ALL SELECT name_key FROM organization
      UNION ALL SELECT fold(text) FROM actor a, unnest((public_texts(a))[2:]) AS text WHERE text ~ '[[:alpha:]]'
      UNION ALL SELECT fold(text) FROM organization o, unnest((public_texts(o))[2:]) AS text
    ) body, unnest(string_to_array(text, ' ')) AS one WHERE length(one) >= 6
  ), asked AS MATERIALIZED (
    -- Keys are of another collation, for which the indexes are not.
    SELECT word COLLATE "default" AS word, bool_or(alone) AS alone FROM (
      SELECT unnest(joined) AS word, false AS alone
      UNION ALL
      SELECT one, true FROM unnest(string_to_array(btrim(said), ' ')) AS one WHERE length(one) >= 3 AND one ~ '[[:alpha:]]'
      UNION ALL
      -- A skeleton has as many lines as there are words, since it leaves out blanks and keeps all other signs.
      SELECT one, true FROM public_word, unnest(string_to_array(words, ' '), string_to_array(skeleton(replace(words, ' ', E'\n')), E'\n')) AS each (one, bones)
      WHERE position(bones IN glued) > 0
    ) AS every
    WHERE word <> ALL (ours) AND word !~ hours
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
    SELECT g.geom, called AS name FROM ground g, ground_name(g.name_key) AS called WHERE position(skeleton(called) IN glued) > 0
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
  SELECT min(telling) FROM (
    SELECT name AS telling FROM name
    WHERE NOT (gate AND string_to_array(name, ' ') <@ (ours || '{d,l,de,la,le,les,du,des,et,a}'))
      AND (length(name) >= 2 AND position(' ' || name || ' ' IN said) > 0
        OR length(name) >= 5 AND position(skeleton(name) IN glued) > 0)
    UNION ALL
    SELECT word FROM (
      SELECT acronym_word(o.acronym) AS word FROM organization o WHERE acronym_word(o.acronym) = ANY (joined)
      UNION ALL
      SELECT host_word(o.url) FROM organization o WHERE host_word(o.url) = ANY (joined)
    ) body WHERE word <> ALL (ours)
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
    SELECT f.word FROM exact.former_word f
    WHERE f.word <> ALL (ours) AND f.word !~ hours
      AND (position(' ' || f.word || ' ' IN said) > 0 OR f.word = ANY (joined)
        OR length(f.word) >= 6 AND position(skeleton(f.word) IN glued) > 0)
      AND (SELECT count(*) FROM (
        (SELECT FROM service s
         WHERE s.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || s.name_key || ' ') > 0 LIMIT 5)
        UNION ALL
        (SELECT FROM actor a
         WHERE a.name_key LIKE '%' || f.word || '%' AND position(' ' || f.word || ' ' IN ' ' || a.name_key || ' ') > 0 LIMIT 5)
        UNION ALL
        (SELECT FROM known WHERE known.word = f.word LIMIT 5)
      ) others) < 5
  ) told);
END $$;
