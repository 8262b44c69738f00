-- The series that figures belong to, made where they are new.
WITH said AS MATERIALIZED (
  SELECT DISTINCT publisher, indicator, breakdown FROM figure
), made AS (
  INSERT INTO lakana.context_series AS c (publisher, indicator, breakdown) SELECT * FROM said
  ON CONFLICT (publisher, indicator, breakdown) DO NOTHING
  RETURNING id, publisher, indicator, breakdown
), every AS (
  SELECT id, publisher, indicator, breakdown FROM made
  UNION ALL
  SELECT c.id, c.publisher, c.indicator, c.breakdown FROM lakana.context_series c JOIN said s ON (s.publisher, s.indicator) = (c.publisher, c.indicator)
    AND s.breakdown IS NOT DISTINCT FROM c.breakdown
)
UPDATE figure f SET series_id = e.id
FROM every e WHERE (e.publisher, e.indicator) = (f.publisher, f.indicator) AND e.breakdown IS NOT DISTINCT FROM f.breakdown
