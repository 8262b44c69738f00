-- The latest year with published counts of localities of the nation asked about; NULL if there is none. Each year is looked up:
-- quarters come in between. Bind: area_code (NULL: the one nation).
WITH own AS MATERIALIZED (
  SELECT id FROM lakana.locality WHERE (SELECT lakana.several_nations()) AND area_set_id IN (
    SELECT area_id FROM lakana.area_nation WHERE nation_id = lakana.nation_of(lakana.area_in_force(CAST(:area_code AS text))))
)
SELECT max(CAST(y AS text)) AS period
FROM (SELECT min(period) AS first, max(period) AS last FROM lakana.published_count WHERE current AND level = 'LOCALITY') AS told
CROSS JOIN generate_series(CAST("left"(first, 4) AS integer), CAST("left"(last, 4) AS integer)) AS y
WHERE EXISTS (
  SELECT FROM lakana.published_count WHERE current AND level = 'LOCALITY' AND period = CAST(y AS text)
    AND (NOT (SELECT lakana.several_nations()) OR locality_id IN (SELECT id FROM own)))
