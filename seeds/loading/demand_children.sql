-- The children under 18 of each point: those of its area in the share that it has of its people, by largest remainders; where no number
-- is known of an area, its locality's own, else in the share that children have in its nation.
WITH share AS MATERIALIZED (
  SELECT n.id AS nation_id, coalesce(
    (SELECT sum(u.children)::double precision / nullif(sum(u.people), 0) FROM demand_unit u WHERE u.nation_id = n.id AND u.people IS NOT NULL),
    (SELECT sum(l.under_18)::double precision / nullif(sum(l.population), 0) FROM demand_wanted p JOIN lakana.locality l ON l.id = p.locality_id
     WHERE p.nation_id = n.id AND l.under_18 IS NOT NULL)) AS of_people
  FROM unnest(CAST(:nations AS uuid[])) AS n(id)
), exact AS MATERIALIZED (
  SELECT p.id, p.unit_id, p.population,
         CASE WHEN u.people > 0 THEN u.children::double precision * p.population / u.people
              ELSE coalesce(l.under_18::double precision * p.population / l.population, p.population * s.of_people) END AS children
  FROM demand_wanted p LEFT JOIN demand_unit u ON u.id = p.unit_id LEFT JOIN lakana.locality l ON l.id = p.locality_id JOIN share s ON s.nation_id = p.nation_id
), ranked AS (
  SELECT id, population, floor(children) AS least, row_number() OVER (w ORDER BY children - floor(children) DESC, id) AS turn,
         round(sum(children - floor(children)) OVER w) AS left_over
  FROM exact WINDOW w AS (PARTITION BY unit_id)
)
UPDATE demand_wanted p SET under_18 = least(r.population, r.least + (r.turn <= r.left_over)::integer) FROM ranked r WHERE r.id = p.id
