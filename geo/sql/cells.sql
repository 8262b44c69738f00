-- Every cell of the lattice {nation, region, cercle, locality} × {quarter, whole year} × {type, all}, rounded.
-- Wants the temporary table leaf (locality_id, quarter, incident_type, count, key); makes the temporary table cell.
CREATE TEMPORARY TABLE cell ON COMMIT DROP AS
WITH quarter AS (
  SELECT DISTINCT quarter, left(quarter, 4) AS year FROM leaf
), full_leaf AS (
  -- A locality that reports has every leaf: a cell left out would say that it is exactly zero.
  SELECT locality_id, quarter, incident_type, coalesce(count, 0) AS count, coalesce(key, 0) AS key
  FROM (SELECT DISTINCT locality_id FROM leaf) l
  CROSS JOIN quarter
  CROSS JOIN unnest(enum_range(NULL::lakana.incident_type)) AS t(incident_type)
  LEFT JOIN leaf USING (locality_id, quarter, incident_type)
), place AS (
  SELECT id AS locality_id, 'LOCALITY'::lakana.reporting_level AS level, id AS place_id FROM lakana.locality
  UNION ALL
  -- Only the division in use: a crosswalk leads from it to older and other ones.
  SELECT l.id, (enum_range(NULL::lakana.reporting_level))[a.level + 1], a.id
  FROM lakana.locality l
  JOIN lakana.area_within w ON w.area_id = l.area_id
  JOIN lakana.admin_area a ON a.id = w.ancestor_id
  WHERE a.level <= 2 AND daterange(a.valid_from, a.valid_to) @> current_date
    AND NOT EXISTS (SELECT FROM lakana.area_crosswalk c WHERE c.to_area_id = a.id)
), span AS (
  SELECT quarter, quarter AS period FROM quarter
  UNION ALL
  SELECT quarter, year FROM quarter WHERE year IN (SELECT year FROM quarter GROUP BY year HAVING count(*) = 4)
), kind AS (
  SELECT t AS incident_type, shown
  FROM unnest(enum_range(NULL::lakana.incident_type)) AS t, LATERAL (VALUES (t), (NULL)) AS either(shown)
), total AS (
  SELECT level, place_id, period, shown AS incident_type, sum(count) AS x, mod(sum(key), 18446744073709551616) AS u
  FROM full_leaf JOIN place USING (locality_id) JOIN span USING (quarter) JOIN kind USING (incident_type)
  GROUP BY level, place_id, period, shown
)
SELECT level, CASE WHEN level <> 'LOCALITY' THEN place_id END AS area_id,
       CASE WHEN level = 'LOCALITY' THEN place_id END AS locality_id, period, incident_type,
       -- u / 2^64 < (x mod 5) / 5
       (x - mod(x, 5) + CASE WHEN 5 * u < mod(x, 5) * 18446744073709551616 THEN 5 ELSE 0 END)::int AS count
FROM total
