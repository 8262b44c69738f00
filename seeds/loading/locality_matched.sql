-- The locality of each row: of a code in its list, or of a name that is the same whatever its case, accents and blanks are, inside the
-- area that the row names. Of names that are only alike the place finder's likeliest are told, and none is taken.
WITH asked AS MATERIALIZED (
  SELECT row_number() OVER () AS number, each.*, replace(lakana.fold(each.locality_name), ' ', '') AS key
  FROM (SELECT DISTINCT area_id, locality_code, locality_name FROM staged) each
), spelt AS MATERIALIZED (
  SELECT locality_id, replace(name_key, ' ', '') AS key FROM lakana.locality_name
  UNION SELECT id, replace(name_key, ' ', '') FROM lakana.locality
), candidate AS MATERIALIZED (
  SELECT a.number, l.id, l.name_fr, l.code, l.area_set_id, a.area_id,
         a.key IS NULL OR EXISTS (SELECT FROM spelt s WHERE s.locality_id = l.id AND s.key = a.key) AS is_called_so
  FROM asked a JOIN lakana.locality l ON l.code = a.locality_code
  WHERE CAST(:locality_scheme AS text) IS NULL OR l.scheme = :locality_scheme
  UNION ALL
  SELECT a.number, l.id, l.name_fr, l.code, l.area_set_id, a.area_id, true
  FROM asked a JOIN spelt s ON s.key = a.key JOIN lakana.locality l ON l.id = s.locality_id
  WHERE a.locality_code IS NULL
), inside AS MATERIALIZED (
  SELECT number, count(*) AS many, min(id::text)::uuid AS id, bool_and(is_called_so) AS is_called_so, min(name_fr) AS name_fr,
         string_agg(code || ' ' || name_fr, ', ' ORDER BY code) AS which
  FROM candidate c
  WHERE c.area_id IS NULL
     OR EXISTS (SELECT FROM lakana.area_within w WHERE w.area_id = c.area_set_id AND w.ancestor_id = c.area_id)
  GROUP BY number
), judged AS MATERIALIZED (
  SELECT a.*, i.id, i.which, i.name_fr,
         CASE WHEN a.locality_code IS NULL AND a.locality_name IS NULL THEN CASE WHEN :needed THEN 'NO_LOCALITY' END
              WHEN i.id IS NULL AND a.locality_code IS NOT NULL THEN 'NO_SUCH_LOCALITY_CODE'
              WHEN i.id IS NULL THEN 'NO_SUCH_LOCALITY'
              WHEN i.many > 1 THEN 'SEVERAL_LOCALITIES'
              WHEN NOT i.is_called_so THEN 'LOCALITY_CODE_AND_NAME' END AS trouble
  FROM asked a LEFT JOIN inside i USING (number)
), told AS MATERIALIZED (
  SELECT j.*, CASE WHEN j.trouble = 'NO_SUCH_LOCALITY' THEN (
    SELECT string_agg(l.code || ' ' || l.name_fr || ' (' || called.score || ')', ', ' ORDER BY called.score DESC, l.code)
    FROM (SELECT * FROM lakana.places_called(left(j.locality_name, 100), j.area_id, 50) c
          WHERE c.score >= :likely AND EXISTS (SELECT FROM lakana.locality l WHERE l.id = c.place_id)
          ORDER BY c.score DESC LIMIT 3) called
    JOIN lakana.locality l ON l.id = called.place_id) END AS likely
  FROM judged j WHERE j.trouble IS NOT NULL
), known AS (
  UPDATE staged s SET locality_id = j.id FROM judged j
  WHERE j.trouble IS NULL
    AND ARRAY[j.area_id::text, j.locality_code, j.locality_name] = ARRAY[s.area_id::text, s.locality_code, s.locality_name]
), gone AS (
  DELETE FROM staged s USING told t
  WHERE ARRAY[t.area_id::text, t.locality_code, t.locality_name] = ARRAY[s.area_id::text, s.locality_code, s.locality_name]
  RETURNING s.file, s."row", t.*
)
SELECT file, "row", CASE WHEN locality_code IS NULL THEN 'locality_name' ELSE 'locality_code' END AS field,
       coalesce(locality_code, locality_name) AS value, trouble,
       jsonb_build_object('name', locality_name, 'code', locality_code, 'theirs', name_fr, 'which', which, 'likely', coalesce(likely, '–')) AS told
FROM gone ORDER BY file, "row"
