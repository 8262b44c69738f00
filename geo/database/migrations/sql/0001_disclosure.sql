-- Where a confidential site may be said to stand: the published point of its area, whatever coordinate is offered.

-- The smallest area around this one with at least 50,000 people, 20 localities and a radius of 10 km.
CREATE FUNCTION lakana.disclosure_area(site_area uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  chosen uuid;
BEGIN
  SELECT a.id INTO chosen
  FROM area_within w JOIN admin_area a ON a.id = w.ancestor_id
  JOIN LATERAL (SELECT total FROM area_population p WHERE p.area_id = a.id ORDER BY year DESC LIMIT 1) p ON true
  WHERE w.area_id = site_area AND a.point IS NOT NULL
    AND p.total >= 50000 AND a.locality_count >= 20 AND a.radius_m >= 10000
  ORDER BY a.radius_m, a.id LIMIT 1;
  IF chosen IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'areaId', MESSAGE =
      'no area around this site is large enough to hide it (50,000 people, 20 localities, radius 10 km); '
      'give the population, localities and outline of an area above it first.';
  END IF;
  RETURN chosen;
END $$;

CREATE FUNCTION lakana.hide_confidential_site() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.confidential THEN
    NEW.area_id := disclosure_area(NEW.area_id);
    SELECT point, radius_m INTO NEW.point, NEW.radius_m FROM admin_area WHERE id = NEW.area_id;
    NEW.locality_id := NULL;
  ELSE
    NEW.radius_m := 0;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER hide_confidential_site BEFORE INSERT OR UPDATE ON lakana.service
FOR EACH ROW EXECUTE FUNCTION lakana.hide_confidential_site();

-- A site that moves to another disclosure area takes its public place along; a move inside its area writes nothing.
CREATE FUNCTION exact.publish_area() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE service SET area_id = NEW.area_id
  WHERE id = NEW.service_id AND confidential AND area_id <> disclosure_area(NEW.area_id);
  RETURN NULL;
END $$;

CREATE TRIGGER publish_area AFTER INSERT OR UPDATE ON exact.site
FOR EACH ROW EXECUTE FUNCTION exact.publish_area();

-- Statistics would tell the extent of the exact places to anybody: ST_EstimatedExtent asks for no right to the table.
ALTER TABLE exact.site ALTER COLUMN point SET STATISTICS 0;
