-- Rows with the code of an earlier one: those that say the same are folded, others are refused.
WITH ranked AS (
  SELECT file, "row", code, name_fr, row_number() OVER each_code AS turn, first_value("row") OVER each_code AS other,
         first_value(name_fr) OVER each_code AS other_name,
         first_value((level, name_fr, parent_code, ST_AsBinary(geom))::text) OVER each_code
           = (level, name_fr, parent_code, ST_AsBinary(geom))::text AS same
  FROM staged WINDOW each_code AS (PARTITION BY code ORDER BY file, "row")
), gone AS (
  DELETE FROM staged s USING ranked r WHERE r.turn > 1 AND (s.file, s."row") = (r.file, r."row")
)
SELECT file, "row", 'code' AS field, code AS value,
       CASE WHEN same THEN 'SAID_AGAIN' WHEN name_fr <> other_name THEN 'NAMES_DIFFER' ELSE 'SAID_TWICE' END AS trouble,
       jsonb_build_object('other', CASE WHEN name_fr <> other_name THEN other_name ELSE other::text END, 'code', code, 'name', name_fr) AS told
FROM ranked WHERE turn > 1 ORDER BY file, "row"
