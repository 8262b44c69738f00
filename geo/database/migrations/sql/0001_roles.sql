-- Audiences are roles without login; two logins that inherit nothing step into them. What an audience may not see is in
-- no table that it may read. Roles belong to the whole cluster, so another database of it may have made them already.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['lakana_public', 'lakana_partner', 'lakana_planner', 'lakana_custodian', 'lakana_steward'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
    END IF;
  END LOOP;
  FOREACH name IN ARRAY ARRAY['lakana_anonymous', 'lakana_trusted'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', name);
    END IF;
  END LOOP;
END $$;

GRANT lakana_public, lakana_partner TO lakana_anonymous;
GRANT lakana_planner, lakana_custodian, lakana_steward TO lakana_trusted;

REVOKE ALL ON SCHEMA exact, raw FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA lakana, exact FROM PUBLIC;

GRANT USAGE ON SCHEMA lakana
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION
  lakana.fold, lakana.area_in_force, lakana.home_area, lakana.locality_named, lakana.areas_at,
  lakana.services_around
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON
  lakana.source, lakana.admin_area, lakana.area_crosswalk, lakana.area_within, lakana.area_population, lakana.locality,
  lakana.locality_name, lakana.organization, lakana.actor, lakana.service, lakana.shelter, lakana.training_event,
  lakana.training_organizer, lakana.demand_point, lakana.access, lakana.access_refresh, lakana.release,
  lakana.published_count
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.front_gate TO lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
