-- Each quarter with counts: its revision, its grain, whether its counts are others than those last released, and whether a
-- release of its year was given back.
WITH leaf AS (
  -- Known only to lie below a bound: the middle of what it can be, never zero.
  SELECT quarter, locality_id, incident_type, coalesce(count, (censored_below + 1) / 2) AS count FROM raw.incident_count
), known AS (
  SELECT DISTINCT ON (quarter) quarter, number, revision, grain FROM lakana.release ORDER BY quarter, number DESC
), changed AS (
  SELECT DISTINCT quarter FROM leaf l JOIN known k USING (quarter)
  LEFT JOIN raw.released_count c
    ON (c.release_number, c.locality_id, c.incident_type) = (k.number, l.locality_id, l.incident_type)
  WHERE l.count <> coalesce(c.count, 0)
  UNION
  SELECT quarter FROM known k JOIN raw.released_count c ON c.release_number = k.number
  LEFT JOIN leaf l USING (quarter, locality_id, incident_type)
  WHERE c.count > 0 AND l.quarter IS NULL
)
SELECT quarter, revision, grain, EXISTS (SELECT FROM changed c WHERE c.quarter = q.quarter) AS changed,
       EXISTS (SELECT FROM lakana.release g WHERE g.given_back AND left(g.quarter, 4) = left(q.quarter, 4)) AS closed
FROM (SELECT DISTINCT quarter FROM raw.incident_count) q LEFT JOIN known USING (quarter)
ORDER BY quarter
