-- Withdraws the records again that are noted by the digests of their ids, but for those whose withdrawal stands in the log: they came
-- back by somebody's will. Returns how many were there.
SELECT count(lakana.withdraw(known.id, 'withdrawn since this backup was made')) FROM (
  SELECT id FROM lakana.organization UNION ALL SELECT id FROM lakana.actor UNION ALL SELECT id FROM exact.unlisted_actor
  UNION ALL SELECT id FROM lakana.service UNION ALL SELECT id FROM lakana.shelter UNION ALL SELECT id FROM lakana.presence
  UNION ALL SELECT id FROM lakana.training_event UNION ALL SELECT source_id FROM lakana.guidance UNION ALL SELECT id FROM lakana.pathway_step
) AS known
WHERE audit.digest_of(known.id::text) = ANY (CAST(:digests AS text[])) AND NOT EXISTS (
  SELECT FROM audit.entry e WHERE e.action = 'WITHDRAW' AND e.subject_id = known.id::text)
