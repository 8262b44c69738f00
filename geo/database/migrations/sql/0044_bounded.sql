-- Places are searched in a bounded time, hours of holidays count on holidays alone, and services that are worked out later hold nobody.

-- As before, by the first 40 letters of the text, with at most 3,000 spellings to liken, each by 40 to 50 µs: they need 3 ms for a
-- text of 100 letters among 10,000 spellings, and at most 0.4 s among 300,000. What begins as the text does is always among them.
CREATE OR REPLACE FUNCTION lakana.places_called(wanted text, area uuid, most integer)
RETURNS TABLE (place_id uuid, matched_name text, score double precision, exact boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH asked AS MATERIALIZED (
    SELECT fold(wanted) AS key, left(fold(wanted), 40) AS part, replace(left(fold(wanted), 40), ' ', '') AS glued,
      -- Until the function ends. Only a superuser could restore a function that has this as a SET of its own.
      set_config('pg_trgm.word_similarity_threshold', '0.4', true)
  ), spelling AS MATERIALIZED (
    (SELECT n.locality_id AS place_id, n.name, n.name_key, 5 AS level, true AS in_force FROM locality_name n
     WHERE n.name_key >= (SELECT key FROM asked) AND n.name_key < (SELECT key || chr(1114111) FROM asked WHERE key <> '')
       AND (area IS NULL OR n.locality_id IN (
         SELECT l.id FROM area_within w JOIN locality l ON l.area_set_id = w.area_id WHERE w.ancestor_id = area))
     ORDER BY n.name_key LIMIT 100)
    UNION
    (SELECT n.locality_id, n.name, n.name_key, 5, true FROM locality_name n
     WHERE (SELECT part FROM asked) <% n.name_key AND (area IS NULL OR n.locality_id IN (
       SELECT l.id FROM area_within w JOIN locality l ON l.area_set_id = w.area_id WHERE w.ancestor_id = area))
     LIMIT 3000)
    UNION ALL
    (SELECT a.id, one, fold(one), a.level, daterange(a.valid_from, a.valid_to) @> current_date
     FROM admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one
     WHERE (SELECT part FROM asked) <% a.search_key AND one IS NOT NULL
       AND (area IS NULL OR a.id IN (SELECT w.area_id FROM area_within w WHERE w.ancestor_id = area))
     LIMIT 3000)
  ), likened AS MATERIALIZED (
    SELECT s.*, s.name_key = key AS exact, similarity(replace(s.name_key, ' ', ''), glued) AS alike,
           word_similarity(part, s.name_key) AS part_alike
    FROM spelling s, asked
  ), scored AS (
    SELECT *, CASE WHEN likened.exact THEN 1 ELSE least(0.99, greatest(alike, 0.9 * part_alike)) END AS score FROM likened
  ), best AS (
    SELECT * FROM (SELECT DISTINCT ON (s.place_id) s.* FROM scored s ORDER BY s.place_id, s.score DESC, s.alike DESC, s.name) each
    ORDER BY score DESC, alike DESC, level DESC, in_force DESC, name_key, place_id LIMIT most
  )
  -- Of spellings that fold alike the official one is told.
  SELECT b.place_id, CASE WHEN l.name_key = b.name_key THEN l.name_fr ELSE b.name END, round(b.score::numeric, 2)::double precision, b.exact
  FROM best b LEFT JOIN locality l ON l.id = b.place_id
  ORDER BY b.score DESC, b.alike DESC, b.level DESC, b.in_force DESC, b.name_key, b.place_id
$$;

-- As before; the hours of holidays are looked at only on a day that is one, or may be.
CREATE OR REPLACE FUNCTION lakana.next_change(wanted text, closed_from date, closed_until date, area uuid, moment timestamp with time zone)
RETURNS timestamp with time zone
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  clock record := clock_of(area);
  shown CONSTANT timestamp := moment AT TIME ZONE clock.zone;
  start CONSTANT date := CASE WHEN shown::date BETWEEN closed_from AND closed_until THEN closed_until + 1 ELSE shown::date END;
  week hours_read;
  told boolean;
  now_open boolean;
  day date;
  may_be_holiday boolean;
  midnight integer;
  edge timestamp;
BEGIN
  SELECT * INTO week FROM hours_read WHERE hours = wanted;
  told := week.holiday_open IS NOT NULL AND week.holiday_open <> week.weekly_open;
  now_open := is_open_then(week, closed_from, closed_until, clock.nation, shown);
  FOR later IN 0 .. 15 LOOP
    day := start + later;
    midnight := (extract(isodow FROM day)::integer - 1) * 1440;
    may_be_holiday := told AND is_holiday(clock.nation, day, told) IS DISTINCT FROM false;
    FOR edge IN
      SELECT day + (minute - midnight) * interval '1 minute'
      FROM (
        SELECT midnight AS minute
        UNION
        SELECT bound
        FROM unnest(ARRAY[week.weekly_open, week.weekly_unsure, CASE WHEN may_be_holiday THEN week.holiday_open END]) AS spans,
          unnest(spans) AS span, unnest(ARRAY[lower(span), upper(span)]) AS bound
        WHERE bound >= midnight AND bound < midnight + 1440
      ) AS minutes
      ORDER BY 1
    LOOP
      IF edge > shown AND is_open_then(week, closed_from, closed_until, clock.nation, edge) IS DISTINCT FROM now_open THEN
        RETURN edge AT TIME ZONE clock.zone;
      END IF;
    END LOOP;
  END LOOP;
  IF closed_from > day AND is_open_then(week, closed_from, closed_until, clock.nation, closed_from) IS DISTINCT FROM now_open THEN
    RETURN closed_from::timestamp AT TIME ZONE clock.zone;
  END IF;
  RETURN NULL;
END $$;

-- Whether services come that are worked out when all are there (seeds.mali.distances): nobody but the owner may say so.
CREATE FUNCTION lakana.is_worked_out_later() RETURNS boolean
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(current_setting('lakana.worked_out_later', true), '') = 'on'
    AND pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'lakana.service'::regclass), 'MEMBER')
$$;
CREATE OR REPLACE TRIGGER follow_to_nearest_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT WHEN (NOT lakana.is_worked_out_later()) EXECUTE FUNCTION lakana.follow_service_change();
REVOKE EXECUTE ON FUNCTION lakana.is_worked_out_later FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_worked_out_later TO lakana_steward;
