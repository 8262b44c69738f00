-- The ground by kind, name and rank.
WITH compared AS MATERIALIZED (
  SELECT w.kind::lakana.ground_kind AS kind, w.name, w.rank, w.geom, g.id IS NULL AS is_new,
         coalesce(g.id, md5(concat_ws(' ', 'ground', w.kind, w.name, w.rank))::uuid) AS id, ST_AsBinary(g.geom) IS DISTINCT FROM ST_AsBinary(w.geom) AS differs
  FROM ground_wanted w LEFT JOIN lakana.ground g ON (g.kind::text, g.name_fr, g.rank) = (w.kind, w.name, w.rank)
), added AS (
  INSERT INTO lakana.ground (id, kind, name_fr, rank, geom, source_id)
  SELECT id, kind, name, rank, geom, CAST(:source_id AS uuid) FROM compared WHERE is_new ORDER BY kind, name, rank
), changed AS (
  UPDATE lakana.ground g SET geom = c.geom, source_id = CAST(:source_id AS uuid) FROM compared c WHERE c.id = g.id AND c.differs AND NOT c.is_new
), traced AS (
  INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row)
  SELECT CAST(:import_id AS uuid), 'ground', c.id, f.file, f."row"
  FROM compared c JOIN LATERAL (
    SELECT s.file, s."row" FROM staged s WHERE (s.kind, s.name, s.rank) = (c.kind::text, c.name, c.rank) ORDER BY s.file, s."row" LIMIT 1) f ON true
  WHERE c.is_new OR c.differs
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE differs AND NOT is_new) AS changed, count(*) FILTER (WHERE NOT differs) AS same
FROM compared
