-- Writes: versions, proposals, who may write what, and where a site may stand.

ALTER TABLE lakana.organization ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name)) STORED NOT NULL;
CREATE INDEX organization_name_key_id_idx ON lakana.organization (name_key, id);

CREATE FUNCTION lakana.next_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['organization', 'actor', 'service', 'shelter'] LOOP
    EXECUTE format('ALTER TABLE lakana.%I ADD COLUMN version INTEGER DEFAULT ''1'' NOT NULL', name);
    EXECUTE format(
      'CREATE TRIGGER next_version BEFORE UPDATE ON lakana.%I FOR EACH ROW EXECUTE FUNCTION lakana.next_version()', name);
  END LOOP;
END $$;

CREATE TYPE lakana.proposal_kind AS ENUM ('ACTOR', 'SERVICE', 'SHELTER', 'PUBLICATION');
CREATE TYPE lakana.proposal_status AS ENUM ('OPEN', 'APPROVED', 'REJECTED');

CREATE TABLE lakana.proposal (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  number BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lpad(number::text, 12, '0')) STORED NOT NULL,
  kind lakana.proposal_kind NOT NULL,
  subject_id UUID NOT NULL,
  changes JSONB NOT NULL,
  reason TEXT NOT NULL,
  status lakana.proposal_status DEFAULT 'OPEN' NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  reviewed_by TEXT,
  reviewed_at TIMESTAMP WITH TIME ZONE,
  review_note TEXT,
  CONSTRAINT proposal_pkey PRIMARY KEY (id),
  CONSTRAINT proposal_review_check CHECK ((status = 'OPEN') = (reviewed_by IS NULL) AND (status = 'OPEN') = (reviewed_at IS NULL))
);
CREATE INDEX proposal_name_key_id_idx ON lakana.proposal (name_key, id);

-- Who proposed and who reviewed is what the transaction says, never what a statement says. What makes a confidential
-- site public takes two stewards.
CREATE FUNCTION lakana.attribute_proposal() RETURNS trigger
LANGUAGE plpgsql SET search_path = lakana, public, pg_temp AS $$
DECLARE
  holder text := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_by := holder;
    NEW.proposed_at := now();
    NEW.status := 'OPEN';
    IF NEW.kind = 'PUBLICATION' AND session_user = 'lakana_partner' THEN
      RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE = 'Only a steward may propose to make a site public.';
    END IF;
  ELSE
    IF OLD.status <> 'OPEN' THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'proposalId', MESSAGE = 'the proposal has been reviewed already.';
    END IF;
    IF OLD.kind = 'PUBLICATION' AND NEW.status = 'APPROVED' AND holder = OLD.proposed_by THEN
      RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
        'To make a confidential site public takes two stewards: who proposed it may not approve it.';
    END IF;
    NEW := jsonb_populate_record(OLD, jsonb_build_object('status', NEW.status, 'review_note', NEW.review_note));
    NEW.reviewed_by := holder;
    NEW.reviewed_at := now();
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER attribute_proposal BEFORE INSERT OR UPDATE ON lakana.proposal
FOR EACH ROW EXECUTE FUNCTION lakana.attribute_proposal();

-- A site that becomes confidential takes its place along to where nobody reads it; one that becomes public brings it
-- back, which takes a proposal that another steward approves in this very transaction. Named to come before
-- hide_confidential_site, which puts the area's point in its place.
CREATE FUNCTION lakana.change_confidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF NEW.confidential THEN
    NEW.phone := NULL;  -- a number can be looked up; whom to call stands at the front gate
    IF NOT OLD.confidential THEN
      INSERT INTO exact.site (service_id, point, area_id, locality_id)
      VALUES (NEW.id, NEW.point, NEW.area_id, NEW.locality_id)
      ON CONFLICT (service_id) DO UPDATE
      SET point = excluded.point, area_id = excluded.area_id, locality_id = excluded.locality_id;
    END IF;
  ELSIF OLD.confidential THEN
    IF NOT EXISTS (
      SELECT FROM proposal p WHERE p.kind = 'PUBLICATION' AND p.status = 'APPROVED' AND p.reviewed_at = now()
        AND p.reviewed_by <> p.proposed_by
        AND p.subject_id = (SELECT s.id FROM shelter s WHERE s.service_id = NEW.id)
    ) THEN
      RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE =
        'A confidential site becomes public only by a proposal that a second steward approves.';
    END IF;
    DELETE FROM exact.site WHERE service_id = NEW.id RETURNING point, area_id, locality_id
    INTO NEW.point, NEW.area_id, NEW.locality_id;
    IF NEW.point IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'proposalId', MESSAGE =
        'nobody has recorded where the site stands; give its place first.';
    END IF;
    DELETE FROM front_gate WHERE service_id = NEW.id;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER change_confidence BEFORE INSERT OR UPDATE ON lakana.service
FOR EACH ROW EXECUTE FUNCTION lakana.change_confidence();

