-- Each quarter with returns: its revision, its grain, whether they say other than what was last released, and whether a
-- release of its year was given back.
WITH leaf AS (
  -- Known only to lie below a bound: the middle of what it can be, never zero.
  SELECT quarter, locality_id, incident_type, coalesce(count, (censored_below + 1) / 2, 0) AS count
  FROM raw.incident_return CROSS JOIN unnest(enum_range(NULL::lakana.incident_type)) AS t(incident_type)
  LEFT JOIN raw.incident_count USING (locality_id, quarter, incident_type)
), known AS (
  SELECT DISTINCT ON (quarter) quarter, number, revision, grain FROM lakana.release ORDER BY quarter, number DESC
), changed AS (
  -- A locality that had not reported then has changed, if it reports zeros.
  SELECT DISTINCT quarter FROM leaf l JOIN known k USING (quarter)
  LEFT JOIN raw.released_count c
    ON (c.release_number, c.locality_id, c.incident_type) = (k.number, l.locality_id, l.incident_type)
  WHERE c.count IS DISTINCT FROM l.count
)
SELECT quarter, revision, grain, EXISTS (SELECT FROM changed c WHERE c.quarter = q.quarter) AS changed,
       EXISTS (SELECT FROM lakana.release g WHERE g.given_back AND left(g.quarter, 4) = left(q.quarter, 4)) AS closed
FROM (SELECT DISTINCT quarter FROM raw.incident_return) q LEFT JOIN known USING (quarter)
ORDER BY quarter
