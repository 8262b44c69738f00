-- A name of a locality, as a person has decided; an area of that code comes first.
INSERT INTO lakana.locality_name (locality_id, name)
SELECT l.id, :spelling FROM lakana.locality l
WHERE l.code = :code AND (CAST(:locality_scheme AS text) IS NULL OR l.scheme = :locality_scheme)
  AND NOT EXISTS (SELECT FROM lakana.admin_area a WHERE a.code = :code)
ON CONFLICT (locality_id, name) DO UPDATE SET name = excluded.name
