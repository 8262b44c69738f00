-- Hides the shelters again that are noted by the digests of their ids, each with the number of the log's last entry when it
-- was noted, but for those whose publication stands in the log after that. A line of before numbers were noted may stand for a
-- shelter that was never hidden, as long as the log tells who runs it: those entries are withheld (0018).
UPDATE lakana.service s SET confidential = true
FROM unnest(CAST(:digests AS text[]), CAST(:numbers AS bigint[])) AS noted(digest, number)
WHERE s.category = 'SAFE_SHELTER' AND NOT s.confidential AND audit.digest_of(s.id::text) = noted.digest AND NOT EXISTS (
  SELECT FROM audit.entry e
  WHERE e.subject = 'service' AND e.subject_id = s.id::text
    AND e.before->>'confidential' = 'true' AND e.after->>'confidential' = 'false'
    AND e.number > coalesce(noted.number, (
      SELECT max(k.number) FROM audit.entry k, unnest(ARRAY[k.before, k.after]) AS side
      WHERE k.subject = 'service' AND k.subject_id = s.id::text
        AND side->>'confidential' = 'true' AND side->>'actor_id' IS NOT NULL)))
