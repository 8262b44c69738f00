-- Presence by organisation, area, sector and period; the latest day of a 3W is kept.
WITH one AS MATERIALIZED (
  SELECT n.id AS organization_id, n.name, s.area_id, s.sector, s.starts_on, s.ends_on, max(s.reported_on) AS reported_on, count(*) AS rows, min(ARRAY[s.file, s."row"]) AS first
  FROM staged s JOIN keyed k USING (name) JOIN named n ON n.key = k.key
  GROUP BY n.id, n.name, s.area_id, s.sector, s.starts_on, s.ends_on
), compared AS MATERIALIZED (
  SELECT one.*, coalesce(p.id, gen_random_uuid()) AS presence_id, p.id IS NULL AS is_new,
         p.id IS NOT NULL AND coalesce(p.reported_on, '-infinity') < coalesce(one.reported_on, '-infinity') AS differs
  FROM one LEFT JOIN lakana.presence p ON (p.organization_id, p.area_id, p.sector) = (one.organization_id, one.area_id, one.sector)
    AND (p.starts_on, p.ends_on) IS NOT DISTINCT FROM (one.starts_on, one.ends_on)
), added AS (
  INSERT INTO lakana.presence (id, organization_id, organization_name, area_id, sector, starts_on, ends_on, reported_on, source_id)
  SELECT presence_id, organization_id, name, area_id, sector, starts_on, ends_on, reported_on, CAST(:source_id AS uuid)
  FROM compared WHERE is_new ORDER BY first
), changed AS (
  UPDATE lakana.presence p SET organization_name = c.name, reported_on = c.reported_on, source_id = CAST(:source_id AS uuid)
  FROM compared c WHERE c.presence_id = p.id AND c.differs
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'presence', presence_id, first[1], first[2] FROM compared WHERE is_new OR differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs) AS changed,
       count(*) FILTER (WHERE NOT is_new AND NOT differs) AS same, coalesce(sum(rows - 1), 0)::integer AS folded
FROM compared
