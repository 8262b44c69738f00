-- What of each area lies in which area of other divisions, and the other way round: of areas of one level the shares from one in a
-- hundred on, and the smallest area that holds all. All is 99 in a hundred, since outlines are drawn and simplified otherwise; or 90
-- both ways where both bear one name. Of two areas that hold each other, that of the division in use leads to the other and not back:
-- what lies in what must never run in a circle. Nothing that is in force leads to the division in use, which would then count as an
-- older one.
WITH outlined AS MATERIALIZED (
  SELECT id, level, name_key, geom, ST_Area(geom::geography) AS m2, (scheme, edition) = (:scheme, :edition) AS is_ours,
         (scheme, edition) = (:home_scheme, :home_edition) AS is_home, daterange(valid_from, valid_to) @> current_date AS in_force
  FROM lakana.admin_area WHERE geom IS NOT NULL
), pair AS MATERIALIZED (
  SELECT ours.id AS our_id, other.id AS other_id, ours.level AS our_level, other.level AS other_level, ours.is_home AS we_are_home,
         other.is_home AS they_are_home, ours.in_force AS we_are_in_force, other.in_force AS they_are_in_force,
         both_ways.m2 / ours.m2 AS our_share, both_ways.m2 / other.m2 AS their_share,
         ours.name_key = other.name_key AND ours.level = other.level AND both_ways.m2 >= 0.9 * greatest(ours.m2, other.m2) AS is_same
  FROM outlined ours JOIN outlined other ON ours.is_ours AND NOT other.is_ours AND ours.geom && other.geom
  CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(ours.geom, other.geom)::geography) AS m2) both_ways
), step AS (
  SELECT our_id AS from_id, other_id AS to_id, our_level AS from_level, other_level AS to_level, our_share AS share,
         is_same OR least(our_share, their_share) >= 0.99 AS is_same, we_are_home AS from_home
  FROM pair WHERE NOT (they_are_home AND we_are_in_force)
  UNION ALL
  SELECT other_id, our_id, other_level, our_level, their_share, is_same OR least(our_share, their_share) >= 0.99, they_are_home
  FROM pair WHERE NOT (we_are_home AND they_are_in_force)
), counted AS MATERIALIZED (
  SELECT from_id, to_id, from_level, to_level, CASE WHEN is_same OR share >= 0.99 THEN 1 ELSE share END AS share
  FROM step
  WHERE NOT is_same OR (from_home AND NOT EXISTS (
    SELECT FROM lakana.area_within w WHERE w.area_id = step.to_id AND w.ancestor_id = step.from_id))
), kept AS (
  SELECT c.* FROM counted c
  WHERE (c.share < 1 AND c.from_level = c.to_level AND c.share >= 0.01)
     OR (c.share = 1 AND c.from_level >= c.to_level AND NOT EXISTS (  -- what holds it by something smaller follows
       SELECT FROM counted smaller JOIN lakana.area_within w ON w.area_id = smaller.to_id AND w.ancestor_id = c.to_id
       WHERE smaller.from_id = c.from_id AND smaller.share = 1 AND smaller.to_id <> c.to_id))
)
INSERT INTO lakana.area_crosswalk (from_area_id, to_area_id, share, source_id)
SELECT from_id, to_id, share, CAST(:source_id AS uuid) FROM kept
ON CONFLICT (from_area_id, to_area_id) DO UPDATE SET share = excluded.share WHERE area_crosswalk.share <> excluded.share
