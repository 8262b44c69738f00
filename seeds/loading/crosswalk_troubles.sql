-- Rows that name an area that is not known, lead from an area to itself or one of its own, or repeat an earlier one.
WITH judged AS (
  SELECT s.file, s."row", s.from_code, s.to_code,
         CASE WHEN from_id IS NULL OR to_id IS NULL THEN 'NO_AREA_OF_CODE'
              WHEN EXISTS (SELECT FROM lakana.admin_area a JOIN lakana.admin_area b USING (scheme, edition) WHERE (a.id, b.id) = (from_id, to_id))
                THEN 'OF_ONE_DIVISION'
              WHEN share = 1 AND EXISTS (SELECT FROM lakana.area_within w WHERE (w.area_id, w.ancestor_id) = (to_id, from_id)) THEN 'IN_A_CIRCLE'
              WHEN row_number() OVER (PARTITION BY from_id, to_id ORDER BY file, "row") > 1 THEN 'SAID_AGAIN' END AS trouble,
         min("row") OVER (PARTITION BY from_id, to_id) AS other, from_id IS NULL AS lacks_from
  FROM staged s
), gone AS (
  DELETE FROM staged s USING judged j WHERE (s.file, s."row") = (j.file, j."row") AND j.trouble IS NOT NULL
)
SELECT file, "row", CASE WHEN trouble = 'NO_AREA_OF_CODE' AND NOT lacks_from THEN 'to_code' ELSE 'from_code' END AS field,
       CASE WHEN lacks_from THEN from_code ELSE to_code END AS value, trouble,
       jsonb_build_object('inner', from_code, 'outer', to_code, 'code', CASE WHEN lacks_from THEN from_code ELSE to_code END, 'other', other::text) AS told
FROM judged WHERE trouble IS NOT NULL ORDER BY file, "row"
