-- Services as their list has them, each at its actor, who stands there. What a row does not give stays as it is, and so does what
-- somebody has changed since the list was loaded.
WITH offering AS MATERIALIZED (
  SELECT DISTINCT ON (actor_code) actor_code, coalesce(actor_id, gen_random_uuid()) AS id,
         -- A service that is known stays with its actor, whatever the list calls that one now.
         actor_id IS NULL AND bool_or(service_id IS NULL) OVER (PARTITION BY actor_code) AS is_new,
         actor_name, actor_kind, area_id, area_set_id, point, phone, verified_on, file, "row"
  FROM staged ORDER BY actor_code, file, "row"
), compared AS MATERIALIZED (
  SELECT s.*, o.id AS offering_id, coalesce(v.id, gen_random_uuid()) AS id, v.id IS NULL AS is_new,
         f.version IS DISTINCT FROM v.version AS changed_since,
         v.id IS NOT NULL AND ((v.name, v.category, v.phone, v.opening_hours, v.capacity, v.verified_on)
           IS DISTINCT FROM (s.name, s.category, coalesce(s.phone, v.phone), coalesce(s.opening_hours, v.opening_hours),
             coalesce(s.capacity, v.capacity), coalesce(s.verified_on, v.verified_on))
         OR NOT v.point::geometry ~= s.point OR (s.is_stated AND v.area_id <> s.area_id)) AS differs
  FROM staged s JOIN offering o USING (actor_code) LEFT JOIN lakana.service v ON v.id = s.service_id
  LEFT JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('service', :list_scheme, s.code)
), actors AS (
  INSERT INTO lakana.actor (id, name, kind, area_id, area_set_id, point, phone, verified_on, source_id)
  SELECT id, actor_name, actor_kind, area_id, area_set_id, point::geography, phone, verified_on, CAST(:source_id AS uuid)
  FROM offering WHERE is_new ORDER BY file, "row"
), added AS (
  INSERT INTO lakana.service
    (id, actor_id, name, category, point, area_id, area_set_id, phone, opening_hours, capacity, verified_on, source_id)
  SELECT id, offering_id, name, category, point::geography, area_id, area_set_id, phone, opening_hours, capacity, verified_on,
         CAST(:source_id AS uuid)
  FROM compared WHERE is_new ORDER BY file, "row"
), changed AS (
  UPDATE lakana.service v
  SET name = c.name, category = c.category, point = c.point::geography,
      area_id = CASE WHEN c.is_stated OR NOT v.point::geometry ~= c.point THEN c.area_id ELSE v.area_id END,
      phone = coalesce(c.phone, v.phone), opening_hours = coalesce(c.opening_hours, v.opening_hours),
      capacity = coalesce(c.capacity, v.capacity), verified_on = coalesce(c.verified_on, v.verified_on), source_id = CAST(:source_id AS uuid)
  FROM compared c WHERE c.id = v.id AND c.differs AND NOT c.changed_since
), called AS (
  INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version)
  SELECT 'service', :list_scheme, code, id, 1 FROM compared WHERE is_new
  UNION ALL
  SELECT 'actor', :list_scheme, actor_code, id, 1 FROM offering WHERE is_new
), marked AS (
  INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version)
  SELECT 'service', '', mark, id, 1 FROM compared WHERE :list_scheme <> '' ON CONFLICT DO NOTHING
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'service', id, file, "row" FROM compared WHERE is_new OR (differs AND NOT changed_since)
  UNION ALL
  SELECT CAST(:import_id AS uuid), 'actor', id, file, "row" FROM offering WHERE is_new
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT changed_since) AS changed,
       count(*) FILTER (WHERE NOT is_new AND (NOT differs OR changed_since)) AS same
FROM compared
