-- Rows with the code of an earlier one, which their label tells: those that say the same are folded, others are refused.
WITH common AS MATERIALIZED (
  SELECT code FROM staged GROUP BY code HAVING count(*) > 1
), ranked AS (
  SELECT file, "row", label, first_value("row") OVER each_code AS other, first_value(file) OVER each_code AS other_file,
         row_number() OVER each_code AS turn, to_jsonb(staged) - 'row' - 'file' - 'codes' - 'names' AS told
  FROM staged WHERE code IN (SELECT code FROM common) WINDOW each_code AS (PARTITION BY code ORDER BY file, "row")
), again AS (
  SELECT a.*, a.told = b.told AS same
  FROM ranked a JOIN ranked b ON (b.file, b."row") = (a.other_file, a.other) AND b.turn = 1
  WHERE a.turn > 1
), gone AS (
  DELETE FROM staged s USING again WHERE (s.file, s."row") = (again.file, again."row")
)
SELECT file, "row", NULL AS field, label AS value, CASE WHEN same THEN 'SAID_AGAIN' ELSE 'SAID_TWICE' END AS trouble,
       jsonb_build_object('other', other) AS told
FROM again ORDER BY file, "row"
