-- Many services at a time, which only the owner writes: what others wait for is held at the end alone, once all is worked out that
-- needs no lock. While a list of 9,000 was loaded, no steward could hide a shelter or move a service for 75 s.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Hidden names, and front gates with words of their own.
CREATE FUNCTION lakana.hidden_texts() RETURNS TABLE (id uuid, zone_id uuid, given text, is_gate boolean)
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT id, zone_id, name, false FROM service WHERE confidential AND name !~ '^Abri [0-9]{6}$'
  UNION ALL
  SELECT s.id, s.zone_id, g.contact, true FROM front_gate g JOIN service s ON s.id = g.service_id
  WHERE regexp_replace(fold(g.contact), '\m(?:' || array_to_string(own_words(true), '|') || ')\M|[^[:alpha:]]', '', 'g') <> ''
$$;

-- What a hidden name or a front gate becomes where it tells something: no name; of a gate its numbers, unless they tell too.
CREATE FUNCTION lakana.untold(given text, of_zone uuid, is_gate boolean) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  alone CONSTANT text := CASE WHEN is_gate THEN numbers_alone(given) END;
BEGIN
  IF (SELECT kind FROM what_tells(given, of_zone, is_gate)) IS NULL
    OR is_gate AND (alone IS NULL OR (SELECT kind FROM what_tells(alone, of_zone, true)) IS NOT NULL) THEN
    RETURN given;
  END IF;
  RETURN alone;
END $$;

-- Write what hidden names and front gates become, in one order: two who mend the same do not wait for each other in turn.
CREATE FUNCTION lakana.mend_told(ids uuid[], texts text[], gates boolean[], later text[]) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT * FROM unnest(ids, texts, gates, later) AS u(id, given, is_gate, becomes)
    WHERE becomes IS DISTINCT FROM given ORDER BY id, is_gate
  LOOP
    IF one.is_gate THEN
      UPDATE front_gate SET contact = one.becomes WHERE service_id = one.id AND contact = one.given;
    ELSE
      UPDATE service SET name = NULL WHERE id = one.id AND name = one.given;
    END IF;
  END LOOP;
END $$;

-- As before; the words are found before others are waited for, and are held while hidden names are asked.
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
  differ boolean;
  shapes text[];
BEGIN
  EXECUTE format('SELECT EXISTS (%s)', CASE TG_OP WHEN 'INSERT' THEN own[1] WHEN 'DELETE' THEN own[2]
    ELSE format('(%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)', own[1], own[2]) END) INTO differ;
  IF NOT differ THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM hidden_texts()) THEN
    PERFORM hold_words(false);  -- or one is written meanwhile
    IF NOT EXISTS (SELECT FROM hidden_texts()) THEN
      RETURN NULL;
    END IF;
  END IF;
  EXECUTE format('WITH differing AS MATERIALIZED (
      SELECT found_by, given, min(side) AS side FROM (%s) AS each GROUP BY found_by, given HAVING min(side) = max(side)
    ), said AS (
      SELECT word FROM differing, LATERAL (SELECT words_of(given) UNION SELECT folded FROM fold(given) AS folded WHERE length(folded) >= 2) AS one (word)
      GROUP BY found_by, word HAVING min(side) = max(side)
    ) SELECT array_agg(DISTINCT skeleton(lower(word))) FROM said',
    CASE TG_OP WHEN 'INSERT' THEN format(texts, 'new', 'true') WHEN 'DELETE' THEN format(texts, 'old', 'true')
      ELSE format(texts, 'new', format(elsewhere, 'old')) || ' UNION ALL ' || format(texts, 'old', format(elsewhere, 'new')) END) INTO shapes;
  PERFORM hold_words(false);
  PERFORM mend_told(array_agg(id), array_agg(given), array_agg(is_gate), array_agg(untold(given, zone_id, is_gate)))
  FROM (
    SELECT told.* FROM hidden_texts() AS told,
      LATERAL (SELECT string_agg(skeleton(fold(reading)), ' ') AS glued FROM unnest(readings(given)) AS reading) AS said
    WHERE EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN glued) > 0) OFFSET 0
  ) alike;
  RETURN NULL;
