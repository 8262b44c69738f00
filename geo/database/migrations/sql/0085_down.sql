-- Only pathways of one nation can stay; an earlier program would tell those of all.
DELETE FROM lakana.pathway_step WHERE lakana.several_nations();
ALTER TABLE lakana.pathway_step DROP COLUMN nation_id,
  ADD CONSTRAINT pathway_step_incident_type_stage_position_key UNIQUE (incident_type, stage, position);
ALTER TABLE lakana.guidance DROP COLUMN nation_id, DROP COLUMN key;
DROP FUNCTION lakana.nation_told_at, lakana.is_told_in;
SELECT lakana.follow_public('lakana.guidance');
SELECT lakana.follow_public('lakana.pathway_step');
