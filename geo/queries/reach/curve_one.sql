-- reached: the children within each distance of one category, by its number. Wants edge, inside and needed.
reached AS (
  SELECT number, sum(a1.children_within[width_bucket(d, a1.ascending_m)]) AS children
  FROM lakana.demand_block b
  {joins}
  CROSS JOIN edge CROSS JOIN LATERAL unnest(distances) WITH ORDINALITY AS each(d, number)
  WHERE b.area_set_id IN (SELECT area_id FROM inside)
  GROUP BY number
)
