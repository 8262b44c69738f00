-- Each spot says which service stands there alone, so that the walk to the nearest need not look for it.
ALTER TABLE lakana.service_spot ADD COLUMN service_id UUID;

-- Anew, since an update of all rows would leave indexes twice as large.
TRUNCATE lakana.service_spot;
INSERT INTO lakana.service_spot (category, point, geocentric, service_id)
SELECT category, place::geography, lakana.geocentric(place::geography), CASE WHEN cardinality(ids) = 1 THEN ids[1] END
FROM (
  SELECT category, point::geometry AS place, array_agg(id) AS ids FROM lakana.service
  WHERE point IS NOT NULL GROUP BY category, point::geometry
) spots;

SELECT lakana.follow_public('lakana.service_spot');

-- Writers of a category wait for each other, as in follow_category: each must see what the other left at a spot.
CREATE OR REPLACE FUNCTION lakana.follow_spots() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  one service_category;
  came service_spot[] := '{}';
  gone service_spot[] := '{}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg((category, point, geocentric(point), NULL)::service_spot) INTO came FROM new_rows WHERE point IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg((category, point, geocentric(point), NULL)::service_spot) INTO gone FROM old_rows WHERE point IS NOT NULL;
  ELSE
    SELECT array_agg((n.category, n.point, geocentric(n.point), NULL)::service_spot) FILTER (WHERE n.point IS NOT NULL),
           array_agg((o.category, o.point, geocentric(o.point), NULL)::service_spot) FILTER (WHERE o.point IS NOT NULL)
    INTO came, gone
    FROM new_rows n FULL JOIN old_rows o USING (id)
    WHERE n.category IS DISTINCT FROM o.category OR n.point::geometry IS DISTINCT FROM o.point::geometry;
  END IF;
  FOR one IN SELECT DISTINCT category FROM unnest(came || gone) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(one::text));
  END LOOP;
  INSERT INTO service_spot AS t (category, point, geocentric, service_id)
  SELECT touched.category, touched.point, touched.geocentric, CASE WHEN cardinality(at.ids) = 1 THEN at.ids[1] END
  FROM (SELECT DISTINCT ON (category, point::geometry) * FROM unnest(came || gone)) touched CROSS JOIN LATERAL (
    SELECT ARRAY(
      SELECT s.id FROM service s
      WHERE s.category = touched.category AND s.point::geometry = touched.point::geometry ORDER BY s.id LIMIT 2) AS ids) at
  WHERE at.ids <> '{}'
  ON CONFLICT (category, (point::geometry)) DO UPDATE SET service_id = excluded.service_id
  WHERE t.service_id IS DISTINCT FROM excluded.service_id;
  DELETE FROM service_spot t USING unnest(gone) AS g
  WHERE t.category = g.category AND t.point::geometry = g.point::geometry AND NOT EXISTS (
    SELECT FROM service s WHERE s.category = t.category AND s.point::geometry = t.point::geometry);
  RETURN NULL;
END $$;
