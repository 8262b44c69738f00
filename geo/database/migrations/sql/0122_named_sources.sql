-- The name of the list that a confidential shelter came from stood among the public sources: of a list of confidential ones alone, of an
-- open one that was hidden since, of an actor or an organisation that is out of the directory. A source is told while something that
-- everybody may read names it.
CREATE INDEX actor_source_id_idx ON lakana.actor (source_id);
CREATE INDEX admin_area_outline_source_id_idx ON lakana.admin_area (outline_source_id);
CREATE INDEX admin_area_source_id_idx ON lakana.admin_area (source_id);
CREATE INDEX area_crosswalk_source_id_idx ON lakana.area_crosswalk (source_id);
CREATE INDEX area_population_source_id_idx ON lakana.area_population (source_id);
CREATE INDEX context_value_source_id_idx ON lakana.context_value (source_id);
CREATE INDEX demand_point_source_id_idx ON lakana.demand_point (source_id);
CREATE INDEX ground_source_id_idx ON lakana.ground (source_id);
CREATE INDEX locality_source_id_idx ON lakana.locality (source_id);
CREATE INDEX organization_source_id_idx ON lakana.organization (source_id);
CREATE INDEX presence_source_id_idx ON lakana.presence (source_id);
CREATE INDEX published_count_source_id_idx ON lakana.published_count (source_id);
CREATE INDEX service_source_id_idx ON lakana.service (source_id);
CREATE INDEX trained_actor_source_id_idx ON lakana.trained_actor (source_id);
CREATE INDEX training_event_source_id_idx ON lakana.training_event (source_id);
CREATE INDEX zone_source_id_idx ON lakana.zone (source_id);

-- Each table whose rows everybody may read and that names sources is asked by its index; an organisation counts where it is listed. Without
-- enable_seqscan off the planner, which reckons that any source is found among the first rows, would read the whole table for one that
-- nothing names.
CREATE FUNCTION lakana.is_named_source(wanted uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  RETURN EXISTS (SELECT FROM admin_area WHERE outline_source_id = wanted)
    OR EXISTS (SELECT FROM admin_area WHERE source_id = wanted)
    OR EXISTS (SELECT FROM locality WHERE source_id = wanted)
    OR EXISTS (SELECT FROM area_population WHERE source_id = wanted)
    OR EXISTS (SELECT FROM area_crosswalk WHERE source_id = wanted)
    OR EXISTS (SELECT FROM demand_point WHERE source_id = wanted)
    OR EXISTS (SELECT FROM ground WHERE source_id = wanted)
    OR EXISTS (SELECT FROM zone WHERE source_id = wanted)
    OR EXISTS (SELECT FROM road_network WHERE source_id = wanted)
    OR EXISTS (SELECT FROM guidance WHERE source_id = wanted)
    OR EXISTS (SELECT FROM context_value WHERE source_id = wanted)
    OR EXISTS (SELECT FROM presence WHERE source_id = wanted)
    OR EXISTS (SELECT FROM training_event WHERE source_id = wanted)
    OR EXISTS (SELECT FROM trained_actor WHERE source_id = wanted)
    OR EXISTS (SELECT FROM actor WHERE source_id = wanted)
    OR EXISTS (SELECT FROM service WHERE source_id = wanted)
    OR EXISTS (SELECT FROM published_count WHERE source_id = wanted)
    OR EXISTS (
      SELECT FROM organization o WHERE o.source_id = wanted
        AND (EXISTS (SELECT FROM actor a WHERE a.organization_id = o.id)
          OR EXISTS (SELECT FROM training_organizer t WHERE t.organization_id = o.id)));
END $$;
REVOKE EXECUTE ON FUNCTION lakana.is_named_source FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.is_named_source TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;

-- A source that nothing public names is no change of what the public may read.
SELECT lakana.follow_public('lakana.source', NULL, 'lakana.is_named_source(r.id)');
