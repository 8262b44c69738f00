-- Hidden names and front gates are asked again whenever a public text changes, and a text that is gone is remembered by its words.

-- As before, by every public text.
CREATE OR REPLACE FUNCTION lakana.names_in(area uuid) RETURNS text[]
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT array(
    SELECT unnest(public_texts(a)) FROM admin_area a WHERE id = area
    UNION SELECT unnest(public_texts(l)) FROM locality l WHERE area_id = area
    UNION SELECT unnest(public_texts(n)) FROM locality l JOIN locality_name n ON n.locality_id = l.id WHERE l.area_id = area
    UNION SELECT unnest(public_texts(a)) FROM actor a WHERE area_id = area
    UNION SELECT unnest(public_texts(o)) FROM actor a JOIN organization o ON o.id = a.organization_id WHERE a.area_id = area)
$$;

-- As before; the second argument of the trigger gives the record's own texts, as one array.
CREATE OR REPLACE FUNCTION lakana.keep_names_untold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  rows CONSTANT text := format('SELECT %s, %%s FROM %%s_rows AS changed %s', TG_ARGV[0],
    CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  own CONSTANT text[] := ARRAY[format(rows, TG_ARGV[1], 'new'), format(rows, TG_ARGV[1], 'old')];
  -- What is told with a record is the same on both sides of a change unless the record is found otherwise.
  texts CONSTANT text := format('SELECT ROW(%1$s)::text AS found_by, given, %%1$L AS side FROM %%1$s_rows AS changed, '
    'unnest(%2$s || CASE WHEN %%2$s THEN %3$s ELSE ''{}'' END) AS given %4$s',
    TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  elsewhere CONSTANT text := format('ROW(%1$s)::text NOT IN (SELECT ROW(%1$s)::text FROM %%s_rows)', TG_ARGV[0]);
  -- What is left out of front gates.
  ours CONSTANT text := '\m(?:' || array_to_string(own_words(true), '|') || ')\M|[^[:alpha:]]';
  differ boolean;
  shapes text[];
  one record;
BEGIN
  EXECUTE format('SELECT EXISTS (%s)', CASE TG_OP WHEN 'INSERT' THEN own[1] WHEN 'DELETE' THEN own[2]
    ELSE format('(%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)', own[1], own[2]) END) INTO differ;
  IF NOT differ THEN
    RETURN NULL;
  END IF;
  PERFORM hold_words(false);
  IF NOT EXISTS (SELECT FROM service WHERE confidential AND name !~ '^Abri [0-9]{6}$')
     AND NOT EXISTS (SELECT FROM front_gate WHERE regexp_replace(fold(contact), ours, '', 'g') <> '') THEN
    RETURN NULL;
  END IF;
  EXECUTE format('WITH differing AS MATERIALIZED (
      SELECT found_by, given, min(side) AS side FROM (%s) AS each GROUP BY found_by, given HAVING min(side) = max(side)
    ), said AS (
      SELECT word FROM differing, LATERAL (SELECT words_of(given) UNION SELECT folded FROM fold(given) AS folded WHERE length(folded) >= 2) AS one (word)
      GROUP BY found_by, word HAVING min(side) = max(side)
    ) SELECT array_agg(DISTINCT skeleton(lower(word))) FROM said',
    CASE TG_OP WHEN 'INSERT' THEN format(texts, 'new', 'true') WHEN 'DELETE' THEN format(texts, 'old', 'true')
      ELSE format(texts, 'new', format(elsewhere, 'old')) || ' UNION ALL ' || format(texts, 'old', format(elsewhere, 'new')) END) INTO shapes;
  IF shapes IS NULL THEN
    RETURN NULL;
  END IF;
  FOR one IN
    WITH told AS MATERIALIZED (
      SELECT id, zone_id, name AS text, false AS is_gate, skeleton(fold(name)) AS glued
      FROM service WHERE confidential AND name !~ '^Abri [0-9]{6}$'
      UNION ALL
      SELECT s.id, s.zone_id, g.contact, true, skeleton(fold(g.contact)) FROM front_gate g JOIN service s ON s.id = g.service_id
    ), held AS MATERIALIZED (
      SELECT * FROM told WHERE EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN glued) > 0)
    ), alike AS MATERIALIZED (
      SELECT *, CASE WHEN is_gate THEN numbers_alone(text) END AS alone
      FROM held WHERE NOT (is_gate AND regexp_replace(fold(text), ours, '', 'g') = '')
    )
    SELECT a.* FROM alike a, what_tells(text, zone_id, is_gate)
    WHERE kind IS NOT NULL AND (NOT is_gate OR alone <> text AND (SELECT r.kind FROM what_tells(alone, zone_id, true) AS r) IS NULL)
    ORDER BY id, is_gate  -- two who mend the same do not wait for each other in turn
  LOOP
    IF one.is_gate THEN
      UPDATE front_gate SET contact = one.alone WHERE service_id = one.id AND contact = one.text;
    ELSE
      UPDATE service SET name = NULL WHERE id = one.id AND name = one.text;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- As before, of every public text, and of trainings too.
