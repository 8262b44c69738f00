-- covered: as in covered_one.sql, of several categories. Only where the nearest and the farthest point of a block do not tell,
-- are its points looked at. Wants needed and reach(most).
covered AS MATERIALIZED (
  SELECT b.area_set_id, b.in_locality, sum(b.under_18) AS population,
         sum(CASE WHEN {farthest_of_last} <= most THEN b.under_18
                  WHEN {farthest_of_first} <= most THEN (
                    SELECT coalesce(sum(p.under_18) FILTER (WHERE {farthest} <= most), 0)
                    FROM unnest(b.children, {arrays}) AS p(under_18, {names}))
                  ELSE 0 END) AS covered
  FROM reach CROSS JOIN lakana.demand_block b
  {joins}
  GROUP BY b.area_set_id, b.in_locality
)
