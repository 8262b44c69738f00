-- The latest year with published counts of localities; NULL if there is none. Each year is looked up: quarters come in between.
SELECT max(CAST(y AS text)) AS period
FROM (SELECT min(period) AS first, max(period) AS last FROM lakana.published_count WHERE current AND level = 'LOCALITY') AS told
CROSS JOIN generate_series(CAST("left"(first, 4) AS integer), CAST("left"(last, 4) AS integer)) AS y
WHERE EXISTS (SELECT FROM lakana.published_count WHERE current AND level = 'LOCALITY' AND period = CAST(y AS text))
