-- The illustrative source of the rows of a nation, if it has some. Bind: nation.
SELECT s.id::text, s.key FROM lakana.source s
WHERE s.illustrative AND EXISTS (
  SELECT FROM lakana.actor a JOIN lakana.area_within w ON w.area_id = a.area_id WHERE a.source_id = s.id AND w.ancestor_id = CAST(:nation AS uuid))
ORDER BY s.key LIMIT 1
