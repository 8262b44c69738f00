-- The people and children of the areas that share those of a larger one, by largest remainders. What its localities hold that lie in
-- none of these areas, as those outside of every outline do, is not shared out.
WITH latest AS MATERIALIZED (
  SELECT DISTINCT ON (area_id) area_id, total, under_18 FROM lakana.area_population ORDER BY area_id, year DESC
), whole AS MATERIALIZED (
  SELECT l.area_id AS id, greatest(l.total - coalesce(outside.people, 0), 0) AS people,
         greatest(l.under_18 - coalesce(outside.children, 0), 0) AS children
  FROM latest l CROSS JOIN LATERAL (
    SELECT sum(t.population) AS people, sum(t.under_18) AS children
    FROM demand_wanted p JOIN lakana.locality t ON t.id = p.locality_id JOIN lakana.area_within w ON w.area_id = p.area_set_id
    WHERE p.unit_id IS NULL AND w.ancestor_id = l.area_id) outside
  WHERE l.area_id IN (SELECT whole_id FROM demand_unit)
), exact AS MATERIALIZED (
  SELECT u.id, w.id AS whole_id, w.people::double precision * u.weight / nullif(sum(u.weight) OVER each_whole, 0) AS people,
         w.children::double precision * u.weight / nullif(sum(u.weight) OVER each_whole, 0) AS children
  FROM demand_unit u JOIN whole w ON w.id = u.whole_id WINDOW each_whole AS (PARTITION BY w.id)
), ranked AS (
  SELECT id, floor(people) AS people, floor(children) AS children,
         row_number() OVER (PARTITION BY whole_id ORDER BY people - floor(people) DESC, id) AS turn,
         row_number() OVER (PARTITION BY whole_id ORDER BY children - floor(children) DESC, id) AS turn_of_children,
         round(sum(people - floor(people)) OVER (PARTITION BY whole_id)) AS left_over,
         round(sum(children - floor(children)) OVER (PARTITION BY whole_id)) AS children_left_over
  FROM exact
)
UPDATE demand_unit u SET people = r.people + (r.turn <= r.left_over)::integer,
                         children = r.children + (r.turn_of_children <= r.children_left_over)::integer
FROM ranked r WHERE r.id = u.id
