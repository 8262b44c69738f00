-- The nation of each cell; cells that lie in none, as those of seas and neighbours do, are left out in one note by the counts. Two cells
-- of one place are refused.
WITH nation AS MATERIALIZED (
  SELECT id, geom FROM lakana.admin_area
  WHERE level = 0 AND geom IS NOT NULL AND daterange(valid_from, valid_to) @> current_date AND NOT lakana.has_successor(id)
), numbered AS MATERIALIZED (
  SELECT file, "row", row_number() OVER (PARTITION BY lon, lat ORDER BY file, "row") AS turn, first_value("row") OVER (PARTITION BY lon, lat ORDER BY file, "row") AS other,
         ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS place
  FROM staged
), within AS MATERIALIZED (
  SELECT DISTINCT n.file, n."row" FROM nation a JOIN numbered n ON a.geom && n.place AND ST_Covers(a.geom, n.place)
), gone AS (
  DELETE FROM staged s USING numbered n
  WHERE (s.file, s."row") = (n.file, n."row") AND (n.turn > 1 OR NOT EXISTS (SELECT FROM within w WHERE (w.file, w."row") = (n.file, n."row")))
)
SELECT file, "row", NULL AS field, NULL AS value, CASE WHEN turn > 1 THEN 'SAID_TWICE' ELSE 'CELL_OUTSIDE' END AS trouble,
       jsonb_build_object('other', other) AS told
FROM numbered n WHERE turn > 1 OR NOT EXISTS (SELECT FROM within w WHERE (w.file, w."row") = (n.file, n."row"))
ORDER BY file, "row"
