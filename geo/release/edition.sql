-- Fixes the edition of areas that counts are told of, at the first release: the division in use, which a crosswalk leads
-- from to older and other ones.
INSERT INTO raw.released_edition
SELECT a.id FROM lakana.admin_area a
WHERE a.level <= 2 AND daterange(a.valid_from, a.valid_to) @> current_date
  AND NOT lakana.has_successor(a.id)
  AND NOT EXISTS (SELECT FROM raw.released_edition)
