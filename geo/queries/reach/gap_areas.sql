-- An area less the catchments of a category's services of its nation: the parts of what is left, and in the row of number 0 the whole.
-- Binds: category; the reach in metres on the spheroid, written :reach here; area_code (NULL: the home nation);
-- simplify_m, how far an outline may move; least_m2, the least area of a part;
-- most_services, the most that catchments are drawn of.
WITH scope(id) AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area())
), toleranced AS (
  -- An outline that moves by more than a tenth of the reach would say nothing of the catchments.
  SELECT metres, least(CAST(:simplify_m AS double precision), metres / 10) AS tolerance_m
  FROM (SELECT :reach AS metres) reach
), asked AS MATERIALIZED (
  -- As many corners as keep the sides of a catchment within a third of the tolerance of its circle; 128 say 0.03 %.
  SELECT metres, tolerance_m, CASE WHEN tolerance_m > 0
    THEN least(128, ceil(pi() / acos(1 / (1 + tolerance_m / 3 / metres)))) ELSE 128 END::integer AS corners
  FROM toleranced
), region AS MATERIALIZED (
  -- A nation of one division without outlines is the same land in the other division.
  SELECT a.geom FROM scope JOIN lakana.area_within w ON w.area_id = scope.id
  JOIN lakana.admin_area a ON a.id = w.ancestor_id JOIN lakana.admin_area own ON own.id = scope.id
  WHERE a.geom IS NOT NULL AND (a.id = own.id OR a.level = 0 AND own.level = 0)
  ORDER BY a.id <> own.id, a.id LIMIT 1
), around AS MATERIALIZED (
  -- Where a service may stand whose catchment meets the region; a box, since measuring to its outline is dear. The
  -- margins are those of the shortest degrees that the reach can come to.
  SELECT ST_Expand(
    geom,
    metres * 1.01 / (111320 * cos(radians(least(greatest(abs(ST_YMin(geom)), abs(ST_YMax(geom))) + metres / 110574, 87)))),
    metres * 1.01 / 110574) AS geom
  FROM region CROSS JOIN asked
), centre AS MATERIALIZED (
  -- Many services stand close together in a town: one in a square of a third of the tolerance speaks for them.
  SELECT DISTINCT ON (ST_SnapToGrid(s.point::geometry, tolerance_m / 3 / 1.5 / 111700)) s.point::geometry AS point
  FROM asked CROSS JOIN around CROSS JOIN (VALUES (0), (360), (-360)) AS other_side(lon)
  JOIN lakana.service s ON s.point::geometry && ST_Translate(around.geom, lon, 0)
  WHERE s.category = CAST(:category AS lakana.service_category)
    AND (NOT (SELECT lakana.several_nations()) OR s.area_set_id IN (
      SELECT area_id FROM lakana.area_nation WHERE nation_id = lakana.nation_of((SELECT id FROM scope))))
    AND abs(ST_Y(s.point::geometry)) <= 81  -- nearer to a pole a circle of 1,000 km would go round it
  ORDER BY ST_SnapToGrid(s.point::geometry, tolerance_m / 3 / 1.5 / 111700), s.id
), drawable AS MATERIALIZED (
  -- GEOS can hardly be interrupted while it cuts out a hole, so there is a limit to how many there may be.
  SELECT geom FROM region WHERE (SELECT count(*) FROM centre) <= CAST(:most_services AS integer)
), corner AS MATERIALIZED (  -- or each corner would be worked out once for every coordinate
  -- The corners stand farther out than the reach, so that the sides touch it in their middles.
  SELECT point, n, ST_X(point) AS lon,
         ST_Project(point::geography, metres / cos(pi() / corners), -2 * pi() * (n % corners) / corners)::geometry AS place
  FROM asked CROSS JOIN drawable CROSS JOIN centre CROSS JOIN generate_series(0, corners) AS n
), catchment AS (
  -- Past the antimeridian longitudes go on, and what lies there is laid where the other side has it as well.
  SELECT ST_MakePolygon(ST_MakeLine(
    ST_MakePoint(ST_X(place) + 360 * round((lon - ST_X(place)) / 360), ST_Y(place)) ORDER BY n)) AS geom
  FROM corner GROUP BY point
), reached AS MATERIALIZED (
  SELECT ST_SetSRID(ST_Union(geom), 4326) AS geom FROM (
    SELECT geom FROM catchment
    UNION ALL SELECT ST_Translate(geom, 360, 0) FROM catchment WHERE ST_XMin(geom) < -180
    UNION ALL SELECT ST_Translate(geom, -360, 0) FROM catchment WHERE ST_XMax(geom) > 180
  ) laid
), piece AS MATERIALIZED (
  -- On a grid of a millionth of a degree, in which the answer is written, so that it is valid as it is written.
  SELECT (ST_Dump(CASE WHEN reached.geom IS NULL THEN ST_ReducePrecision(drawable.geom, 1e-6)
                       ELSE ST_Difference(drawable.geom, reached.geom, 1e-6) END)).geom
  FROM drawable CROSS JOIN reached
), measured AS MATERIALIZED (
  SELECT geom, ST_Area(geom::geography) AS area_m2 FROM piece WHERE ST_Dimension(geom) = 2
), kept AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY area_m2 DESC, geom)::integer AS number, geom, area_m2
  FROM measured WHERE area_m2 >= CAST(:least_m2 AS double precision) ORDER BY area_m2 DESC, geom LIMIT 200
), whole AS MATERIALIZED (
  SELECT coalesce(ST_Multi(ST_Collect(geom ORDER BY number)), ST_GeomFromText('MULTIPOLYGON EMPTY', 4326)) AS geom,
         coalesce(sum(area_m2), 0) AS area_m2 FROM kept
), moved AS MATERIALIZED (
  -- A third of the tolerance went into the choice of services and one into the corners, which move outlines in and out
  -- of catchments, so two thirds are left each way. A degree is nowhere longer than 111.7 km. All parts at once, so that
  -- they keep clear of each other.
  SELECT CASE WHEN tolerance_m > 0
    THEN ST_Multi(ST_SimplifyPreserveTopology(whole.geom, tolerance_m * 2 / 3 / 111700)) ELSE whole.geom END AS geom
  FROM asked CROSS JOIN whole
), simple AS MATERIALIZED (
  -- Where they did not, they stay as they are.
  SELECT CASE WHEN sound THEN moved.geom ELSE whole.geom END AS geom, asked.tolerance_m
  FROM asked CROSS JOIN whole CROSS JOIN moved CROSS JOIN LATERAL (
    SELECT ST_IsValid(moved.geom) AND ST_NumGeometries(moved.geom) = ST_NumGeometries(whole.geom) AS sound) held
), counted AS MATERIALIZED (
  SELECT p.id, p.point::geometry AS point, p.under_18, p.distance_m
  FROM lakana.demand_block b
  JOIN lakana.area_within w ON w.area_id = b.area_set_id AND w.ancestor_id = (SELECT id FROM scope)
  LEFT JOIN lakana.block_access a ON a.block_id = b.id AND a.category = CAST(:category AS lakana.service_category)
  CROSS JOIN LATERAL unnest(b.point_ids, b.points, b.children, a.distances_m) AS p(id, point, under_18, distance_m)
), nobody(children) AS MATERIALIZED (
  -- How many children stand where no demand point does: 0, but nobody knows where none of the area is counted.
  SELECT CASE WHEN EXISTS (SELECT FROM counted) THEN 0 END
), uncovered AS MATERIALIZED (
  SELECT id, point, under_18 FROM counted CROSS JOIN asked WHERE distance_m IS NULL OR distance_m > metres
), shell AS MATERIALIZED (
  SELECT number, ST_MakePolygon(ST_ExteriorRing(geom)) AS geom FROM kept
), lived AS (
  -- A point out of reach lies in no catchment, so the holes of a part, of which there may be thousands, need no look;
  -- only a part inside the hole of another is to have its own.
  SELECT DISTINCT ON (inside.id) shell.number, inside.under_18
  FROM shell CROSS JOIN LATERAL (
    SELECT u.id, u.under_18 FROM uncovered u WHERE ST_Intersects(shell.geom, u.point) OFFSET 0
  ) inside
  ORDER BY inside.id, ST_Area(shell.geom), shell.number
), living AS (
  SELECT number, sum(under_18)::bigint AS under_18 FROM lived GROUP BY number
)
SELECT kept.number, ST_GeometryN(simple.geom, kept.number) AS geom, kept.area_m2,
       coalesce(living.under_18, nobody.children) AS uncovered_under_18, NULL::double precision AS region_m2,
       NULL::double precision AS left_out_m2, simple.tolerance_m
FROM kept CROSS JOIN simple CROSS JOIN nobody LEFT JOIN living USING (number)
UNION ALL
SELECT 0, CASE WHEN drawable.geom IS NOT NULL THEN simple.geom END,
       CASE WHEN drawable.geom IS NOT NULL THEN whole.area_m2 END,
       coalesce((SELECT sum(under_18) FROM uncovered), nobody.children)::bigint, ST_Area(region.geom::geography),
       CASE WHEN drawable.geom IS NOT NULL THEN (SELECT coalesce(sum(area_m2), 0) FROM measured) - whole.area_m2 END,
       simple.tolerance_m
FROM simple CROSS JOIN whole CROSS JOIN nobody LEFT JOIN region ON true LEFT JOIN drawable ON true
