-- Ids, those of before where the code is known, else what follows from the code.
UPDATE staged s SET id = coalesce(
  (SELECT a.id FROM lakana.admin_area a WHERE (a.scheme, a.edition, a.code) = (:scheme, :edition, s.code)),
  md5(concat_ws(' ', 'area', :scheme || '@' || :edition, s.code))::uuid)
