-- Rows with a figure that another row gives: those that say the same are folded, others are refused with all their figures.
WITH ranked AS (
  SELECT file, "row", row_number() OVER w AS turn, first_value("row") OVER w AS other,
         (value, below) IS NOT DISTINCT FROM (first_value(value) OVER w, first_value(below) OVER w) AS same, ctid AS place
  FROM figure WINDOW w AS (PARTITION BY publisher, indicator, breakdown, area_id, starts_on, ends_on, sex, age ORDER BY file, "row")
), told AS MATERIALIZED (
  SELECT file, "row", bool_and(same) AS same, min(other) AS other FROM ranked WHERE turn > 1 GROUP BY file, "row"
), gone AS (
  DELETE FROM figure f USING ranked r JOIN told t USING (file, "row")
  WHERE f.ctid = r.place AND (r.turn > 1 OR NOT t.same)
)
SELECT file, "row", NULL AS field, NULL AS value, CASE WHEN same THEN 'SAID_AGAIN' ELSE 'FIGURE_TWICE' END AS trouble,
       jsonb_build_object('other', other) AS told
FROM told ORDER BY file, "row"
