-- What 0020 took away; 0012_unlisted is run again after it.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SELECT exact.list_actor(u.id) FROM exact.unlisted_actor u WHERE NOT EXISTS (SELECT FROM exact.site s WHERE s.actor_id = u.id);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
DROP TRIGGER unlist_runner ON lakana.service;
DROP TRIGGER unlist_moved_runner ON lakana.service;
DROP FUNCTION exact.unlist_runner, exact.leave_site, lakana.hold_subject CASCADE;  -- with their triggers
DROP FUNCTION exact.unlist, exact.list_actor, exact.knows_actor, exact.withhold_actor, lakana.is_known_by_services;
DROP INDEX exact.site_actor_id_idx;
ALTER POLICY told ON audit.entry
USING (NOT EXISTS (SELECT FROM audit.withheld w WHERE w.digest = audit.digest_of(subject_id)));
DROP INDEX lakana.training_organizer_organization_id_idx;
ALTER TABLE audit.withheld DROP COLUMN actor_id;
