-- What each cell of the quarters :due, and of the years that are whole with them, adds up: its true count x, the sum u of
-- its leaves' keys, and what decides whether it is told. Wants the temporary table leaf (quarter, locality_id,
-- incident_type, count, key) of every released quarter of those years; makes the temporary table total. The areas are
-- those of the release :newest.
CREATE TEMPORARY TABLE total ON COMMIT DROP AS
WITH quarter AS (
  SELECT DISTINCT quarter, left(quarter, 4) AS year FROM leaf
), span AS (
  SELECT quarter, quarter AS period FROM quarter WHERE quarter = ANY(:due)
  UNION ALL
  SELECT quarter, year FROM quarter WHERE year IN (SELECT year FROM quarter GROUP BY year HAVING count(*) = 4)
), place AS (
  SELECT DISTINCT locality_id, 'LOCALITY'::lakana.area_level AS level, locality_id AS place_id FROM leaf
  UNION ALL
  SELECT r.locality_id, (enum_range(NULL::lakana.area_level))[a.level + 1], a.id
  FROM raw.released_area r JOIN lakana.admin_area a ON a.id = r.area_id
  WHERE r.release_number = :newest
), kind AS (
  SELECT t AS incident_type, shown
  FROM unnest(enum_range(NULL::lakana.incident_type)) AS t, LATERAL (VALUES (t), (NULL)) AS either(shown)
), first AS (  -- when a period was first published
  SELECT period, min(release_number) AS number FROM lakana.published_count
  WHERE period IN (SELECT period FROM span) GROUP BY period
), before AS (  -- the release whose leaves each quarter of that period then had
  SELECT first.period, span.quarter, max(r.number) AS number
  FROM first JOIN span USING (period) JOIN lakana.release r ON r.quarter = span.quarter AND r.number <= first.number
  GROUP BY first.period, span.quarter
), changed AS (
  SELECT b.period, leaf.quarter, leaf.locality_id, leaf.incident_type
  FROM before b JOIN leaf USING (quarter)
  LEFT JOIN raw.released_count c
    ON (c.release_number, c.locality_id, c.incident_type) = (b.number, leaf.locality_id, leaf.incident_type)
  WHERE c.count IS DISTINCT FROM leaf.count  -- who had not reported then has changed, whatever it reports
), summed AS (
  SELECT level, place_id, period, shown AS incident_type, sum(count)::bigint AS x,
         mod(sum(key), 18446744073709551616) AS u, count(DISTINCT locality_id) AS localities,
         count(DISTINCT changed.locality_id) AS changed, count(DISTINCT quarter) < 4 AND length(period) = 4 AS short
  FROM leaf JOIN place USING (locality_id) JOIN span USING (quarter) JOIN kind USING (incident_type)
  LEFT JOIN changed USING (period, quarter, locality_id, incident_type)
  GROUP BY level, place_id, period, shown
)
SELECT row_number() OVER ()::integer AS id, s.level, CASE WHEN s.level <> 'LOCALITY' THEN place_id END AS area_id,
       CASE WHEN s.level = 'LOCALITY' THEN place_id END AS locality_id, s.period, s.incident_type, x, u,
       localities < :fewest AS fine, short,
       -- A cell is told once, and once more where enough changed below it: each new answer is a fresh draw.
       p.id IS NULL OR changed >= :fewest AND p.release_number = first.number AS due
FROM summed s LEFT JOIN first USING (period)
LEFT JOIN lakana.published_count p
  ON p.current AND p.level = s.level AND p.period = s.period AND coalesce(p.area_id, p.locality_id) = s.place_id
  AND p.incident_type IS NOT DISTINCT FROM s.incident_type
