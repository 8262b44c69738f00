-- Known localities by scheme and code; what a row does not give stays as it is.
WITH compared AS MATERIALIZED (
  SELECT s.*, coalesce(l.id, md5(concat_ws(' ', 'locality', :locality_scheme, s.code))::uuid) AS locality_id, l.id IS NULL AS is_new,
         (l.name_fr, l.name_en, l.name_bm, l.population, l.under_18, l.population_year)
           IS DISTINCT FROM (s.name_fr, coalesce(s.name_en, l.name_en), coalesce(s.name_bm, l.name_bm),
             coalesce(s.population, l.population), coalesce(s.under_18, l.under_18), coalesce(s.population_year, l.population_year))
         OR NOT l.point::geometry ~= s.point OR (s.is_stated AND l.area_id <> s.area_id)
         OR EXISTS (SELECT FROM unnest(s.spellings) AS given(name)
                    WHERE NOT EXISTS (SELECT FROM lakana.locality_name n WHERE (n.locality_id, n.name) = (l.id, given.name))) AS differs
  FROM staged s LEFT JOIN lakana.locality l ON (l.scheme, l.code) = (:locality_scheme, s.code)
), added AS (
  INSERT INTO lakana.locality (id, scheme, code, name_fr, name_en, name_bm, area_id, area_set_id, point, population, under_18, population_year, source_id)
  SELECT locality_id, :locality_scheme, code, name_fr, name_en, name_bm, area_id, area_set_id, point::geography, population, under_18,
         population_year, CAST(:source_id AS uuid)
  FROM compared WHERE is_new ORDER BY file, "row"
  RETURNING id
), changed AS (
  UPDATE lakana.locality l
  SET name_fr = c.name_fr, name_en = coalesce(c.name_en, l.name_en), name_bm = coalesce(c.name_bm, l.name_bm),
      point = c.point::geography, area_id = CASE WHEN c.is_stated OR NOT l.point::geometry ~= c.point THEN c.area_id ELSE l.area_id END,
      population = coalesce(c.population, l.population), under_18 = coalesce(c.under_18, l.under_18),
      population_year = coalesce(c.population_year, l.population_year), source_id = CAST(:source_id AS uuid)
  FROM compared c WHERE l.id = c.locality_id AND c.differs AND NOT c.is_new
  RETURNING l.id
), named AS (
  INSERT INTO lakana.locality_name (locality_id, name)
  SELECT c.locality_id, given.name FROM compared c CROSS JOIN unnest(c.spellings) AS given(name) WHERE c.is_new OR c.differs
  ON CONFLICT DO NOTHING
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'locality', locality_id, file, "row" FROM compared WHERE is_new OR differs
)
SELECT (SELECT count(*) FROM added) AS new, (SELECT count(*) FROM changed) AS changed,
       (SELECT count(*) FROM compared WHERE NOT is_new AND NOT differs) AS same
