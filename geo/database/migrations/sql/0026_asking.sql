-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- Hidden names and public words are written one after the other, whoever writes them, and asked again whenever what surrounds a
-- word changes.

-- Writers of public words keep each other waiting for nothing; one who writes a hidden name or a front gate waits for all of them,
-- and they for that one. So whoever comes second sees what the first wrote. A write that will need it for a hidden name takes it
-- before it locks any row (geo.writes.write.hold_words).
CREATE FUNCTION lakana.hold_words(hidden boolean) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF hidden THEN
    PERFORM pg_advisory_xact_lock(hashtext('lakana.words'));
  ELSE
    PERFORM pg_advisory_xact_lock_shared(hashtext('lakana.words'));
  END IF;
END $$;

-- As before, by forms that are addresses too, codes of areas, and words that a short one is glued to.
CREATE OR REPLACE FUNCTION lakana.what_tells(given text, of_zone uuid, gate boolean, OUT kind text, OUT telling text)
LANGUAGE plpgsql STABLE COST 1000000 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  unglued CONSTANT text := unglued(given);
BEGIN
  IF NOT gate AND given ~ '^Abri [0-9]{6}$' THEN
    RETURN;  -- a neutral one, whoever else is called so
  END IF;
  kind := 'FORM';
  telling := telling_form(given, gate);
  IF telling IS NULL THEN
    kind := 'WORD';
    telling := coalesce(telling_words(given, of_zone, gate), telling_code(given),
      CASE WHEN unglued <> fold(given) THEN telling_words(unglued, of_zone, gate) END);
  END IF;
  IF telling IS NULL THEN
    kind := CASE WHEN is_public_number(phone_keys(given)) OR gate AND EXISTS (SELECT FROM exact.former_gate WHERE contact_key = fold(given))
      THEN 'NUMBER' END;
    telling := CASE WHEN kind IS NOT NULL THEN given END;
  END IF;
END $$;

-- The word is in HINT, which no log has (log_error_verbosity).
CREATE OR REPLACE FUNCTION lakana.refuse_telling(given text, of_zone uuid, gate boolean) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found record;
BEGIN
  PERFORM hold_words(true);
  found := what_tells(given, of_zone, gate);
  IF found.kind IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = CASE WHEN gate THEN 'front_gate' ELSE 'name' END,
      HINT = found.telling, MESSAGE = CASE found.kind
        WHEN 'FORM' THEN CASE WHEN gate
          THEN 'it holds « %s »: a front gate is a telephone number with words beside it, and no address, place or code; leave that out.'
          ELSE 'it holds « %s »: a name has no address, place or code and no number of six digits; give another, or none and a neutral '
            'one is made.' END
        WHEN 'WORD' THEN CASE WHEN gate
          THEN 'it holds « %s », by which a place or a body is known; give a contact that tells nothing of where it is.'
          ELSE 'it holds « %s », by which a place of its zone or somebody or something public is or was known; give another name, or none '
            'and a neutral one is made.' END
        ELSE CASE WHEN gate
          THEN 'a public record has or had this number or contact, which would tell where to look; give one that nothing else has.'
          ELSE 'a public record has or had its number; give another name, or none and a neutral one is made.' END END;
  END IF;
END $$;

-- What a public word leaves of a front gate was asked with it: who writes that word does not wait for the others who write one.
CREATE OR REPLACE FUNCTION lakana.check_front_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  of_zone CONSTANT uuid := (SELECT zone_id FROM service WHERE id = NEW.service_id);
BEGIN
  IF TG_OP = 'INSERT' OR NEW.contact IS DISTINCT FROM numbers_alone(OLD.contact)
     OR (SELECT kind FROM what_tells(NEW.contact, of_zone, true)) IS NOT NULL THEN
    PERFORM refuse_telling(NEW.contact, of_zone, true);
  END IF;
  RETURN NEW;
END $$;

-- As before; writers of numbers no longer wait for each other.
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
  PERFORM hold_words(false);
  IF EXISTS (SELECT FROM front_gate WHERE phone_keys(contact) && added) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = CASE WHEN TG_TABLE_NAME IN ('organization', 'training_event') THEN 'name' ELSE 'phone' END, MESSAGE =
      'it holds the number of a front gate, which must lead to nothing public; give another.';
  END IF;
  UPDATE service SET name = NULL
  WHERE confidential AND name !~ '^Abri [0-9]{6}$' AND name ~ '([0-9][^0-9]*){3}' AND phone_keys(name) && added;
  RETURN NULL;
