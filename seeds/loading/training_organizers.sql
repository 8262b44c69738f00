SELECT id FROM lakana.organization WHERE name_key = lakana.fold(:called) OR lakana.fold(acronym) = lakana.fold(:called)
