-- Editions of the scheme that began before this one and have no end end where it begins.
WITH closed AS (
  UPDATE lakana.admin_area SET valid_to = CAST(:valid_from AS date)
  WHERE scheme = :scheme AND edition <> :edition AND valid_to IS NULL
    AND coalesce(valid_from, '-infinity') < CAST(:valid_from AS date)
  RETURNING edition
)
SELECT DISTINCT edition FROM closed ORDER BY edition
