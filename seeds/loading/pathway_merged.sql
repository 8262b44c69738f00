-- The steps of a nation, of each type that the rows are about, in the place of those that were there.
WITH numbered AS MATERIALIZED (
  SELECT s.*, row_number() OVER (PARTITION BY incident_type, stage ORDER BY file, "row")::smallint AS position, g.source_id
  FROM staged s JOIN lakana.guidance g ON g.key = s.source AND lakana.is_told_in(g.nation_id, lakana.nation_of(CAST(:nation_id AS uuid)))
), own AS MATERIALIZED (
  SELECT * FROM lakana.pathway_step WHERE lakana.is_told_in(nation_id, lakana.nation_of(CAST(:nation_id AS uuid)))
), compared AS MATERIALIZED (
  SELECT n.*, coalesce(p.id, md5(concat_ws(' ', 'pathway', CAST(:nation AS text), n.incident_type, n.stage, n.position))::uuid) AS id, p.id IS NULL AS is_new,
         (p.category, p.kinds, p.by_mandate, p.report_to, p.words_fr, p.words_en, p.words_bm, p.article, p.reviewed_on, p.source_id) IS DISTINCT FROM
         (n.category, n.kinds, n.by_mandate, n.report_to, n.words_fr, n.words_en, n.words_bm, n.article, n.reviewed_on, n.source_id) AS differs
  FROM numbered n LEFT JOIN own p USING (incident_type, stage, position)
), gone AS (
  DELETE FROM lakana.pathway_step p
  WHERE p.id IN (SELECT id FROM own) AND p.incident_type IN (SELECT incident_type FROM numbered)
    AND NOT EXISTS (SELECT FROM numbered n WHERE (n.incident_type, n.stage, n.position) = (p.incident_type, p.stage, p.position))
), written AS (
  INSERT INTO lakana.pathway_step
    (id, nation_id, incident_type, stage, position, category, kinds, by_mandate, report_to, words_fr, words_en, words_bm, article, reviewed_on, source_id)
  SELECT id, CAST(:nation_id AS uuid), incident_type, stage, position, category, kinds, by_mandate, report_to, words_fr, words_en, words_bm, article, reviewed_on, source_id
  FROM compared WHERE differs ORDER BY file, "row"
  ON CONFLICT (id) DO UPDATE
  SET nation_id = excluded.nation_id, category = excluded.category, kinds = excluded.kinds, by_mandate = excluded.by_mandate, report_to = excluded.report_to,
      words_fr = excluded.words_fr, words_en = excluded.words_en, words_bm = excluded.words_bm, article = excluded.article,
      reviewed_on = excluded.reviewed_on, source_id = excluded.source_id
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'pathway_step', id, file, "row" FROM compared WHERE differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed, count(*) FILTER (WHERE NOT differs) AS same
FROM compared
