-- The people of each point, by largest remainders, so that the points of an area add up to its number. Where its localities would hold
-- more than there are, or there is nowhere else to live, all live in these. Where no number is known, each holds what it says.
WITH unit AS MATERIALIZED (
  SELECT u.id, u.people, coalesce(sum(p.weight) FILTER (WHERE p.locality_id IS NOT NULL), 0) AS in_towns,
         count(*) FILTER (WHERE p.locality_id IS NULL) AS cells, coalesce(sum(p.weight) FILTER (WHERE p.locality_id IS NULL), 0) AS in_cells
  FROM demand_unit u JOIN demand_wanted p ON p.unit_id = u.id GROUP BY u.id, u.people
), exact AS MATERIALIZED (
  SELECT p.id, p.unit_id, p.locality_id IS NOT NULL AS is_town,
         CASE WHEN u.id IS NULL OR u.people IS NULL THEN p.weight
              WHEN p.locality_id IS NULL THEN greatest(u.people - u.in_towns, 0) * p.weight / u.in_cells
              WHEN u.cells = 0 THEN u.people * p.weight / u.in_towns
              ELSE least(u.people, u.in_towns) * p.weight / u.in_towns END AS people
  FROM demand_wanted p LEFT JOIN unit u ON u.id = p.unit_id
), ranked AS (
  SELECT id, floor(people) AS least, row_number() OVER (w ORDER BY people - floor(people) DESC, id) AS turn,
         round(sum(people - floor(people)) OVER w) AS left_over
  FROM exact WINDOW w AS (PARTITION BY unit_id, is_town)
)
UPDATE demand_wanted p SET population = r.least + (r.turn <= r.left_over)::integer FROM ranked r WHERE r.id = p.id
