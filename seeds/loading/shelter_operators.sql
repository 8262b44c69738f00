-- Actors of a name, those that are not in the directory too: they may run confidential services.
SELECT a.id FROM lakana.actor a WHERE a.name_key = lakana.fold(:called)
UNION
SELECT u.id FROM exact.unlisted_actor u WHERE lakana.fold(u.record->>'name') = lakana.fold(:called)
