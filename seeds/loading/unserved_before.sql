-- Actors who are found by their services alone and wait for one: of them triggers ask at the commit.
DROP TABLE IF EXISTS pg_temp.unserved_before;
CREATE TEMPORARY TABLE unserved_before ON COMMIT DROP AS
SELECT id FROM lakana.actor a WHERE lakana.is_known_by_services(a.kind) AND NOT EXISTS (SELECT FROM lakana.service s WHERE s.actor_id = a.id)