CREATE OR REPLACE FUNCTION exact.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  words CONSTANT text := format('SELECT word FROM %%s AS changed, unnest(public_texts(changed::%I)) AS given, words_of(given) AS word %s',
    TG_TABLE_NAME, CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
BEGIN
  EXECUTE format('INSERT INTO exact.former_word SELECT DISTINCT word FROM (%s %s) AS gone ON CONFLICT DO NOTHING',
    format(words, 'old_rows'), CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(words, 'new_rows') END);
  RETURN NULL;
END $$;

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT known.*, written.* FROM (VALUES
    ('actor', 'id, kind, area_id, point, organization_id',
      'ARRAY(SELECT unnest(public_texts(o)) FROM organization o WHERE o.id = changed.organization_id) '
      '|| ARRAY(SELECT unnest(public_texts(s)) FROM service s WHERE s.actor_id = changed.id AND NOT s.confidential)'),
    ('service', 'id, actor_id', NULL),
    ('organization', 'id', NULL),
    ('training_event', 'id', NULL),
    ('locality', 'id, area_id, point', 'ARRAY(SELECT n.name FROM locality_name n WHERE n.locality_id = changed.id)'),
    ('locality_name', 'locality_id', NULL),
    ('admin_area', 'id', NULL),
    ('area_within', 'area_id, ancestor_id', 'names_in(area_id)'),
    ('ground', 'id, md5(ST_AsBinary(geom))', NULL)
  ) AS known(place, found_by, others), (VALUES
    ('names_insert', 'INSERT', 'NEW TABLE AS new_rows'),
    ('names_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'),
    ('names_delete', 'DELETE', 'OLD TABLE AS old_rows')
  ) AS written(called, does, rows) LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON lakana.%I', one.called, one.place);
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.%I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION lakana.keep_names_untold(%L, %L, %L)',
      one.called, one.does, one.place, one.rows, one.found_by,
      CASE WHEN one.place = 'area_within' THEN '''{}''::text[]' ELSE format('public_texts(changed::%I)', one.place) END,
      coalesce(one.others, '''{}''::text[]'));
  END LOOP;
  FOR one IN SELECT * FROM unnest('{actor,service,organization,training_event}'::text[]) AS place, (VALUES
    ('former_words_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'),
    ('former_words_delete', 'DELETE', 'OLD TABLE AS old_rows')
  ) AS written(called, does, rows) LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON lakana.%I', one.called, one.place);
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.%I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_words()',
      one.called, one.does, one.place, one.rows);
  END LOOP;
END $$;

