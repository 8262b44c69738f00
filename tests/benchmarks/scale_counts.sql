-- A made-up nation: 36 regions of 20 districts as squares, localities around 400 towns and scattered between, cells of population,
-- actors, services, and counts released for two years. A hash of a number stands for chance, so the same sizes give the same nation.
-- Binds: points (demand points, of which one in a hundred is a cell), services, actors. Triggers are off: what they derive is given.
CREATE FUNCTION pg_temp.chance(n bigint, salt text) RETURNS double precision LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('x' || substr(md5(salt || n), 1, 8))::bit(32)::bigint / 4294967296.0 $$;

INSERT INTO lakana.source (id, key, name, licence, illustrative) VALUES (md5('source')::uuid, 'made-up', 'Made up', 'CC0', true);
INSERT INTO lakana.admin_area (id, scheme, edition, code, level, name_fr, parent_id, geom, source_id)
SELECT md5('N')::uuid, 'MU', '1', 'N', 0, 'Nation', NULL, ST_Multi(ST_MakeEnvelope(3, 4.5, 15, 13.5, 4326)), md5('source')::uuid
UNION ALL
SELECT md5('R' || r)::uuid, 'MU', '1', 'R' || r, 1, 'Région ' || r, md5('N')::uuid,
       ST_Multi(ST_MakeEnvelope(3 + 2 * (r % 6), 4.5 + 1.5 * (r / 6), 5 + 2 * (r % 6), 6 + 1.5 * (r / 6), 4326)), md5('source')::uuid
FROM generate_series(0, 35) AS r
UNION ALL
SELECT md5('D' || d)::uuid, 'MU', '1', 'D' || d, 2, 'District ' || d, md5('R' || d / 20)::uuid,
       ST_Multi(ST_MakeEnvelope(west, south, west + 0.4, south + 0.375, 4326)), md5('source')::uuid
FROM generate_series(0, 719) AS d,
     LATERAL (SELECT 3 + 2 * (d / 20 % 6) + 0.4 * (d % 5) AS west, 4.5 + 1.5 * (d / 120) + 0.375 * (d % 20 / 5) AS south) AS corner;

SET LOCAL session_replication_role = replica;
CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT n, md5('L' || n)::uuid AS id, lon, lat, people, people / 2 AS under_18,
       md5('D' || 20 * (least(5, floor((lon - 3) / 2))::int + 6 * least(5, floor((lat - 4.5) / 1.5))::int)
         + least(4, floor((lon - 3 - 2 * least(5, floor((lon - 3) / 2))) / 0.4))::int
         + 5 * least(3, floor((lat - 4.5 - 1.5 * least(5, floor((lat - 4.5) / 1.5))) / 0.375))::int)::uuid AS area_id
FROM (
  SELECT n, least(14.999, greatest(3.001, town_lon + away * cos(turn))) AS lon, least(13.499, greatest(4.501, town_lat + away * sin(turn))) AS lat,
         -- As towns are: few are large, and the large ones lie where many live.
         least(400000, (60 / power(1 - 0.9999 * pg_temp.chance(n, 'people'), 0.8)))::int AS people
  FROM generate_series(1, CAST(:points AS int)) AS n,
       LATERAL (SELECT (400 * power(pg_temp.chance(n, 'town'), 2))::int AS town) AS t,
       LATERAL (SELECT 3.2 + 11.6 * pg_temp.chance(town, 'lon') AS town_lon, 4.7 + 8.6 * pg_temp.chance(town, 'lat') AS town_lat,
                       CASE WHEN n % 3 = 0 THEN 6 ELSE 0.6 END * power(pg_temp.chance(n, 'away'), 1.5) AS away,
                       2 * pi() * pg_temp.chance(n, 'turn') AS turn) AS near
) AS drawn;

INSERT INTO lakana.locality (id, scheme, code, name_fr, area_id, area_set_id, point, population, under_18, population_year, source_id)
SELECT id, 'MU', 'L' || n, 'Village ' || substr(md5('name' || n), 1, 6), area_id, area_id, ST_Point(lon, lat, 4326)::geography,
       people, under_18, 2022, md5('source')::uuid
FROM place WHERE n % 100 > 0;
INSERT INTO lakana.demand_point (id, locality_id, area_id, area_set_id, point, population, under_18, block_id, source_id)
SELECT md5('P' || n)::uuid, CASE WHEN n % 100 > 0 THEN id END, area_id, area_id, ST_Point(lon, lat, 4326)::geography, people, under_18,
       lakana.block_of(area_id, ST_Point(lon, lat, 4326)::geography, n % 100 > 0), md5('source')::uuid
