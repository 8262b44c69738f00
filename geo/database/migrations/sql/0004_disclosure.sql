-- The public place of a confidential site follows its area: only areas in force hide anybody, and where an area's outline,
-- people, localities or place among the others change, the sites that it hid or could hide now are placed again.

CREATE OR REPLACE FUNCTION lakana.disclosure_area(site_area uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  chosen uuid;
BEGIN
  SELECT a.id INTO chosen
  FROM area_within w JOIN admin_area a ON a.id = w.ancestor_id
  JOIN LATERAL (SELECT total FROM area_population p WHERE p.area_id = a.id ORDER BY year DESC LIMIT 1) p ON true
  WHERE w.area_id = site_area AND a.point IS NOT NULL AND daterange(a.valid_from, a.valid_to) @> current_date
    AND p.total >= 50000 AND a.locality_count >= 20 AND a.radius_m >= 10000
  ORDER BY a.radius_m, a.id LIMIT 1;
  IF chosen IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'areaId', MESSAGE =
      'no area around this site is large enough to hide it (50,000 people, 20 localities, radius 10 km); '
      'give the population, localities and outline of an area above it first.';
  END IF;
  RETURN chosen;
END $$;

-- After statements on what disclosure_area reads. A site whose place stays the same is not written. Where no area is left
-- that hides a site, the statement is refused. A day on which an edition of the areas ends writes nothing by itself.
CREATE FUNCTION exact.publish_sites() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  UPDATE service s SET area_id = a.id
  FROM service known
  LEFT JOIN exact.site e ON e.service_id = known.id
  CROSS JOIN LATERAL disclosure_area(coalesce(e.area_id, known.area_id)) AS chosen(id)
  JOIN admin_area a ON a.id = chosen.id
  WHERE s.id = known.id AND known.confidential
    AND (known.area_id <> a.id OR known.radius_m <> a.radius_m OR NOT ST_OrderingEquals(known.point::geometry, a.point::geometry));
  RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION exact.publish_sites FROM PUBLIC;

-- By name after derive_area_within, which says what lies in what.
CREATE TRIGGER publish_sites AFTER INSERT OR DELETE OR UPDATE ON lakana.admin_area
FOR EACH STATEMENT EXECUTE FUNCTION exact.publish_sites();
CREATE TRIGGER publish_sites AFTER INSERT OR DELETE OR UPDATE ON lakana.area_population
FOR EACH STATEMENT EXECUTE FUNCTION exact.publish_sites();
CREATE TRIGGER publish_sites AFTER INSERT OR DELETE OR UPDATE ON lakana.area_crosswalk
FOR EACH STATEMENT EXECUTE FUNCTION exact.publish_sites();
