-- Ids, those of before where the code is known, else what follows from the code; and from when until when areas are in
-- force: as the row or a person says, else as it was. An end that would come before the beginning is none.
UPDATE staged s
SET id = coalesce(known.id, md5(concat_ws(' ', 'area', :scheme || '@' || :edition, s.code))::uuid),
    since = known.since,
    until = coalesce(CAST(:valid_to AS date),
                     CASE WHEN known.since IS NULL OR known.since < known.valid_to THEN known.valid_to END)
FROM (
  SELECT own.file, own."row", own.code, a.id, a.valid_to, coalesce(own.valid_from, CAST(:valid_from AS date), a.valid_from) AS since
  FROM staged own
  LEFT JOIN lakana.admin_area a ON (a.scheme, a.edition, a.code) = (:scheme, :edition, own.code)
) known
WHERE (known.file, known."row", known.code) = (s.file, s."row", s.code)
