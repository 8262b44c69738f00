-- Actors of a name; for the owner also those that are not in the directory, since they may run confidential services. A steward names
-- these by their id: else whoever tries names would be told which of them run a hidden shelter.
SELECT a.id FROM lakana.actor a WHERE a.name_key = lakana.fold(:called)
UNION
SELECT u.id FROM exact.unlisted_actor u WHERE audit.is_for_owner() AND lakana.fold(u.record->>'name') = lakana.fold(:called)
