-- The cells of the year :year that are to be published, of total as told rounded them: what their row of grain (period,
-- fine, short, by_type, all_types) tells. Makes the temporary table cell.
CREATE TEMPORARY TABLE cell ON COMMIT DROP AS
WITH source AS (  -- of a period's sources the illustrative one first: what holds any of it is illustrative
  SELECT DISTINCT ON (period) period, s.id AS source_id
  FROM raw.incident_return r
  JOIN lakana.source s ON s.id = r.source_id
  CROSS JOIN LATERAL (VALUES (r.quarter), (left(r.quarter, 4))) AS p(period)
  WHERE left(r.quarter, 4) = :year
  ORDER BY period, s.illustrative DESC, s.key
), number AS (
  SELECT p.period, max(r.number) AS release_number
  FROM (SELECT DISTINCT period FROM total) p JOIN lakana.release r ON starts_with(r.quarter, p.period)
  GROUP BY p.period
)
SELECT release_number, total.level, total.area_id, total.locality_id, period, incident_type, told.count, source_id,
       localities_reporting, localities_expected, reporters
FROM total JOIN told USING (id) JOIN grain USING (period, fine, short) JOIN source USING (period) JOIN number USING (period)
JOIN lakana.reporting r USING (period)
WHERE r.level = total.level AND coalesce(r.area_id, r.locality_id) = coalesce(total.area_id, total.locality_id)
  AND localities_reporting > 0  -- a year of which each locality missed a quarter is not reported
  AND due AND CASE WHEN incident_type IS NULL THEN all_types ELSE by_type END