FROM place;
SELECT lakana.make_blocks(array_agg(DISTINCT block_id)) FROM lakana.demand_point;

INSERT INTO lakana.actor (id, kind, name, point, area_id, area_set_id, verified_on, source_id)
SELECT md5('A' || a)::uuid, (enum_range(NULL::lakana.actor_kind))[1 + a % 21], 'Acteur ' || a, ST_Point(lon, lat, 4326)::geography,
       area_id, area_id, DATE '2025-01-01' + a % 300, md5('source')::uuid
FROM generate_series(1, CAST(:actors AS int)) AS a JOIN place ON n = 1 + (a * 7919::bigint % :points)
UNION ALL
SELECT md5('A0')::uuid, 'NGO', 'Acteur 0', ST_Point(8, 8, 4326)::geography, md5('D0')::uuid, md5('D0')::uuid, NULL, md5('source')::uuid;

-- Twenty shelters; of the other sixteen categories the rest.
INSERT INTO lakana.service (id, actor_id, name, category, point, area_id, area_set_id, capacity, verified_on, source_id)
SELECT md5('S' || s)::uuid, md5('A0')::uuid, 'Service ' || s,
       CASE WHEN s <= 20 THEN 'SAFE_SHELTER' ELSE (array_remove(enum_range(NULL::lakana.service_category), 'SAFE_SHELTER'))[1 + s % 16] END,
       ST_Point(lon, lat, 4326)::geography, area_id, area_id, 20, DATE '2025-06-01' + s % 150, md5('source')::uuid
FROM generate_series(1, CAST(:services AS int)) AS s JOIN place ON n = 1 + (s * 104729::bigint % :points);
INSERT INTO lakana.service_spot (category, point, geocentric, service_id)
SELECT category, place::geography, lakana.geocentric(place::geography), CASE WHEN cardinality(ids) = 1 THEN ids[1] END
FROM (SELECT category, point::geometry AS place, array_agg(id) AS ids FROM lakana.service GROUP BY category, point::geometry) AS spot;
INSERT INTO lakana.shelter (service_id, occupancy, girls, boys) SELECT id, 3, true, true FROM lakana.service WHERE category = 'SAFE_SHELTER';

INSERT INTO lakana.release (quarter, revision)
SELECT y || '-Q' || q, 0 FROM generate_series(2024, 2025) AS y, generate_series(1, 4) AS q ORDER BY 1;
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
SELECT period, p.id AS locality_id, p.area_id,
       (pg_temp.chance(n, 'silent') > 0.05)::int AS reporting,
       -- More is reported around some towns, and a little more each quarter.
       5 * floor(under_18 / 4000.0 * (1 + 4 * power(sin(lon * 3) * cos(lat * 4), 4)) * weight + pg_temp.chance(n, period))::int AS count
FROM place p, (
  SELECT quarter AS period, 1 + number / 10.0 AS weight FROM lakana.release UNION ALL VALUES ('2024', 5.0), ('2025', 7.0)
) AS span WHERE n % 100 > 0;
INSERT INTO lakana.reporting (period, level, locality_id, localities_reporting, localities_expected, reporters)
SELECT period, 'LOCALITY', locality_id, reporting, 1, CASE reporting WHEN 1 THEN md5(locality_id::text) ELSE '' END FROM told ORDER BY period;
INSERT INTO lakana.published_count
  (release_number, current, level, locality_id, period, count, source_id, localities_reporting, localities_expected, reporters)
SELECT 8, true, 'LOCALITY', locality_id, period, count, md5('source')::uuid, 1, 1, md5(locality_id::text) FROM told WHERE reporting = 1 ORDER BY period;
CREATE TEMPORARY TABLE summed ON COMMIT DROP AS
SELECT period, w.ancestor_id AS area_id, (enum_range(NULL::lakana.area_level))[a.level + 1] AS level, sum(reporting) AS reporting,
       count(*) AS expected, sum(count) FILTER (WHERE reporting = 1) AS count
FROM told JOIN lakana.area_within w ON w.area_id = told.area_id JOIN lakana.admin_area a ON a.id = w.ancestor_id
GROUP BY period, w.ancestor_id, a.level;
INSERT INTO lakana.reporting (period, level, area_id, localities_reporting, localities_expected, reporters)
SELECT period, level, area_id, reporting, expected, md5(area_id::text) FROM summed;
INSERT INTO lakana.published_count
  (release_number, current, level, area_id, period, count, source_id, localities_reporting, localities_expected, reporters)
SELECT 8, true, level, area_id, period, coalesce(count, 0), md5('source')::uuid, reporting, expected, md5(area_id::text) FROM summed
WHERE reporting > 0;
SET LOCAL session_replication_role = origin
