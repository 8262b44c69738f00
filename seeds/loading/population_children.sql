-- Children that are a share of people add up over the areas of a level and year, by largest remainders. Bind: share, of 100.
WITH exact AS (
  SELECT s.file, s."row", a.level, s.year, s.total * CAST(:share AS double precision) / 100 AS children
  FROM staged s JOIN lakana.admin_area a ON a.id = s.area_id WHERE s.basis = 'CHILDREN_BY_SHARE'
), ranked AS (
  SELECT file, "row", floor(children) AS least, row_number() OVER (w ORDER BY children - floor(children) DESC, file, "row") AS turn,
         floor(sum(children) OVER w + 1e-6) - sum(floor(children)) OVER w AS left_over
  FROM exact WINDOW w AS (PARTITION BY level, year)
)
UPDATE staged s SET under_18 = r.least + (r.turn <= r.left_over)::integer FROM ranked r WHERE (r.file, r."row") = (s.file, s."row")
