SELECT id FROM lakana.actor WHERE name_key = lakana.fold(:called)
