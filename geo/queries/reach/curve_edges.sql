-- edge: the distances of a curve, and inside: the areas whose children it counts. Wants scope. Bind: distances_m, metres in
-- ascending order; each is inclusive.
edge(distances) AS MATERIALIZED (
  SELECT CAST(:distances_m AS double precision[])
), inside AS MATERIALIZED (
  SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
)