-- A partner changes what is its organisation's own, and nothing where the transaction does not say whose it is. The API
-- says so in better words before.
CREATE FUNCTION lakana.keep_to_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF session_user = 'lakana_partner' AND NOT EXISTS (
    SELECT FROM service s JOIN actor a ON a.id = s.actor_id
    WHERE s.id = (CASE TG_TABLE_NAME WHEN 'shelter' THEN to_jsonb(OLD)->>'service_id' ELSE to_jsonb(OLD)->>'id' END)::uuid
      AND a.organization_id::text = current_setting('lakana.organization', true)
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'LK403', MESSAGE = 'It belongs to another organisation.';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_to_own BEFORE UPDATE ON lakana.service FOR EACH ROW EXECUTE FUNCTION lakana.keep_to_own();
CREATE TRIGGER keep_to_own BEFORE UPDATE ON lakana.shelter FOR EACH ROW EXECUTE FUNCTION lakana.keep_to_own();

-- Metres from a place to the hull of the nation that an area lies in; 0 inside it, NULL where it has no outline.
CREATE FUNCTION lakana.outside_nation_m(place geography, area uuid) RETURNS double precision
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT min(ST_Distance(place, ST_ConvexHull(a.geom)::geography))
  FROM area_within w JOIN admin_area a ON a.id = w.ancestor_id
  WHERE w.area_id = area AND a.level = 0 AND a.geom IS NOT NULL
$$;

-- The smallest area in force of the division in use that holds a place.
CREATE FUNCTION lakana.area_of(place geography) RETURNS uuid
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT a.id FROM areas_at(place) at JOIN admin_area a ON a.id = at.area_id
  ORDER BY EXISTS (SELECT FROM area_crosswalk c WHERE c.to_area_id = a.id), a.level DESC, a.id LIMIT 1
$$;

-- Exact places are written by stewards and read by custodians, one at a time, through these two functions alone.
CREATE FUNCTION exact.settle(service uuid, place geography, area uuid, locality uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO exact.site (service_id, point, area_id, locality_id) VALUES (service, place, area, locality)
  ON CONFLICT (service_id) DO UPDATE
  SET point = excluded.point, area_id = excluded.area_id, locality_id = excluded.locality_id
$$;

-- Every call counts and is logged, also one that finds nothing: else it could be tried which ids are confidential.
CREATE FUNCTION exact.locate(wanted uuid, purpose text) RETURNS TABLE (number bigint, lon double precision, lat double precision)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  asker text := coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner');
  oldest numeric;
BEGIN
  PERFORM audit.lock();
  SELECT min(at_s) INTO oldest FROM (
    SELECT at_s FROM audit.entry e WHERE e.holder = asker AND e.action = 'LOCATE'
      AND e.at_s > extract(epoch FROM clock_timestamp()) - 3600
    ORDER BY e.name_key LIMIT 20
  ) lately HAVING count(*) = 20;
  IF oldest IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LK429',
      DETAIL = ceil(oldest + 3600 - extract(epoch FROM clock_timestamp()))::int::text,
      MESSAGE = 'Twenty exact places were told in the last hour, which is the most; ask again later.';
  END IF;
  number := audit.append('LOCATE', 'shelter', wanted::text, NULL, jsonb_build_object('purpose', purpose));
  SELECT ST_X(e.point::geometry), ST_Y(e.point::geometry) INTO lon, lat
  FROM shelter s JOIN service v ON v.id = s.service_id JOIN exact.site e ON e.service_id = v.id
  WHERE s.id = wanted AND v.confidential;
  RETURN NEXT;
END $$;

-- Raw counts are written by stewards through this function alone; nobody reads them back. Gives the number of rows.
CREATE FUNCTION raw.record(counts jsonb, source uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  written integer;
BEGIN
  INSERT INTO raw.incident_count AS c (locality_id, quarter, incident_type, count, censored_below, source_id)
  SELECT g.locality_id, g.quarter, g.incident_type, g.count, g.censored_below, source
  FROM jsonb_to_recordset(counts)
    AS g(locality_id uuid, quarter text, incident_type incident_type, count integer, censored_below integer)
  ON CONFLICT (locality_id, quarter, incident_type) DO UPDATE
  SET count = excluded.count, censored_below = excluded.censored_below, source_id = excluded.source_id;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END $$;

REVOKE EXECUTE ON FUNCTION
  lakana.next_version, lakana.attribute_proposal, lakana.change_confidence, lakana.keep_to_own, lakana.outside_nation_m, lakana.area_of,
  exact.settle, exact.locate, raw.record
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.outside_nation_m, lakana.area_of, lakana.disclosure_area TO lakana_partner, lakana_steward;

GRANT UPDATE (capacity, verified_on) ON lakana.service TO lakana_partner;
GRANT UPDATE (occupancy) ON lakana.shelter TO lakana_partner;
GRANT INSERT (id, kind, subject_id, changes, reason) ON lakana.proposal TO lakana_partner, lakana_steward;
GRANT SELECT, UPDATE (status, review_note) ON lakana.proposal TO lakana_steward;
GRANT INSERT, UPDATE, DELETE ON lakana.organization, lakana.actor, lakana.service, lakana.shelter, lakana.front_gate
  TO lakana_steward;
GRANT INSERT ON lakana.source TO lakana_steward;
GRANT USAGE ON SCHEMA exact TO lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION exact.locate TO lakana_custodian;
GRANT EXECUTE ON FUNCTION exact.settle TO lakana_steward;
GRANT USAGE ON SCHEMA raw TO lakana_steward;
GRANT EXECUTE ON FUNCTION raw.record TO lakana_steward;
