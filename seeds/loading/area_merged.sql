-- Areas by scheme, edition and code; what a row does not give stays as it is. An area that is only named above others is
-- neither new nor changed to the report, which counts rows; it gets its days as they do.
WITH compared AS MATERIALIZED (
  SELECT s.*, a.id IS NULL AS is_new,
         s.is_own AND ((a.name_fr, a.name_en, a.name_bm, a.level, a.parent_id)
           IS DISTINCT FROM (s.name_fr, coalesce(s.name_en, a.name_en), coalesce(s.name_bm, a.name_bm), s.level, s.parent_id)
         OR coalesce(s.localities, 0) > coalesce(a.locality_count, 0)
         OR (s.geom IS NOT NULL AND (a.outline_derived OR ST_AsBinary(a.geom) IS DISTINCT FROM ST_AsBinary(s.geom)))) AS differs,
         a.id IS NOT NULL AND (a.valid_from, a.valid_to) IS DISTINCT FROM (s.since, s.until) AS redated
  FROM staged s LEFT JOIN lakana.admin_area a USING (id)
), added AS (
  INSERT INTO lakana.admin_area
    (id, scheme, edition, code, level, name_fr, name_en, name_bm, parent_id, valid_from, valid_to, locality_count, geom, source_id)
  SELECT id, :scheme, :edition, code, level, name_fr, name_en, name_bm, parent_id,
         since, until, localities, geom, CAST(:source_id AS uuid)
  FROM compared WHERE is_new ORDER BY level, code
  RETURNING id
), changed AS (
  UPDATE lakana.admin_area a
  SET name_fr = c.name_fr, name_en = coalesce(c.name_en, a.name_en), name_bm = coalesce(c.name_bm, a.name_bm), level = c.level,
      parent_id = c.parent_id, locality_count = greatest(c.localities, a.locality_count), geom = coalesce(c.geom, a.geom), outline_derived = c.geom IS NULL AND a.outline_derived,
      outline_source_id = CASE WHEN c.geom IS NULL THEN a.outline_source_id END, source_id = CAST(:source_id AS uuid),
      valid_from = c.since, valid_to = c.until
  FROM compared c WHERE c.id = a.id AND c.is_own AND (c.differs OR c.redated)
  RETURNING a.id
), dated AS (
  UPDATE lakana.admin_area a SET valid_from = c.since, valid_to = c.until
  FROM compared c WHERE c.id = a.id AND c.redated AND NOT c.is_own
  RETURNING a.id
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'admin_area', id, file, "row" FROM compared WHERE is_new OR (is_own AND (differs OR redated))
)
SELECT (SELECT count(*) FROM compared WHERE is_new AND is_own) AS new, (SELECT count(*) FROM changed) AS changed,
       (SELECT count(*) FROM compared WHERE is_own AND NOT is_new AND NOT differs AND NOT redated) AS same,
       (SELECT count(*) FROM added) AS added, (SELECT count(*) FROM compared WHERE redated) AS redated,
       (SELECT count(*) FROM dated) AS dated
