-- When a place is open. A text in OpenStreetMap's form is read once, as it is written (geo.notations.opening_hours), and kept here as minutes of
-- the week, so that SQL can ask; a text that is not here cannot be read, and its place counts as one whose hours are not known.
CREATE TABLE lakana.hours_read (
  hours TEXT NOT NULL,
  -- Minutes from Monday 00:00 on: open in every week without holidays, and perhaps open.
  weekly_open INT4MULTIRANGE NOT NULL,
  weekly_unsure INT4MULTIRANGE NOT NULL,
  -- Open on a day that is a public holiday; NULL where the text does not say.
  holiday_open INT4MULTIRANGE,
  CONSTRAINT hours_read_pkey PRIMARY KEY (hours)
);

-- The public holidays of a country, a day each. A day that may be one, such as a feast by the moon whose date is not told yet, is
-- not certain. A year without any row is not known.
CREATE TABLE lakana.holiday (
  nation_id UUID NOT NULL,
  day DATE NOT NULL,
  certain BOOLEAN NOT NULL,
  name_fr TEXT NOT NULL,
  name_en TEXT NOT NULL,
  name_bm TEXT,
  CONSTRAINT holiday_pkey PRIMARY KEY (nation_id, day),
  CONSTRAINT holiday_nation_id_fkey FOREIGN KEY (nation_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE
);

-- Whether a day is a public holiday; NULL where it may be one, or where that year is not known and it matters.
CREATE FUNCTION lakana.is_holiday(nation uuid, wanted date, matters boolean) RETURNS boolean
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE
    WHEN h.day IS NOT NULL THEN CASE WHEN h.certain THEN true END
    WHEN NOT matters OR EXISTS (
      SELECT FROM holiday y WHERE y.nation_id = nation AND y.day >= date_trunc('year', wanted)
        AND y.day < date_trunc('year', wanted) + interval '1 year') THEN false END
  FROM (SELECT) AS asked LEFT JOIN holiday h ON h.nation_id = nation AND h.day = wanted
$$;

-- What clocks show in an area, and the nation that it lies in; NULL where nobody knows its time zone.
CREATE FUNCTION lakana.clock_of(area uuid, OUT zone text, OUT nation uuid)
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT
    (SELECT z.name FROM area_within w JOIN area_time_zone z ON z.area_id = w.ancestor_id JOIN admin_area a ON a.id = z.area_id
     WHERE w.area_id = area ORDER BY a.level DESC, a.id LIMIT 1),
    -- Of one that lies in the nation of several editions: the one whose holidays are known.
    (SELECT a.id FROM area_within w JOIN admin_area a ON a.id = w.ancestor_id WHERE w.area_id = area AND a.level = 0
     ORDER BY EXISTS (SELECT FROM holiday h WHERE h.nation_id = a.id) DESC, a.id LIMIT 1)
$$;

-- Whether it is open at a moment that clocks show; NULL where nobody knows. On a holiday of which the text says nothing, what is open
-- in other weeks is not known, and what is closed then is closed.
CREATE FUNCTION lakana.is_open_then(
  week lakana.hours_read, closed_from date, closed_until date, nation uuid, shown timestamp
) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  today CONSTANT date := shown::date;
  midnight CONSTANT integer := (extract(isodow FROM shown)::integer - 1) * 1440;
  minute CONSTANT integer := midnight + extract(hour FROM shown)::integer * 60 + extract(minute FROM shown)::integer;
  before_midnight CONSTANT integer := (midnight + 10079) % 10080;
  told CONSTANT boolean := week.holiday_open IS NOT NULL AND week.holiday_open <> week.weekly_open;
  holiday CONSTANT boolean := is_holiday(nation, today, told);
  usual boolean;
  on_holidays boolean;
BEGIN
  IF today BETWEEN closed_from AND closed_until THEN
    RETURN false;
  ELSIF week.hours IS NULL OR shown IS NULL THEN
    RETURN NULL;
  END IF;
  usual := CASE WHEN week.weekly_open @> minute THEN true WHEN NOT week.weekly_unsure @> minute THEN false END;
  on_holidays := CASE WHEN week.holiday_open IS NOT NULL THEN week.holiday_open @> minute WHEN NOT usual THEN false END;
  -- Open since the evening before, which was not a usual one or may not have been.
  IF usual AND week.weekly_open @> int4range(midnight, minute + 1) AND week.weekly_open @> before_midnight
     AND NOT week.weekly_open @> int4range(midnight, midnight + 1440) AND week.holiday_open @> before_midnight IS NOT TRUE
     AND is_holiday(nation, today - 1, told) IS NOT FALSE THEN
    usual := NULL;
  END IF;
  RETURN CASE WHEN NOT holiday THEN usual WHEN holiday OR usual = on_holidays THEN on_holidays END;
END $$;

-- Whether a service with these hours is open, by the clock of its area; NULL where nobody knows.
CREATE FUNCTION lakana.is_open(wanted text, closed_from date, closed_until date, area uuid, moment timestamp with time zone)
RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  clock record := clock_of(area);
  week hours_read;
BEGIN
  SELECT * INTO week FROM hours_read WHERE hours = wanted;
  RETURN is_open_then(week, closed_from, closed_until, clock.nation, moment AT TIME ZONE clock.zone);
END $$;

-- When that is another next: open, closed or not known; NULL where nobody knows what clocks show, or nothing changes within 15 days
-- of the moment or of the end of a time for which it is closed.
CREATE FUNCTION lakana.next_change(wanted text, closed_from date, closed_until date, area uuid, moment timestamp with time zone)
RETURNS timestamp with time zone
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  clock record := clock_of(area);
  shown CONSTANT timestamp := moment AT TIME ZONE clock.zone;
  start CONSTANT date := CASE WHEN shown::date BETWEEN closed_from AND closed_until THEN closed_until + 1 ELSE shown::date END;
  week hours_read;
  now_open boolean;
  edge timestamp;
BEGIN
  SELECT * INTO week FROM hours_read WHERE hours = wanted;
  now_open := is_open_then(week, closed_from, closed_until, clock.nation, shown);
  FOR edge IN
    SELECT day + minute % 1440 * interval '1 minute' AS at
    FROM generate_series(0, 15) AS later,
      LATERAL (SELECT start + later AS day, (extract(isodow FROM start + later)::integer - 1) * 1440 AS midnight) AS days,
      LATERAL (
        SELECT midnight AS minute
        UNION
        SELECT bound FROM unnest(ARRAY[week.weekly_open, week.weekly_unsure, week.holiday_open]) AS spans,
          unnest(spans) AS span, unnest(ARRAY[lower(span), upper(span)]) AS bound
        WHERE bound >= midnight AND bound < midnight + 1440
      ) AS minutes
    UNION
    SELECT closed_from
    ORDER BY 1
  LOOP
    IF edge > shown AND is_open_then(week, closed_from, closed_until, clock.nation, edge) IS DISTINCT FROM now_open THEN
      RETURN edge AT TIME ZONE clock.zone;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- Whether hours could be read.
CREATE FUNCTION lakana.is_read(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM hours_read WHERE hours = wanted)
$$;

DROP FUNCTION lakana.open_weekly, lakana.clock_minute, lakana.week_minute;

REVOKE EXECUTE ON FUNCTION lakana.is_holiday, lakana.clock_of, lakana.is_open_then, lakana.is_open, lakana.next_change, lakana.is_read
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_open, lakana.next_change, lakana.is_read
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
-- Hours that no place has any more are told to nobody; who writes them keeps what they mean.
GRANT SELECT, INSERT ON lakana.hours_read TO lakana_steward;
GRANT SELECT ON lakana.holiday TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
