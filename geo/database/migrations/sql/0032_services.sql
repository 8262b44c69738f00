-- Services that close for a while, that come to the child or are called (no point, but an area that they serve), and that speak
-- languages. A confidential one tells none of that: what it would tell of is its place or its people.

ALTER TABLE lakana.service
  -- Both days included, by the clock of the place.
  ADD COLUMN closed_from DATE,
  ADD COLUMN closed_until DATE,
  ADD COLUMN service_area_id UUID,
  ADD COLUMN languages TEXT[] DEFAULT '{}' NOT NULL,
  ADD CONSTRAINT service_service_area_id_fkey FOREIGN KEY (service_area_id) REFERENCES lakana.admin_area (id),
  ADD CONSTRAINT service_closed_check CHECK (num_nulls(closed_from, closed_until) IN (0, 2) AND closed_from <= closed_until),
  DROP CONSTRAINT service_confidential_check,
  ADD CONSTRAINT service_confidential_check CHECK (CASE
    WHEN confidential THEN zone_id IS NOT NULL AND radius_m = 0 AND languages = '{}' AND num_nonnulls(
      actor_id, point, locality_id, area_id, opening_hours, phone, closed_from, closed_until, service_area_id) = 0
    ELSE zone_id IS NULL AND num_nulls(actor_id, area_id) = 0 AND num_nonnulls(point, service_area_id) > 0 END);
-- Those without a point, which are few: each is looked at where a child is in its area.
CREATE INDEX service_without_point_idx ON lakana.service (category, service_area_id)
WHERE point IS NULL AND NOT confidential;

GRANT SELECT (closed_from, closed_until, service_area_id, languages) ON lakana.service TO lakana_public;
GRANT UPDATE (closed_from, closed_until) ON lakana.service TO lakana_partner;

-- As before, without these either.
CREATE OR REPLACE FUNCTION lakana.hide_confidential_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  hidden uuid;
BEGIN
  IF NOT NEW.confidential THEN
    NEW.zone_id := NULL;
    NEW.radius_m := 0;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT zone_id INTO hidden FROM exact.site WHERE service_id = OLD.id;
  END IF;
  NEW.zone_id := coalesce(hidden, zone_for(NEW.point, NEW.area_id), NEW.zone_id);
  PERFORM refuse_without_zone(NEW.zone_id);
  IF NEW.name IS NULL THEN
    NEW.name := neutral_name();
  ELSIF TG_OP = 'INSERT' OR NEW.name IS DISTINCT FROM OLD.name OR NEW.zone_id IS DISTINCT FROM OLD.zone_id THEN
    PERFORM refuse_telling(NEW.name, NEW.zone_id, false);
  END IF;
  UPDATE zoning SET in_use = true WHERE NOT in_use AND country_id = (SELECT country_id FROM zone WHERE id = NEW.zone_id);
  NEW.actor_id := NULL;
  NEW.point := NULL;
  NEW.radius_m := 0;
  NEW.locality_id := NULL;
  NEW.area_id := NULL;
  NEW.opening_hours := NULL;
  NEW.phone := NULL;
  NEW.closed_from := NULL;
  NEW.closed_until := NULL;
  NEW.service_area_id := NULL;
  NEW.languages := '{}';
  NEW.verified_on := date_trunc('quarter', NEW.verified_on)::date;
  NEW.source_id := neutral_source(NEW.source_id);
  RETURN NEW;
END $$;
