-- The series that figures belong to, made where they are new.
WITH said AS MATERIALIZED (
  SELECT DISTINCT s.name AS publisher, f.indicator, f.breakdown FROM figure f, lakana.source s WHERE s.id = CAST(:source_id AS uuid)
), made AS (
  INSERT INTO lakana.context_series AS c (publisher, indicator, breakdown) SELECT * FROM said
  ON CONFLICT (publisher, indicator, breakdown) DO NOTHING
  RETURNING id, indicator, breakdown
), every AS (
  SELECT id, indicator, breakdown FROM made
  UNION ALL
  SELECT c.id, c.indicator, c.breakdown FROM lakana.context_series c JOIN said s ON s.publisher = c.publisher AND s.indicator = c.indicator
    AND s.breakdown IS NOT DISTINCT FROM c.breakdown
)
UPDATE figure f SET series_id = e.id FROM every e WHERE e.indicator = f.indicator AND e.breakdown IS NOT DISTINCT FROM f.breakdown