END $$;

-- As before; whether the numbers of many are those of a front gate that is written meanwhile is asked at the end.
CREATE OR REPLACE FUNCTION lakana.check_public_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  keys CONSTANT text := format('SELECT key FROM %%s, number_keys(%s) AS key %s', TG_ARGV[0],
    CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  added text[];
BEGIN
  EXECUTE format('SELECT array_agg(key) FROM (%s %s) numbers', format(keys, 'new_rows'),
    CASE TG_OP WHEN 'UPDATE' THEN 'EXCEPT ' || format(keys, 'old_rows') END) INTO added;
  IF added IS NULL THEN
    RETURN NULL;
  END IF;
  IF is_worked_out_later() THEN
    PERFORM refuse_gate_numbers(added, TG_TABLE_NAME);
    RETURN NULL;
  END IF;
  PERFORM hold_words(false);
  PERFORM refuse_gate_numbers(added, TG_TABLE_NAME);
  UPDATE service SET name = NULL
  WHERE confidential AND name !~ '^Abri [0-9]{6}$' AND name ~ '([0-9][^0-9]*){3}' AND phone_keys(name) && added;
  RETURN NULL;
END $$;
CREATE FUNCTION lakana.refuse_gate_numbers(added text[], of_table name) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM front_gate WHERE phone_keys(contact) && added) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = CASE WHEN of_table IN ('organization', 'training_event') THEN 'name' ELSE 'phone' END, MESSAGE =
      'it holds the number of a front gate, which must lead to nothing public; give another.';
  END IF;
END $$;

-- As before; that the category has changed is noted at the end.
CREATE OR REPLACE FUNCTION lakana.note_service_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  touched service_category[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT category) INTO touched FROM new_rows WHERE point IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    WITH gone AS (
      DELETE FROM travel_time WHERE service_id IN (SELECT id FROM old_rows)
    )
    SELECT array_agg(DISTINCT category) INTO touched FROM old_rows WHERE point IS NOT NULL;
  ELSE
    WITH moved AS (
      SELECT o.id, o.category AS former, n.category AS later
      FROM (SELECT * FROM new_rows WHERE point IS NOT NULL) n
      FULL JOIN (SELECT * FROM old_rows WHERE point IS NOT NULL) o USING (id)
      WHERE n.category IS DISTINCT FROM o.category OR n.point::geometry IS DISTINCT FROM o.point::geometry
    ), gone AS (
      DELETE FROM travel_time WHERE service_id IN (SELECT id FROM moved)
    ), hidden AS (
      UPDATE travel_refresh SET computed_at = NULL, stale_since = NULL
      WHERE category IN (SELECT former FROM moved WHERE later IS NULL)
    )
    SELECT array_agg(DISTINCT one) INTO touched FROM moved, unnest(ARRAY[former, later]) AS one WHERE one IS NOT NULL;
  END IF;
  IF NOT is_worked_out_later() THEN
    PERFORM note_travel_change(touched);
  END IF;
  RETURN NULL;
END $$;

