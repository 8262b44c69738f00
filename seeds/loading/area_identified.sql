-- Ids, those of before where the code is known.
UPDATE staged s SET id = coalesce(
  (SELECT a.id FROM lakana.admin_area a WHERE (a.scheme, a.edition, a.code) = (:scheme, :edition, s.code)), gen_random_uuid())
