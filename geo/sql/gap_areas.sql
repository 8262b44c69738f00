-- An area less the catchments of a category's services: the parts of what is left, and in the row of number 0 the whole.
-- Binds: category; the reach in metres on the spheroid, written :reach here; area_code (NULL: the home nation);
-- simplify_m, how far an outline may move; corners, how many a catchment has.
WITH scope(id) AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area())
), asked AS MATERIALIZED (
  -- An outline that moves by more than a tenth of the reach would say nothing of the catchments.
  SELECT metres, least(CAST(:simplify_m AS double precision), metres / 10) AS tolerance_m
  FROM (SELECT :reach AS metres) reach
), region AS MATERIALIZED (
  -- A nation of one division without outlines is the same land in the other division.
  SELECT a.geom FROM scope JOIN lakana.area_within w ON w.area_id = scope.id
  JOIN lakana.admin_area a ON a.id = w.ancestor_id JOIN lakana.admin_area own ON own.id = scope.id
  WHERE a.geom IS NOT NULL AND (a.id = own.id OR a.level = 0 AND own.level = 0)
  ORDER BY a.id <> own.id, a.id LIMIT 1
), centre AS MATERIALIZED (
  -- Many services stand close together in a town: one in a square of a third of the tolerance speaks for them.
  SELECT DISTINCT ON (ST_SnapToGrid(point, tolerance_m / 3 / 111700)) point, metres
  FROM (
    SELECT s.point::geometry AS point, asked.metres, asked.tolerance_m, s.id
    FROM asked CROSS JOIN region JOIN lakana.service s ON ST_DWithin(s.point, region.geom::geography, asked.metres)
    WHERE s.category = CAST(:category AS lakana.service_category)
      AND abs(ST_Y(s.point::geometry)) <= 81  -- nearer to a pole a circle of 1,000 km would go round it
  ) near
  ORDER BY ST_SnapToGrid(point, tolerance_m / 3 / 111700), id
), corner AS (
  -- The corners stand farther out than the reach, so that the sides touch it in their middles.
  SELECT point, n, ST_X(point) AS lon,
         ST_Project(point::geography, metres / cos(pi() / CAST(:corners AS integer)),
                    -2 * pi() * (n % CAST(:corners AS integer)) / CAST(:corners AS integer))::geometry AS place
  FROM centre CROSS JOIN generate_series(0, CAST(:corners AS integer)) AS n
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
  SELECT (ST_Dump(CASE WHEN reached.geom IS NULL THEN ST_ReducePrecision(region.geom, 1e-6)
                       ELSE ST_Difference(region.geom, reached.geom, 1e-6) END)).geom
  FROM region CROSS JOIN reached
), measured AS MATERIALIZED (
  SELECT geom, ST_Area(geom::geography) AS area_m2 FROM piece WHERE ST_Dimension(geom) = 2
), kept AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY area_m2 DESC, geom)::integer AS number, geom, area_m2
  FROM measured WHERE area_m2 >= CAST(:least_m2 AS double precision) ORDER BY area_m2 DESC, geom LIMIT 200
), whole AS MATERIALIZED (
  SELECT coalesce(ST_Multi(ST_Collect(geom ORDER BY number)), ST_GeomFromText('MULTIPOLYGON EMPTY', 4326)) AS geom,
         coalesce(sum(area_m2), 0) AS area_m2 FROM kept
), simple AS MATERIALIZED (
  -- Two thirds of the tolerance: one third went into the choice of services. A degree is nowhere longer than 111.7 km.
  -- All parts at once, so that they keep clear of each other; should that fail all the same, they stay as they are.
  SELECT tried.tolerance_m, tried.geom FROM asked CROSS JOIN whole CROSS JOIN LATERAL (
    SELECT share * asked.tolerance_m AS tolerance_m,
           CASE WHEN share > 0
             THEN ST_Multi(ST_SimplifyPreserveTopology(whole.geom, share * asked.tolerance_m * 2 / 3 / 111700))
             ELSE whole.geom END AS geom
    FROM unnest(ARRAY[1.0, 0.25, 0.0]::double precision[]) share
  ) tried
  WHERE ST_IsValid(tried.geom) AND ST_NumGeometries(tried.geom) = ST_NumGeometries(whole.geom)
  ORDER BY tried.tolerance_m DESC LIMIT 1
), uncovered AS MATERIALIZED (
  SELECT d.point::geometry AS point, d.under_18
  FROM asked CROSS JOIN lakana.demand_point d
  JOIN lakana.area_within w ON w.area_id = d.area_id AND w.ancestor_id = (SELECT id FROM scope)
  LEFT JOIN lakana.access x ON x.demand_point_id = d.id AND x.category = CAST(:category AS lakana.service_category)
  WHERE x.distance_m IS NULL OR x.distance_m > asked.metres
)
SELECT kept.number, ST_GeometryN(simple.geom, kept.number) AS geom, kept.area_m2, coalesce(lived.under_18, 0)::bigint
         AS uncovered_under_18, NULL::double precision AS region_m2, NULL::double precision AS left_out_m2,
       simple.tolerance_m
FROM kept CROSS JOIN simple
LEFT JOIN LATERAL (SELECT sum(u.under_18) AS under_18 FROM uncovered u WHERE ST_Intersects(kept.geom, u.point)) lived
  ON true
UNION ALL
SELECT 0, CASE WHEN region.geom IS NOT NULL THEN simple.geom END,
       CASE WHEN region.geom IS NOT NULL THEN whole.area_m2 END,
       (SELECT coalesce(sum(under_18), 0) FROM uncovered)::bigint, ST_Area(region.geom::geography),
       CASE WHEN region.geom IS NOT NULL THEN (SELECT coalesce(sum(area_m2), 0) FROM measured) - whole.area_m2 END,
       simple.tolerance_m
FROM simple CROSS JOIN whole LEFT JOIN region ON true
