-- The cells of the quarters :due and of the years that are whole with them, of the lattice {nation, region, cercle,
-- locality} × {quarter, year} × {type, all}, rounded. Wants the temporary table leaf (quarter, localities, locality_id,
-- incident_type, count, key) of every released quarter of those years; makes the temporary table cell. The areas are
-- those of the release :newest.
CREATE TEMPORARY TABLE cell ON COMMIT DROP AS
WITH quarter AS (
  SELECT DISTINCT quarter, left(quarter, 4) AS year, localities FROM leaf
), span AS (
  SELECT quarter, quarter AS period FROM quarter WHERE quarter = ANY(:due)
  UNION ALL
  SELECT quarter, year FROM quarter WHERE year IN (SELECT year FROM quarter GROUP BY year HAVING count(*) = 4)
), told AS (  -- how finely the localities of a period are told: a year as its coarsest quarter by type
  SELECT period, bool_or(localities = 'all-types') AS by_all, bool_or(localities = 'years' AND period = quarter) AS never
  FROM span JOIN quarter USING (quarter) GROUP BY period
), place AS (
  SELECT DISTINCT locality_id, 'LOCALITY'::lakana.reporting_level AS level, locality_id AS place_id FROM leaf
  UNION ALL
  SELECT r.locality_id, (enum_range(NULL::lakana.reporting_level))[a.level + 1], a.id
  FROM raw.released_area r JOIN lakana.admin_area a ON a.id = r.area_id
  WHERE r.release_number = :newest
), kind AS (
  SELECT t AS incident_type, shown
  FROM unnest(enum_range(NULL::lakana.incident_type)) AS t, LATERAL (VALUES (t), (NULL)) AS either(shown)
), total AS (
  SELECT level, place_id, period, shown AS incident_type, sum(count) AS x, mod(sum(key), 18446744073709551616) AS u
  FROM leaf JOIN place USING (locality_id) JOIN span USING (quarter) JOIN kind USING (incident_type)
  GROUP BY level, place_id, period, shown
)
SELECT level, CASE WHEN level <> 'LOCALITY' THEN place_id END AS area_id,
       CASE WHEN level = 'LOCALITY' THEN place_id END AS locality_id, period, incident_type,
       -- u / 2^64 < (x mod 5) / 5
       (x - mod(x, 5) + CASE WHEN 5 * u < mod(x, 5) * 18446744073709551616 THEN 5 ELSE 0 END)::int AS count
FROM total JOIN told USING (period)
WHERE level <> 'LOCALITY' OR NOT never AND (incident_type IS NULL OR NOT by_all)
