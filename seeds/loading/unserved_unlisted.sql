-- Actors who came meanwhile, are found by their services alone and have none: they are taken out of the directory.
SELECT exact.unlist(ARRAY(
  SELECT id FROM lakana.actor a
  WHERE lakana.is_known_by_services(a.kind) AND NOT EXISTS (SELECT FROM lakana.service s WHERE s.actor_id = a.id)
    AND NOT EXISTS (SELECT FROM unserved_before b WHERE b.id = a.id)))