-- One category of many services that were written, in the turn of its writers: the spots, the nearest to all demand points, and
-- that it changed. What is nearest among those that came was found before (points, services, metres; without a service, how far away
-- they are at least; NULL where nobody looked); to points whose nearest is no more where it was it is found anew.
CREATE FUNCTION lakana.follow_many(wanted lakana.service_category, points uuid[], services uuid[], metres double precision[]) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  anew uuid[];
  blocks uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(wanted::text));
  INSERT INTO service_spot AS t (category, point, geocentric, service_id)
  SELECT wanted, place, geocentric(place), only_one
  FROM (SELECT (array_agg(point))[1] AS place, CASE WHEN count(*) = 1 THEN (array_agg(id))[1] END AS only_one
        FROM service WHERE category = wanted AND point IS NOT NULL GROUP BY point::geometry) at
  WHERE NOT EXISTS (SELECT FROM service_spot k WHERE k.category = wanted AND k.point::geometry = place::geometry
                    AND k.service_id IS NOT DISTINCT FROM only_one)
  ON CONFLICT (category, (point::geometry)) DO UPDATE SET service_id = excluded.service_id;
  DELETE FROM service_spot t WHERE t.category = wanted AND NOT EXISTS (
    SELECT FROM service s WHERE s.category = wanted AND s.point::geometry = t.point::geometry);
  IF points IS NULL OR several_nations()  -- what was found before is of all nations
     OR NOT EXISTS (SELECT FROM block_access WHERE category = wanted)
     OR NOT EXISTS (SELECT FROM service_spot WHERE category = wanted) THEN
    PERFORM refresh_access(wanted);
  ELSE
    anew := ARRAY(
      SELECT a.demand_point_id FROM access a JOIN demand_point d ON d.id = a.demand_point_id
      LEFT JOIN service s ON s.id = a.service_id AND s.category = wanted
      WHERE a.category = wanted AND (ST_Distance(s.point, d.point) = a.distance_m) IS NOT TRUE
      UNION
      SELECT f.id FROM unnest(points, services, metres) AS f(id, service_id, distance_m) JOIN demand_point d USING (id)
      LEFT JOIN access a ON a.category = wanted AND a.demand_point_id = f.id
      LEFT JOIN service s ON s.id = f.service_id AND s.category = wanted
      WHERE CASE WHEN f.service_id IS NULL THEN (f.distance_m > a.distance_m) IS NOT TRUE
                 ELSE (ST_Distance(s.point, d.point) = f.distance_m) IS NOT TRUE END);
    SELECT array_agg(f.id), array_agg(f.service_id), array_agg(f.distance_m) INTO points, services, metres
    FROM (
      SELECT f.* FROM unnest(points, services, metres) AS f(id, service_id, distance_m)
      JOIN access a ON a.category = wanted AND a.demand_point_id = f.id
      WHERE f.service_id IS NOT NULL AND (f.distance_m, f.service_id) < (a.distance_m, a.service_id) AND f.id <> ALL (anew)
      UNION ALL
      SELECT n.* FROM nearest_to(wanted, anew) n
    ) f;
    blocks := ARRAY(SELECT DISTINCT d.block_id FROM unnest(points) AS p(id) JOIN demand_point d USING (id));
    IF blocks <> '{}' AND keep_access(wanted, blocks, points, services, metres) OR anew <> '{}' THEN
      PERFORM touch_access(wanted);
    END IF;
  END IF;
  INSERT INTO data_change VALUES ('SERVICES:' || wanted, now()) ON CONFLICT (part) DO UPDATE SET changed_at = excluded.changed_at;
  PERFORM note_travel_change(ARRAY[wanted]);
END $$;

CREATE OR REPLACE TRIGGER follow_spots_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION lakana.follow_spots();
CREATE OR REPLACE TRIGGER follow_spots_update AFTER UPDATE ON lakana.service REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION lakana.follow_spots();
CREATE OR REPLACE TRIGGER follow_to_nearest_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION lakana.follow_service_change();
CREATE OR REPLACE TRIGGER note_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION lakana.note_data_change('SERVICES');
CREATE OR REPLACE TRIGGER note_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION lakana.note_data_change('SERVICES');

-- Of many the names are not asked by each statement, but all hidden names at the end.
CREATE FUNCTION pg_temp.later(said text, pattern text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT regexp_replace(regexp_replace(pg_get_triggerdef(oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
                          'FOR EACH STATEMENT (WHEN \(.*?\) )?EXECUTE', 'FOR EACH STATEMENT ' || said || 'EXECUTE') AS statement
    FROM pg_trigger WHERE tgrelid IN ('lakana.actor'::regclass, 'lakana.service'::regclass) AND tgname ~ pattern
  LOOP
    EXECUTE one.statement;
  END LOOP;
END $$;
SELECT pg_temp.later('WHEN (NOT lakana.is_worked_out_later()) ', '^names_(insert|update)$');

GRANT EXECUTE ON FUNCTION lakana.is_worked_out_later TO lakana_partner;  -- who writes services too
REVOKE EXECUTE ON FUNCTION lakana.hidden_texts, lakana.untold, lakana.mend_told, lakana.refuse_gate_numbers, lakana.follow_many FROM PUBLIC;
