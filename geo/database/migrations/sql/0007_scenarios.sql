-- Scenarios of planners: changes to the services of a category that are thought through and not made.

CREATE TABLE lakana.scenario (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name)) STORED NOT NULL,
  category lakana.service_category NOT NULL,
  base_date TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  base_data JSONB NOT NULL,
  changes JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  version INTEGER DEFAULT '1' NOT NULL,
  CONSTRAINT scenario_pkey PRIMARY KEY (id),
  CONSTRAINT scenario_changes_check CHECK (jsonb_array_length(changes) BETWEEN 1 AND 50)
);
CREATE INDEX scenario_owner_name_key_id_idx ON lakana.scenario (owner, name_key, id);

-- When the data that scenarios rest on last changed, by part: SERVICES:<category>, DEMAND, AREAS, TRAVEL.
CREATE TABLE lakana.data_change (
  part TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT data_change_pkey PRIMARY KEY (part)
);
INSERT INTO lakana.data_change
SELECT part, now()  -- what changed before is not known
FROM (
  SELECT 'SERVICES:' || category FROM unnest(enum_range(NULL::lakana.service_category)) AS category
  UNION ALL VALUES ('DEMAND'), ('AREAS'), ('TRAVEL')
) AS known(part);

-- Whose scenarios this transaction may touch: those of the organisation of who writes or, without one, of the holder.
-- NULL where the transaction does not say who writes.
CREATE FUNCTION lakana.scenario_owner() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce('organization:' || nullif(current_setting('lakana.organization', true), ''),
                  nullif(current_setting('lakana.holder', true), ''))
$$;
ALTER TABLE lakana.scenario ALTER COLUMN owner SET DEFAULT lakana.scenario_owner();

-- Rows of others do not exist for a planner's login. Nothing spatial stands in this table, so that the filter costs no
-- index (see the decision on row-level security in the README).
ALTER TABLE lakana.scenario ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON lakana.scenario TO lakana_planner
USING (owner = lakana.scenario_owner()) WITH CHECK (owner = lakana.scenario_owner());

-- Questions run outside of a transaction that says who asks, and name the owner instead.
CREATE FUNCTION lakana.scenarios_of(whose text) RETURNS SETOF lakana.scenario
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = lakana, public, pg_temp AS $$
  SELECT * FROM scenario WHERE owner = whose
$$;

CREATE FUNCTION lakana.note_scenario_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.changed_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER note_scenario_change BEFORE UPDATE ON lakana.scenario
FOR EACH ROW EXECUTE FUNCTION lakana.note_scenario_change();

-- Logged like the directory, with the changes sealed: where somebody thinks of a shelter is for its planners alone.
CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON lakana.scenario DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow('id', 'changes');
CREATE TRIGGER audit_truncation AFTER TRUNCATE ON lakana.scenario
FOR EACH STATEMENT EXECUTE FUNCTION audit.follow_truncation();

-- Arguments: the part. Of services only what distances and places hang on counts, by category.
CREATE FUNCTION lakana.note_data_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  parts text[] := ARRAY[TG_ARGV[0]];
BEGIN
  IF TG_ARGV[0] = 'SERVICES' THEN
    IF TG_OP = 'INSERT' THEN
      SELECT array_agg(DISTINCT 'SERVICES:' || category) INTO parts FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
      SELECT array_agg(DISTINCT 'SERVICES:' || category) INTO parts FROM old_rows;
    ELSE
      SELECT array_agg(DISTINCT 'SERVICES:' || side.category) INTO parts
      FROM new_rows n JOIN old_rows o USING (id), LATERAL (VALUES (n.category), (o.category)) AS side(category)
      WHERE (n.category, n.capacity) IS DISTINCT FROM (o.category, o.capacity)
        OR NOT n.point::geometry = o.point::geometry;
    END IF;
  END IF;
  -- In one order, so that two writers do not wait for each other in a circle.
  INSERT INTO data_change SELECT part, now() FROM unnest(parts) AS part ORDER BY part
  ON CONFLICT (part) DO UPDATE SET changed_at = excluded.changed_at;
  RETURN NULL;
END $$;

