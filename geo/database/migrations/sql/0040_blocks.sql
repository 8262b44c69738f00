-- Distances by block: demand points of one set of areas that stand close together share a row for each category. A row for
-- each point and category was nine times as large, and every answer read the rows of all points.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- The block of a point: its set of areas, its square of half a degree, and whether it is a locality. The same in every database.
CREATE FUNCTION lakana.block_of(area_set uuid, place geography, in_locality boolean) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT md5(area_set::text || ' ' || floor(2 * ST_X(place::geometry)) || ' ' || floor(2 * ST_Y(place::geometry)) || ' '
             || in_locality)::uuid
$$;

CREATE FUNCTION lakana.settle_block() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.block_id := block_of(NEW.area_set_id, NEW.point, NEW.locality_id IS NOT NULL);
  RETURN NEW;
END $$;

ALTER TABLE lakana.demand_point ADD COLUMN block_id uuid;
ALTER TABLE lakana.demand_point DISABLE TRIGGER USER;
UPDATE lakana.demand_point SET block_id = lakana.block_of(area_set_id, point, locality_id IS NOT NULL);
ALTER TABLE lakana.demand_point ENABLE TRIGGER USER;
ALTER TABLE lakana.demand_point ALTER COLUMN block_id SET NOT NULL;
CREATE INDEX demand_point_block_id_idx ON lakana.demand_point (block_id);
-- After settle_area_set, by its name.
CREATE TRIGGER settle_block BEFORE INSERT OR UPDATE ON lakana.demand_point
FOR EACH ROW EXECUTE FUNCTION lakana.settle_block();

-- Points by ascending id: where each is, its locality (NULL in a block of cells), and its children under 18, whose sum is under_18.
-- None is farther from the centre, through the earth, than radius_m.
CREATE TABLE lakana.demand_block (
  id UUID NOT NULL,
  area_set_id UUID NOT NULL,
  in_locality BOOLEAN NOT NULL,
  point_ids UUID[] NOT NULL,
  points geography(POINT,4326)[] NOT NULL,
  locality_ids UUID[] NOT NULL,
  children INTEGER[] NOT NULL,
  under_18 BIGINT NOT NULL,
  centre geometry(POINTZ) NOT NULL,
  radius_m DOUBLE PRECISION NOT NULL,
  CONSTRAINT demand_block_pkey PRIMARY KEY (id)
);
-- What sums read stays in the row.
ALTER TABLE lakana.demand_block ALTER point_ids SET STORAGE EXTERNAL, ALTER points SET STORAGE EXTERNAL,
  ALTER locality_ids SET STORAGE EXTERNAL, ALTER children SET STORAGE EXTERNAL;
CREATE INDEX demand_block_area_set_id_idx ON lakana.demand_block (area_set_id);

-- Block × category: of each point, in the order of the block, the nearest service and the metres to it. And what a sum needs:
-- these metres in ascending order, with the children who live at most so far. No row where the category has no service.
CREATE TABLE lakana.block_access (
  category lakana.service_category NOT NULL,
  block_id UUID NOT NULL,
  service_ids UUID[] NOT NULL,
  distances_m DOUBLE PRECISION[] NOT NULL,
  ascending_m DOUBLE PRECISION[] NOT NULL,
  children_within BIGINT[] NOT NULL,
  CONSTRAINT block_access_pkey PRIMARY KEY (category, block_id)
);
-- What answers read stays in the row, uncompressed; services, the largest, are the first to be kept apart.
ALTER TABLE lakana.block_access SET (toast_tuple_target = 8160);
ALTER TABLE lakana.block_access ALTER service_ids SET STORAGE EXTERNAL, ALTER distances_m SET STORAGE EXTERNAL,
  ALTER ascending_m SET STORAGE EXTERNAL, ALTER children_within SET STORAGE EXTERNAL;

-- Make the blocks of these ids again from their points; one without a point goes.
CREATE FUNCTION lakana.make_blocks(wanted uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  INSERT INTO demand_block AS b
  SELECT block_id, area_set_id, in_locality, point_ids, points, locality_ids, children, under_18, centre,
         (SELECT max(ST_3DDistance(place, centre)) FROM unnest(places) AS place)
  FROM (
    SELECT block_id, (array_agg(area_set_id))[1] AS area_set_id, bool_or(locality_id IS NOT NULL) AS in_locality,
           array_agg(id ORDER BY id) AS point_ids, array_agg(point ORDER BY id) AS points,
           array_agg(locality_id ORDER BY id) AS locality_ids, array_agg(under_18 ORDER BY id) AS children, sum(under_18) AS under_18,
           array_agg(place) AS places, ST_MakePoint(avg(ST_X(place)), avg(ST_Y(place)), avg(ST_Z(place))) AS centre
    FROM (SELECT *, geocentric(point) AS place FROM demand_point WHERE block_id = ANY (wanted) OFFSET 0) placed
    GROUP BY block_id
  ) made
  ON CONFLICT (id) DO UPDATE SET point_ids = excluded.point_ids, points = excluded.points, locality_ids = excluded.locality_ids,
    children = excluded.children, under_18 = excluded.under_18, centre = excluded.centre, radius_m = excluded.radius_m;
  WITH gone AS (
    DELETE FROM demand_block b USING unnest(wanted) AS w(id)
    WHERE b.id = w.id AND NOT EXISTS (SELECT FROM demand_point d WHERE d.block_id = w.id) RETURNING b.id
  )
  DELETE FROM block_access a USING gone WHERE a.block_id = gone.id;
END $$;

SELECT lakana.make_blocks(array_agg(DISTINCT block_id)) FROM lakana.demand_point HAVING count(*) > 0;

INSERT INTO lakana.block_access
SELECT category, block_id, array_agg(service_id ORDER BY id), array_agg(distance_m ORDER BY id),
       array_agg(distance_m ORDER BY distance_m), array_agg(children_within ORDER BY distance_m)
FROM (
  SELECT a.category, d.block_id, d.id, a.service_id, a.distance_m,
         sum(d.under_18) OVER (PARTITION BY a.category, d.block_id ORDER BY a.distance_m)::bigint AS children_within
  FROM lakana.access a JOIN lakana.demand_point d ON d.id = a.demand_point_id
) pair
GROUP BY category, block_id;
DROP TABLE lakana.access;

-- Demand point × category → nearest service. Ask for one category, or a few.
CREATE VIEW lakana.access AS
SELECT a.category, p.demand_point_id, p.service_id, p.distance_m, p.under_18, b.area_set_id, b.id AS block_id
FROM lakana.block_access a JOIN lakana.demand_block b ON b.id = a.block_id
CROSS JOIN LATERAL unnest(b.point_ids, a.service_ids, a.distances_m, b.children) AS p(demand_point_id, service_id, distance_m, under_18);

REVOKE ALL ON TABLE lakana.demand_block, lakana.block_access, lakana.access FROM PUBLIC;
GRANT SELECT ON lakana.demand_block, lakana.block_access, lakana.access
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
REVOKE EXECUTE ON FUNCTION lakana.block_of, lakana.settle_block, lakana.make_blocks FROM PUBLIC;
SELECT lakana.follow_public('lakana.demand_point');
SELECT lakana.follow_public('lakana.demand_block');
SELECT lakana.follow_public('lakana.block_access');