END $$;

-- What is known by an area: its own names and code, those of its towns, and of the actors there with their organisations.
CREATE FUNCTION lakana.names_in(area uuid) RETURNS text[]
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT array(
    SELECT unnest(ARRAY[name_fr, name_en, name_bm, code]) FROM admin_area WHERE id = area
    UNION SELECT unnest(ARRAY[name_fr, name_en, name_bm]) FROM locality WHERE area_id = area
    UNION SELECT n.name FROM locality l JOIN locality_name n ON n.locality_id = l.id WHERE l.area_id = area
    UNION SELECT unnest(ARRAY[a.name, o.name, o.acronym]) FROM actor a LEFT JOIN organization o ON o.id = a.organization_id WHERE a.area_id = area)
$$;

-- Arguments of the trigger: the columns by which a record is found, its own names, and others that are told with it. The words that
-- a write adds or takes away are asked, and all words of a record that moves, changes hands, comes or goes: any of them may now
-- tell, or be rare. Hidden names and front gates that hold one are asked again. That a name is neutral is read from the name: its
-- key, and whatever is read from that, knows the letters of ASCII alone (COLLATE "C").
CREATE OR REPLACE FUNCTION lakana.keep_names_untold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  rows CONSTANT text := format('SELECT %s, %%s FROM %%s_rows AS changed %s', TG_ARGV[0],
    CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  own CONSTANT text[] := ARRAY[format(rows, TG_ARGV[1], 'new'), format(rows, TG_ARGV[1], 'old')];
  texts CONSTANT text := format('SELECT ROW(%s)::text AS found_by, given, %%1$L AS side FROM %%1$s_rows AS changed, unnest(ARRAY[%s] || %s) AS given %s',
    TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
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
    CASE TG_OP WHEN 'INSERT' THEN format(texts, 'new') WHEN 'DELETE' THEN format(texts, 'old')
      ELSE format(texts, 'new') || ' UNION ALL ' || format(texts, 'old') END) INTO shapes;
  IF shapes IS NULL THEN
    RETURN NULL;
  END IF;
  FOR one IN
    WITH told AS (
      SELECT id, zone_id, name AS text, false AS is_gate FROM service WHERE confidential AND name !~ '^Abri [0-9]{6}$'
      UNION ALL
      SELECT s.id, s.zone_id, g.contact, true FROM front_gate g JOIN service s ON s.id = g.service_id
      WHERE regexp_replace(fold(g.contact), ours, '', 'g') <> ''
    ), alike AS MATERIALIZED (
      SELECT *, CASE WHEN is_gate THEN numbers_alone(text) END AS alone FROM told
      WHERE EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN skeleton(fold(text))) > 0)
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

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT known.*, written.* FROM (VALUES
    ('actor', 'id, kind, area_id, point, organization_id', 'name',
      'ARRAY(SELECT unnest(ARRAY[o.name, o.acronym]) FROM organization o WHERE o.id = changed.organization_id) '
      '|| ARRAY(SELECT s.name FROM service s WHERE s.actor_id = changed.id AND NOT s.confidential)'),
    ('service', 'id, actor_id', 'name', NULL),
    ('organization', 'id', 'name, acronym, acronym_word(acronym), host_word(url)', NULL),
    ('training_event', 'id', 'name, programme, description', NULL),
    ('locality', 'id, area_id, point', 'name_fr, name_en, name_bm', 'ARRAY(SELECT n.name FROM locality_name n WHERE n.locality_id = changed.id)'),
    ('locality_name', 'locality_id', 'name', NULL),
    ('admin_area', 'id', 'name_fr, name_en, name_bm, code', NULL),
    ('area_within', 'area_id, ancestor_id', 'NULL', 'names_in(area_id)')
  ) AS known(place, found_by, names, others), (VALUES
    ('names_insert', 'INSERT', 'NEW TABLE AS new_rows'),
    ('names_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'),
    ('names_delete', 'DELETE', 'OLD TABLE AS old_rows')
  ) AS written(called, does, rows) LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON lakana.%I', one.called, one.place);
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.%I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION lakana.keep_names_untold(%L, %L, %L)',
      one.called, one.does, one.place, one.rows, one.found_by, one.names, coalesce(one.others, '''{}''::text[]'));
  END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.hold_words, lakana.names_in FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.hold_words TO lakana_steward;