-- Named to come after the triggers that keep distances right and hold a category's lock.
CREATE TRIGGER note_insert AFTER INSERT ON lakana.service REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('SERVICES');
CREATE TRIGGER note_update AFTER UPDATE ON lakana.service REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('SERVICES');
CREATE TRIGGER note_delete AFTER DELETE ON lakana.service REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('SERVICES');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON lakana.demand_point
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('DEMAND');
CREATE TRIGGER note_change
AFTER INSERT OR DELETE OR UPDATE OF level, parent_id, valid_from, valid_to ON lakana.admin_area
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('AREAS');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON lakana.area_crosswalk
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('AREAS');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON lakana.travel_estimate
FOR EACH STATEMENT EXECUTE FUNCTION lakana.note_data_change('TRAVEL');

-- A digest of each part of the data that the answer for a category rests on: equal digests, equal answer.
CREATE FUNCTION lakana.data_digests(wanted lakana.service_category) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT jsonb_build_object(
    'SERVICES', (SELECT md5(coalesce(string_agg(concat_ws(' ', id, capacity, point::text), ',' ORDER BY id), ''))
                 FROM service WHERE category = wanted),
    'DEMAND', (SELECT md5(coalesce(string_agg(concat_ws(' ', id, area_id, under_18, point::text), ',' ORDER BY id), ''))
               FROM demand_point),
    'AREAS', md5(concat_ws(';',
      (SELECT string_agg(concat_ws(' ', id, level, coalesce(parent_id::text, '-')), ',' ORDER BY id) FROM admin_area
       WHERE daterange(valid_from, valid_to) @> current_date),
      (SELECT string_agg(area_id || ' ' || ancestor_id, ',' ORDER BY area_id, ancestor_id) FROM area_within))),
    'TRAVEL', (SELECT md5(coalesce(string_agg(concat_ws(' ', mode, season, speed_km_h, detour), ',' ORDER BY mode, season), ''))
               FROM travel_estimate))
$$;

