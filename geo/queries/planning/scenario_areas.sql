-- Children within reach of a category as it is and under each of some variants, by the parts of an area: for each variant
-- one row a part, and one for the whole. A demand point that no part holds counts for the area itself.
-- What is put in for the variants has for each its number, the category, the services that are gone and the sites that are
-- added. Binds: area_code (NULL: the home nation), level (NULL: one level down), those of the variants, and those of the
-- reach (metres on the spheroid, inclusive).
WITH scope(id) AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area())
), reach(reach_m) AS MATERIALIZED (
  SELECT {reach_m}
), part AS MATERIALIZED (
  SELECT id FROM lakana.parts_of((SELECT id FROM scope), CAST(:level AS integer)) AS below(id)
), held AS MATERIALIZED (
  SELECT DISTINCT ON (area_id) area_id AS area_set_id, ancestor_id AS part_id
  FROM lakana.area_within WHERE ancestor_id IN (SELECT id FROM part)
  ORDER BY area_id, ancestor_id
), variant AS (
{variants}
), by_area AS MATERIALIZED (
  SELECT v.number, d.area_set_id, sum(under_18) AS population,
    coalesce(sum(under_18) FILTER (WHERE before_m <= reach_m), 0) AS before,
    coalesce(sum(under_18) FILTER (WHERE after_m <= reach_m), 0) AS after,
    coalesce(sum(under_18) FILTER (WHERE after_m <= reach_m AND (before_m <= reach_m) IS NOT TRUE), 0) AS newly,
    coalesce(sum(under_18) FILTER (WHERE before_m <= reach_m AND (after_m <= reach_m) IS NOT TRUE), 0) AS lost,
    -- Decimal sums do not hang on the order of the rows: the same data give the same answer to the last digit.
    sum(CAST(under_18 * before_m AS numeric)) AS before_child_m,
    sum(CAST(under_18 * after_m AS numeric)) AS after_child_m,
    max(before_m) FILTER (WHERE under_18 > 0) AS before_max_m,
    max(after_m) FILTER (WHERE under_18 > 0) AS after_max_m
  FROM variant v, reach, lakana.distances_if(v.category, v.gone, v.sites) d
  GROUP BY v.number, d.area_set_id
), located AS (
  SELECT b.*, coalesce(part_id, scope.id) AS part_id, scope.id AS whole_id
  FROM scope
  JOIN lakana.area_within w ON w.ancestor_id = scope.id
  JOIN by_area b ON b.area_set_id = w.area_id
  LEFT JOIN held USING (area_set_id)
), summed AS (
  SELECT number, coalesce(part_id, whole_id) AS area_id, GROUPING(part_id) = 1 AS whole,
    sum(population)::bigint AS population_under_18, sum(before)::bigint AS covered_before_under_18,
    sum(after)::bigint AS covered_under_18, sum(newly)::bigint AS newly_covered_under_18, sum(lost)::bigint AS lost_under_18,
    CAST(sum(before_child_m) / nullif(sum(population), 0) AS double precision) AS mean_distance_before_m,
    CAST(sum(after_child_m) / nullif(sum(population), 0) AS double precision) AS mean_distance_m,
    max(before_max_m) AS max_distance_before_m, max(after_max_m) AS max_distance_m
  FROM located GROUP BY GROUPING SETS ((number, whole_id, part_id), (number, whole_id))
)
SELECT * FROM summed
UNION ALL
-- Nobody is counted.
SELECT number, scope.id, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM scope, variant WHERE NOT EXISTS (SELECT FROM summed)
