-- Pathways, and the texts that they rest on, are those of a nation: its law, its bodies, its telephone numbers. Where it is not known
-- whose they are, they are told only while there is one nation.
ALTER TABLE lakana.guidance ADD COLUMN nation_id UUID, ADD COLUMN key TEXT;
ALTER TABLE lakana.pathway_step ADD COLUMN nation_id UUID;

UPDATE lakana.guidance g SET key = s.key FROM lakana.source s WHERE s.id = g.source_id;
UPDATE lakana.guidance SET nation_id = one.id FROM (
  SELECT lakana.nation_in_use(area_id) AS id FROM lakana.area_nation WHERE area_id = nation_id AND NOT lakana.several_nations()) one;
UPDATE lakana.pathway_step p SET nation_id = g.nation_id FROM lakana.guidance g WHERE g.source_id = p.source_id;

ALTER TABLE lakana.guidance ALTER COLUMN key SET NOT NULL,
  ADD CONSTRAINT guidance_nation_id_fkey FOREIGN KEY(nation_id) REFERENCES lakana.admin_area (id),
  ADD CONSTRAINT guidance_nation_id_key_key UNIQUE NULLS NOT DISTINCT (nation_id, key);
ALTER TABLE lakana.pathway_step DROP CONSTRAINT pathway_step_incident_type_stage_position_key,
  ADD CONSTRAINT pathway_step_nation_id_fkey FOREIGN KEY(nation_id) REFERENCES lakana.admin_area (id),
  ADD CONSTRAINT pathway_step_nation_id_incident_type_stage_position_key
    UNIQUE NULLS NOT DISTINCT (nation_id, incident_type, stage, position);

-- Whether what is recorded for a nation (NULL: not known for which) is told in a nation, as area_nation has it. With one nation all is.
CREATE FUNCTION lakana.is_told_in(recorded_for uuid, nation uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT NOT lakana.several_nations() OR coalesce(lakana.nation_of(recorded_for) = nation, false)
$$;

-- The nation whose pathways are told at a place: that of the outlines that hold it; where none does, that of its town's register.
-- NULL where neither tells one, and with one nation, whose pathways are told everywhere.
CREATE FUNCTION lakana.nation_told_at(place geography) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  holding uuid[];
BEGIN
  IF NOT several_nations() THEN
    RETURN NULL;
  END IF;
  holding := outlined_at(place);
  IF holding = '{}' THEN
    holding := ARRAY(SELECT k.area_id FROM known_areas(place) k WHERE k.basis = 'REGISTER');
  END IF;
  RETURN (SELECT min(nation_id::text)::uuid FROM area_nation WHERE area_id = ANY (holding) HAVING count(DISTINCT nation_id) = 1);
END $$;

REVOKE EXECUTE ON FUNCTION lakana.is_told_in, lakana.nation_told_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_told_in, lakana.nation_told_at
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
SELECT lakana.follow_public('lakana.guidance');
SELECT lakana.follow_public('lakana.pathway_step');