-- The same as of a base date: a part that has changed since, so that nobody knows its digest any more, has none.
CREATE FUNCTION lakana.data_digests_on(wanted lakana.service_category, base_date timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT jsonb_object_agg(key, CASE WHEN c.changed_at > base_date THEN NULL ELSE value END)
  FROM jsonb_each(data_digests(wanted))
  LEFT JOIN data_change c ON c.part = CASE key WHEN 'SERVICES' THEN 'SERVICES:' || wanted ELSE key END
$$;

-- Some scenarios of one owner, in the order asked for, each with what it does to the services of their category: which
-- are gone from their places, and where sites are added. Nothing unless all of them are the owner's.
-- Raises LK400 where they are of several categories.
CREATE FUNCTION lakana.scenarios_together(whose text, ids uuid[])
RETURNS TABLE (number integer, scenario_id uuid, category lakana.service_category, gone uuid[], sites geography[],
               changes jsonb, base_data jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  found bigint;
  categories bigint;
BEGIN
  SELECT count(*), count(DISTINCT s.category) INTO found, categories
  FROM scenario s WHERE s.owner = whose AND s.id = ANY (ids);
  IF found < cardinality(ids) THEN
    RETURN;
  ELSIF categories > 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'scenarioIds', MESSAGE =
      'these scenarios are for different categories of service; compare those of one category at a time.';
  END IF;
  RETURN QUERY
  SELECT asked.number::integer, s.id, s.category,
    ARRAY(SELECT (c->>'service_id')::uuid FROM jsonb_array_elements(s.changes) AS c WHERE c->>'kind' IN ('CLOSE', 'MOVE')),
    ARRAY(SELECT ST_SetSRID(ST_MakePoint((c->>'lon')::double precision, (c->>'lat')::double precision), 4326)::geography
          FROM jsonb_array_elements(s.changes) AS c WHERE c->>'kind' IN ('ADD', 'MOVE')),
    s.changes, s.base_data
  FROM unnest(ids) WITH ORDINALITY AS asked(id, number) JOIN scenario s ON s.id = asked.id AND s.owner = whose;
END $$;

-- Metres from each demand point to the nearest service of a category, as it is and as it would be if some services were
-- gone and sites were added; NULL where there is none. Nothing is changed.
-- A demand point keeps its distance of today unless the service that it has is gone; then what is left is walked as
-- lakana.refresh_access does. To ST_Distance the services come first, as there: the last bit hangs on the order.
-- A degree of latitude is nowhere shorter than 110,574 m, the least meridian radius of curvature a (1 - e²) times π / 180,
-- so a site so far to the north or south that it cannot be nearer than what there is need not be measured.
CREATE FUNCTION lakana.distances_if(wanted lakana.service_category, gone uuid[], sites geography[])
RETURNS TABLE (area_id uuid, under_18 integer, before_m double precision, after_m double precision)
LANGUAGE sql STABLE ROWS 15000 SET search_path = lakana, public, pg_temp AS $$
  WITH site AS MATERIALIZED (
    SELECT point, ST_Y(point::geometry) AS lat FROM unnest(sites) AS point
  )
  SELECT d.area_id, d.under_18, a.distance_m,
         least(CASE WHEN a.service_id = ANY (gone) THEN left_over.distance_m ELSE a.distance_m END, added.distance_m)
  FROM demand_point d
  LEFT JOIN access a ON a.category = wanted AND a.demand_point_id = d.id
  LEFT JOIN LATERAL (
    WITH near AS MATERIALIZED (
      SELECT ST_Distance(s.point, d.point) AS distance_m, s.point <-> d.point AS sphere_m
      FROM service s WHERE s.category = wanted AND s.id <> ALL (gone)
      ORDER BY s.point <-> d.point FETCH FIRST 8 ROWS WITH TIES
    ), reach AS (
      SELECT min(distance_m) AS distance_m, max(sphere_m) AS sphere_m FROM near
    )
    SELECT min(found.distance_m) AS distance_m FROM (
      SELECT distance_m FROM near
      UNION ALL
      SELECT ST_Distance(s.point, d.point)
      FROM reach r JOIN service s ON ST_DWithin(s.point, d.point, r.distance_m + 0.001)
      WHERE s.category = wanted AND s.id <> ALL (gone) AND r.sphere_m < r.distance_m * 1.006
    ) AS found
    WHERE a.service_id = ANY (gone)
  ) left_over ON true
  LEFT JOIN LATERAL (
    SELECT min(ST_Distance(site.point, d.point)) AS distance_m FROM site
    WHERE (abs(site.lat - ST_Y(d.point::geometry)) * 110574 > a.distance_m) IS NOT TRUE OR a.service_id = ANY (gone)
  ) added ON true
$$;

-- Places of a category today, and as they would be with these changes; what is not known counts as none.
CREATE FUNCTION lakana.places_if(wanted lakana.service_category, changes jsonb, OUT before_places bigint, OUT after_places bigint)
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  WITH change AS (
    SELECT kind, service_id, places FROM jsonb_to_recordset(changes) AS c(kind text, service_id uuid, places integer)
  )
  SELECT coalesce(sum(s.capacity), 0),
         coalesce(sum(CASE c.kind WHEN 'CLOSE' THEN 0 WHEN 'RESIZE' THEN c.places ELSE s.capacity END), 0)
           + (SELECT coalesce(sum(places), 0) FROM change WHERE kind = 'ADD')
  FROM service s LEFT JOIN change c ON c.service_id = s.id
  WHERE s.category = wanted
$$;

REVOKE EXECUTE ON FUNCTION
  lakana.scenario_owner, lakana.scenarios_of, lakana.note_scenario_change, lakana.note_data_change, lakana.data_digests,
  lakana.data_digests_on, lakana.scenarios_together, lakana.distances_if, lakana.places_if
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  lakana.scenario_owner, lakana.scenarios_of, lakana.data_digests, lakana.data_digests_on, lakana.scenarios_together,
  lakana.distances_if, lakana.places_if, lakana.outside_nation_m
  TO lakana_planner;
GRANT SELECT, DELETE ON lakana.scenario TO lakana_planner;
GRANT INSERT (name, category, base_date, base_data, changes), UPDATE (name, base_date, base_data, changes)
  ON lakana.scenario TO lakana_planner;
GRANT SELECT ON lakana.data_change TO lakana_planner;

-- A planner may belong to an organisation, whose planners share their scenarios.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['key', 'person'] LOOP
    EXECUTE format('ALTER TABLE identity.%I DROP CONSTRAINT %I', name, name || '_scope_check');
    EXECUTE format(
      'ALTER TABLE identity.%I ADD CONSTRAINT %I CHECK (CASE audience WHEN ''PARTNER'' THEN organization_id IS NOT NULL '
      'WHEN ''PLANNER'' THEN area_id IS NULL ELSE organization_id IS NULL AND area_id IS NULL END)',
      name, name || '_scope_check');
  END LOOP;
END $$;
