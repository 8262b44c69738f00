-- Looking on for a service that can take a child: 20 full shelters do not hide the one behind them that has places.

-- Whether a day by the clock of an area, or in UTC where nobody knows it, is one on which a service is closed for a while.
CREATE FUNCTION lakana.is_closed_for_now(closed_from date, closed_until date, area uuid, moment timestamp with time zone)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT closed_from IS NOT NULL
    AND (moment AT TIME ZONE coalesce((clock_of(area)).zone, 'UTC'))::date BETWEEN closed_from AND closed_until
$$;

-- Why a service would not do for a child of least_months to most_months (NULL: not known) and this sex at a moment; since: the day
-- from which on somebody must have verified it, NULL for any. hours_alone: only its hours may, and also where they are not known.
CREATE FUNCTION lakana.reasons_against(
  wanted uuid, least_months integer, most_months integer, sex text, moment timestamp with time zone, since date, hours_alone boolean,
  OUT open boolean, OUT has_places boolean, OUT reasons text[]
)
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  s record;
BEGIN
  SELECT e.opening_hours, e.closed_from, e.closed_until, e.area_id, e.verified_on, h.minimum_age_months, h.maximum_age_months,
    h.girls, h.boys, CASE WHEN h.id IS NOT NULL THEN has_places(e.id) END AS has_places
  INTO s FROM service e LEFT JOIN shelter h ON h.service_id = e.id WHERE e.id = wanted;
  has_places := s.has_places;
  open := is_open(s.opening_hours, s.closed_from, s.closed_until, s.area_id, moment);
  reasons := array_remove(ARRAY[
    CASE WHEN most_months < s.minimum_age_months THEN 'TOO_YOUNG' END,
    CASE WHEN least_months > s.maximum_age_months THEN 'TOO_OLD' END,
    CASE WHEN sex = 'BOY' AND NOT s.boys THEN 'GIRLS_ONLY' END,
    CASE WHEN sex = 'GIRL' AND NOT s.girls THEN 'BOYS_ONLY' END,
    CASE WHEN NOT has_places AND NOT hours_alone THEN 'FULL' END,
    CASE WHEN is_closed_for_now(s.closed_from, s.closed_until, s.area_id, moment) THEN 'CLOSED_FOR_NOW'
      WHEN NOT open THEN 'CLOSED' WHEN open IS NULL AND hours_alone THEN 'HOURS_NOT_KNOWN' END,
    CASE WHEN s.verified_on < since OR since IS NOT NULL AND s.verified_on IS NULL THEN 'NOT_VERIFIED_LATELY' END
  ], NULL);
END $$;

-- The services of a category (any where it is NULL) around a place, the nearest first, with the reasons against each: the nearest
-- at_least, and farther ones within within_m until `enough` fit. It sees at most 1,000; where that is why it stops, a row without a
-- service says so. A service beyond within_m is TOO_FAR. The walk goes along the index, by chords; it ends only where no spot
-- can be nearer on the spheroid than what was found.
CREATE FUNCTION lakana.fitting_services(
  place geography, wanted lakana.service_category, enough integer, at_least integer, within_m double precision,
  least_months integer, most_months integer, sex text, moment timestamp with time zone, since date, hours_alone boolean
) RETURNS TABLE (service_id uuid, distance_m double precision, open boolean, has_places boolean, reasons text[])
LANGUAGE plpgsql STABLE ROWS 20 SET search_path = lakana, public, pg_temp SET enable_sort = off AS $$
DECLARE
  most CONSTANT integer := 1000;
  here CONSTANT geometry := geocentric(place);
  walk CONSTANT text := format(
    'SELECT category, point, geocentric <<->> $1 AS chord FROM service_spot %s ORDER BY geocentric <<->> $1',
    CASE WHEN wanted IS NOT NULL THEN 'WHERE category = $2' END);
  metres double precision[] := '{}';
  fitting double precision[] := '{}';
  enough_m double precision;
  seen integer := 0;
  all_seen boolean := true;
  spot record;
  one record;
  why record;
BEGIN
  FOR spot IN EXECUTE walk USING here, wanted LOOP
    EXIT WHEN least_m(spot.chord) > 1000000;
    EXIT WHEN seen >= at_least AND least_m(spot.chord) > least(within_m, enough_m)
      AND least_m(spot.chord) > coalesce(metres[at_least], 0);
    IF seen >= most THEN
      all_seen := false;
      EXIT;
    END IF;
    distance_m := ST_Distance(spot.point, place);
    CONTINUE WHEN distance_m > 1000000;
    FOR one IN
      SELECT e.id FROM service e
      WHERE e.category = spot.category AND e.point::geometry = spot.point::geometry ORDER BY e.id LIMIT most - seen + 1
    LOOP
      IF seen >= most THEN
        all_seen := false;
        EXIT;
      END IF;
      SELECT * INTO why FROM reasons_against(one.id, least_months, most_months, sex, moment, since, hours_alone);
      service_id := one.id;
      open := why.open;
      has_places := why.has_places;
      reasons := why.reasons || CASE WHEN distance_m > within_m THEN '{TOO_FAR}'::text[] ELSE '{}' END;
      seen := seen + 1;
      metres := metres || distance_m;
      IF cardinality(reasons) = 0 THEN
        fitting := fitting || distance_m;
        IF cardinality(fitting) = enough THEN
          enough_m := (SELECT max(each) FROM unnest(fitting) AS each);
        END IF;
      END IF;
      RETURN NEXT;
    END LOOP;
  END LOOP;
  IF NOT all_seen AND cardinality(fitting) < enough THEN
    service_id := NULL;
    reasons := '{}';
    distance_m := NULL;
    RETURN NEXT;
  END IF;
END $$;

-- Services without a point whose area holds a place: helplines, and teams that come.
-- Finding the areas takes a millisecond, which is spared where there are none.
CREATE FUNCTION lakana.services_that_come(place geography, wanted lakana.service_category[])
RETURNS TABLE (service_id uuid, category lakana.service_category)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM service s WHERE s.point IS NULL AND NOT s.confidential AND (wanted IS NULL OR s.category = ANY (wanted))) THEN
    RETURN QUERY
    SELECT s.id, s.category FROM areas_at(place) AS held JOIN service s ON s.service_area_id = held.area_id
    WHERE s.point IS NULL AND NOT s.confidential AND (wanted IS NULL OR s.category = ANY (wanted));
  END IF;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.is_closed_for_now, lakana.reasons_against, lakana.fitting_services, lakana.services_that_come
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_closed_for_now, lakana.reasons_against, lakana.fitting_services, lakana.services_that_come
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
