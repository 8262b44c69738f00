DROP FUNCTION lakana.nearest_actors;
DROP INDEX lakana.actor_jurisdiction_id_kind_idx, lakana.actor_point_idx;
CREATE INDEX actor_jurisdiction_id_idx ON lakana.actor (jurisdiction_id);