-- As before; the words of all that it said are kept.
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
    SELECT unnest(public_texts(s)) AS text FROM service s WHERE s.id = forget.service_id
    UNION SELECT side->>'name' FROM audit.entry e, unnest(ARRAY[e.before, e.after]) AS side
    WHERE e.subject = 'service' AND e.subject_id = forget.service_id::text
  ) AS had, LATERAL (
    SELECT words_of(had.text) UNION SELECT regexp_split_to_table(fold(had.text), ' ')
  ) AS one (word) WHERE length(word) >= 3 ON CONFLICT DO NOTHING;
  SELECT known || coalesce(array_agg(s.id::text), '{}') INTO known FROM scenario s WHERE s.changes @> one;
  INSERT INTO audit.withheld SELECT audit.digest_of(id) FROM unnest(known) AS id ON CONFLICT DO NOTHING;
  DELETE FROM scenario s WHERE s.changes @> one AND jsonb_array_length(s.changes) = 1;
  UPDATE scenario s SET changes = (
    SELECT jsonb_agg(change) FROM jsonb_array_elements(s.changes) AS change WHERE NOT change @> (one->0))
  WHERE s.changes @> one;
  UPDATE siting_job SET status = 'FAILED', answer = NULL, best_objective = NULL, gap_percent = NULL,
    finished_at = coalesce(finished_at, now()),
    problem = 'The services that it counted have changed; start the job again.'
  WHERE status IN ('DONE', 'RUNNING') AND asked->>'category' = (SELECT category::text FROM service s WHERE s.id = forget.service_id);
END $$;

-- As before; and the languages and the days on which it is closed.
CREATE OR REPLACE FUNCTION exact.was_public(wanted uuid) RETURNS TABLE (fact text, since timestamp with time zone)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 6 SET search_path = lakana, public, pg_temp AS $$
  WITH entry AS MATERIALIZED (
    SELECT e.number, e.at_s, e.action, coalesce(e.before, '{}') || coalesce(x.before, '{}') AS before,
      coalesce(e.after, '{}') || coalesce(x.after, '{}') AS after
    FROM audit.entry e LEFT JOIN audit.sealed x USING (number) WHERE e.subject = 'service' AND e.subject_id = wanted::text
  ), begun AS (
    -- It came, or came back from being confidential; or it was loaded with many.
    SELECT coalesce(
      (SELECT max(number) FROM entry WHERE action = 'INSERT' OR after->>'confidential' = 'false'), 0) AS number,
      coalesce(
      (SELECT max(at_s) FROM entry WHERE action = 'INSERT' OR after->>'confidential' = 'false'),
      (SELECT min(at_s) FROM audit.entry WHERE action = 'LOAD')) AS at_s
  ), known AS (
    SELECT f.fact, f.name, nullif(to_jsonb(s)->>f.name, '[]') AS present
    FROM service s, (VALUES
      ('NAME', 'name'), ('PLACE', 'point'), ('LOCALITY', 'locality_id'), ('ACTOR', 'actor_id'), ('PHONE', 'phone'),
      ('OPENING_HOURS', 'opening_hours'), ('LANGUAGES', 'languages'), ('CLOSED', 'closed_from')) AS f(fact, name)
    WHERE s.id = wanted AND NOT s.confidential
  ), lived AS (
    SELECT k.fact, b.at_s,
      CASE WHEN first.before ? k.name THEN nullif(first.before->>k.name, '[]') ELSE k.present END IS NOT NULL AS at_first,
      (SELECT min(e.at_s) FROM entry e WHERE e.number > b.number AND nullif(e.after->>k.name, '[]') IS NOT NULL) AS later_s
    FROM known k CROSS JOIN begun b LEFT JOIN LATERAL (
      SELECT before FROM entry e WHERE e.number > b.number AND (e.before ? k.name OR e.after ? k.name) ORDER BY e.number LIMIT 1
    ) first ON true
  )
  SELECT fact, to_timestamp(CASE WHEN at_first THEN at_s ELSE later_s END) FROM lived WHERE at_first OR later_s IS NOT NULL
$$;

-- Words that the log remembers of public records, in their other texts.
INSERT INTO exact.former_word
SELECT DISTINCT word
FROM audit.entry e LEFT JOIN audit.sealed x USING (number),
  unnest(ARRAY[coalesce(e.before, '{}') || coalesce(x.before, '{}'), coalesce(e.after, '{}') || coalesce(x.after, '{}')]) AS side,
  unnest(ARRAY[lakana.said_in_phone(side->>'phone'), lakana.said_in_hours(side->>'opening_hours'), lakana.said_in_address(side->>'url')]) AS given,
  lakana.words_of(given) AS word
WHERE e.subject IN ('service', 'actor', 'organization') AND side ?| '{phone,opening_hours,url}'
ON CONFLICT DO NOTHING;
