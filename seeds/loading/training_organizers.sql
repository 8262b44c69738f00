-- Organisations of a name or an acronym; those that are not in the directory are found for the owner alone.
SELECT id FROM lakana.organization WHERE (name_key = lakana.fold(:called) OR lakana.fold(acronym) = lakana.fold(:called))
  AND (audit.is_for_owner() OR lakana.is_listed_organization(id::text))
