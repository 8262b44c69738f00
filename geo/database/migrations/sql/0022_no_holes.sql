-- Where a public shelter is hidden, the times that led to it went, and the estimate stood in for just these: a hole around it.
-- Now all times of its category wait for the next refresh. Those that were computed before a hiding, too.
CREATE OR REPLACE FUNCTION lakana.travel_minutes(
  wanted lakana.service_category, by lakana.travel_mode, during lakana.season
) RETURNS TABLE (
  demand_point_id uuid, area_id uuid, under_18 integer, service_id uuid, minutes double precision, network boolean,
  off_road_m double precision, beyond_roads boolean, distance_m double precision
) LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000 AS $$
  SELECT a.demand_point_id, a.area_id, a.under_18,
    CASE WHEN t.demand_point_id IS NULL THEN a.service_id ELSE t.service_id END,
    CASE WHEN t.demand_point_id IS NULL THEN a.distance_m * e.detour / (e.speed_km_h * 1000 / 60) ELSE t.minutes END,
    t.demand_point_id IS NOT NULL, t.off_road_m, coalesce(t.beyond_roads, false), a.distance_m
  FROM lakana.access a
  JOIN lakana.travel_estimate e ON e.mode = by AND e.season = during
  LEFT JOIN lakana.travel_time t ON t.category = wanted AND t.mode = by AND t.season = during
    AND t.demand_point_id = a.demand_point_id
    AND EXISTS (SELECT FROM lakana.travel_refresh r WHERE r.category = wanted AND r.computed_at IS NOT NULL)
  WHERE a.category = wanted
$$;

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
  PERFORM note_travel_change(touched);
  RETURN NULL;
END $$;

UPDATE lakana.travel_refresh SET computed_at = NULL, stale_since = NULL
WHERE stale_since IS NOT NULL AND category IN (SELECT category FROM lakana.service WHERE confidential);
