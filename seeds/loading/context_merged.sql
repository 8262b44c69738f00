-- Figures by series, area, period, sex and age. Rows are counted, which may have several.
WITH compared AS MATERIALIZED (
  SELECT f.*, coalesce(v.id, gen_random_uuid()) AS id, v.id IS NULL AS is_new,
         v.id IS NOT NULL AND (v.value, v.below) IS DISTINCT FROM (f.value, f.below) AS differs
  FROM figure f
  LEFT JOIN lakana.context_value v ON (v.series_id, v.area_id, v.starts_on, v.ends_on) = (f.series_id, f.area_id, f.starts_on, f.ends_on)
    AND (v.sex, v.age) IS NOT DISTINCT FROM (f.sex, f.age)
), added AS (
  INSERT INTO lakana.context_value (id, series_id, area_id, starts_on, ends_on, sex, age, value, below, source_id)
  SELECT id, series_id, area_id, starts_on, ends_on, sex, age, value, below, CAST(:source_id AS uuid)
  FROM compared WHERE is_new ORDER BY file, "row"
), changed AS (
  UPDATE lakana.context_value v SET value = c.value, below = c.below, source_id = CAST(:source_id AS uuid)
  FROM compared c WHERE c.id = v.id AND c.differs
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'context_value', id, file, "row" FROM compared WHERE is_new OR differs
), by_row AS (
  SELECT bool_or(is_new) AS is_new, bool_or(differs) AS differs, count(below) AS censored FROM compared GROUP BY file, "row"
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed,
       count(*) FILTER (WHERE NOT differs AND NOT is_new) AS same, coalesce(sum(censored), 0)::integer AS censored
FROM by_row
