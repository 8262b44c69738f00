-- Texts of a nation by their keys.
WITH compared AS MATERIALIZED (
  SELECT s.*, o.key AS source_key, coalesce(o.id, md5(concat_ws(' ', 'source', CAST(:nation AS text), s.code))::uuid) AS id, g.source_id IS NULL AS is_new,
         (o.name, o.url, g.year, g.binding, g.note_fr, g.note_en) IS DISTINCT FROM (s.name, s.url, s.year, s.is_binding, s.note_fr, s.note_en) AS differs
  FROM staged s
  LEFT JOIN lakana.guidance g ON g.key = s.code AND lakana.is_told_in(g.nation_id, lakana.nation_of(CAST(:nation_id AS uuid)))
  LEFT JOIN lakana.source o ON o.id = g.source_id OR g.source_id IS NULL AND o.key = CAST(:nation AS text) || ':' || s.code
), named AS (
  INSERT INTO lakana.source AS o (id, key, name, url, illustrative) SELECT id, coalesce(source_key, CAST(:nation AS text) || ':' || code), name, url, false FROM compared WHERE differs ORDER BY code
  ON CONFLICT (key) DO UPDATE SET name = excluded.name, url = excluded.url
  RETURNING id
), written AS (
  INSERT INTO lakana.guidance (source_id, nation_id, key, year, binding, note_fr, note_en)
  SELECT id, CAST(:nation_id AS uuid), code, year, is_binding, note_fr, note_en FROM compared WHERE differs AND (SELECT count(*) FROM named) > 0
  ON CONFLICT (source_id) DO UPDATE SET nation_id = excluded.nation_id, year = excluded.year, binding = excluded.binding, note_fr = excluded.note_fr, note_en = excluded.note_en
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'guidance', id, file, "row" FROM compared WHERE differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed, count(*) FILTER (WHERE NOT differs) AS same
FROM compared
