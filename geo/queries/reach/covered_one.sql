-- covered: children under 18 of the blocks of each set of areas, in localities and elsewhere, and those within the reach of one
-- category (inclusive): of each block the children at most so far. Wants needed and reach(most).
covered AS MATERIALIZED (
  SELECT b.area_set_id, b.in_locality, sum(b.under_18) AS population,
         sum(coalesce(a1.children_within[width_bucket((SELECT most FROM reach), a1.ascending_m)], 0)) AS covered
  FROM lakana.demand_block b
  {joins}
  GROUP BY b.area_set_id, b.in_locality
)
