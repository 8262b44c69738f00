-- Organisations by folded name. What the same source said before is changed; of another source only what is missing is filled in.
-- To a steward an organisation that the directory does not list is new, whether there is a record of it or not. Ids are random, but of
-- a pack, whose names everybody reads: one that followed from the name could be tried by whoever guesses names.
WITH known AS (
  UPDATE named n SET id = coalesce(
    (SELECT o.id FROM lakana.organization o WHERE coalesce(nullif(o.name_key, ''), o.name) = n.key LIMIT 1),
    (SELECT usual.id FROM (SELECT md5('organization ' || n.key)::uuid AS id) usual  -- but where one has got another name since
     WHERE :is_pack AND NOT EXISTS (SELECT FROM lakana.organization o WHERE o.id = usual.id)), gen_random_uuid())
  RETURNING n.*
), compared AS MATERIALIZED (
  SELECT n.id, n.key, n.name, n.first, n.rows, n.acronym AS given_acronym, n.kind AS given_kind, n.url AS given_url,
         o.id IS NULL AS is_new,
         CASE WHEN o.source_id = CAST(:source_id AS uuid) THEN coalesce(n.acronym, o.acronym) ELSE coalesce(o.acronym, n.acronym) END AS acronym,
         CASE WHEN o.id IS NULL OR o.source_id = CAST(:source_id AS uuid) THEN coalesce(n.kind, o.kind, 'OTHER') ELSE o.kind END AS kind,
         CASE WHEN o.source_id = CAST(:source_id AS uuid) THEN coalesce(n.url, o.url) ELSE coalesce(o.url, n.url) END AS url,
         o.acronym AS old_acronym, o.kind AS old_kind, o.url AS old_url
  FROM known n LEFT JOIN lakana.organization o ON o.id = n.id
), differing AS MATERIALIZED (
  SELECT *, NOT is_new AND (acronym, kind, url) IS DISTINCT FROM (old_acronym, old_kind, old_url) AS differs FROM compared
), added AS (
  INSERT INTO lakana.organization (id, name, acronym, kind, url, source_id)
  SELECT id, name, acronym, kind, url, CAST(:source_id AS uuid) FROM differing WHERE is_new ORDER BY first
), changed AS (
  UPDATE lakana.organization o SET acronym = d.acronym, kind = d.kind, url = d.url
  FROM differing d WHERE d.id = o.id AND d.differs
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'organization', id, first[1], first[2] FROM differing WHERE is_new OR differs
)
SELECT count(*) FILTER (WHERE told_new) AS new, count(*) FILTER (WHERE differs AND NOT told_new) AS changed,
       count(*) FILTER (WHERE NOT differs AND NOT told_new) AS same, coalesce(sum(rows - 1), 0)::integer AS folded
FROM (SELECT *, is_new OR NOT (audit.is_for_owner() OR lakana.is_listed_organization(id::text)) AS told_new FROM differing) AS told
