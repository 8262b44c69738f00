-- Response pathways, what referral needs to know of places and hours, and who was trained.
CREATE TYPE lakana.stage AS ENUM ('IDENTIFICATION', 'REFERRAL', 'SUPPORT');

-- A law, a treaty or a guideline, beside what every source says of itself.
CREATE TABLE lakana.guidance (
  source_id UUID NOT NULL,
  year SMALLINT NOT NULL,
  binding BOOLEAN NOT NULL,  -- law or treaty; else a guideline
  note_fr TEXT,  -- what a reader should know of it: that it is being revised, for example
  note_en TEXT,
  CONSTRAINT guidance_pkey PRIMARY KEY (source_id),
  CONSTRAINT guidance_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id),
  CONSTRAINT guidance_year_check CHECK (year BETWEEN 1900 AND 2100),
  CONSTRAINT guidance_note_check CHECK (num_nonnulls(note_fr, note_en) IN (0, 2))
);

CREATE TABLE lakana.pathway_step (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  incident_type lakana.incident_type NOT NULL,
  stage lakana.stage NOT NULL,
  position SMALLINT NOT NULL,
  category lakana.service_category NOT NULL,
  kinds lakana.actor_kind[] NOT NULL,
  by_mandate BOOLEAN NOT NULL,
  report_to lakana.actor_kind,
  words_fr TEXT NOT NULL,
  words_en TEXT NOT NULL,
  words_bm TEXT,
  article TEXT,
  reviewed_on DATE NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT pathway_step_pkey PRIMARY KEY (id),
  CONSTRAINT pathway_step_incident_type_stage_position_key UNIQUE (incident_type, stage, position),
  CONSTRAINT pathway_step_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.guidance (source_id),
  CONSTRAINT pathway_step_position_check CHECK (position BETWEEN 1 AND 20),
  CONSTRAINT pathway_step_kinds_check CHECK (cardinality(kinds) > 0)
);

-- The time that clocks show in an area and in all that lies in it, unless that has one of its own.
CREATE TABLE lakana.area_time_zone (
  area_id UUID NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT area_time_zone_pkey PRIMARY KEY (area_id),
  CONSTRAINT area_time_zone_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  -- An unknown name is an error already.
  CONSTRAINT area_time_zone_name_check CHECK (timezone(name, TIMESTAMP '2000-01-01 00:00:00') IS NOT NULL)
);

-- A clock time as minutes after midnight: 00:00 to 48:00, for OpenStreetMap counts the hours of the next day on. NULL for
-- what is none.
CREATE FUNCTION lakana.clock_minute(given text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN given ~ '^(\d|[0-3]\d|4[0-7]):[0-5]\d$|^48:00$'
    THEN split_part(given, ':', 1)::int * 60 + split_part(given, ':', 2)::int END
$$;

-- Opening hours in the manner of OpenStreetMap as minutes of the week, Monday 00:00 = 0, ends exclusive. Known are: 24/7;
-- days and ranges of days (Mo-Fr, Sa,Su, Fr-Mo); spans of time, also over midnight; off and closed; several rules by ";", of
-- which the later one overrides the earlier one for its days. What is said of public holidays (PH) is left out, for nobody
-- says when they are. NULL for all else: not known, which is not closed.
CREATE FUNCTION lakana.open_weekly(hours text) RETURNS int4multirange
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  names CONSTANT text[] := ARRAY['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  spans int4multirange[] := array_fill('{}'::int4multirange, ARRAY[7]);  -- by the day on which they begin
  known boolean := false;
  rule text;
  part text[];
  days integer[];
  one text;
  since integer;
  until integer;
  of_day int4multirange;
  week int4multirange := '{}';
BEGIN
  FOREACH rule IN ARRAY string_to_array(hours, ';') LOOP
    rule := btrim(rule);
    CONTINUE WHEN rule = '';
    part := regexp_match(rule, format('^(%1$s(?:\s*,\s*%1$s)*|)\s*(24/7|off|closed|[\d:,\s-]+)$',
      '(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)(?:\s*-\s*(?:Mo|Tu|We|Th|Fr|Sa|Su))?'));
    IF part IS NULL OR (part[2] = '24/7' AND part[1] <> '') THEN
      RETURN NULL;
    END IF;
    days := CASE WHEN part[1] = '' THEN ARRAY[1, 2, 3, 4, 5, 6, 7] ELSE '{}' END;
    FOREACH one IN ARRAY string_to_array(regexp_replace(part[1], '\s', '', 'g'), ',') LOOP
      CONTINUE WHEN one IN ('', 'PH');
      since := array_position(names, left(one, 2));
      until := array_position(names, right(one, 2));
      IF since IS NULL OR until IS NULL THEN
        RETURN NULL;
      END IF;
      FOR step IN 0 .. (until - since + 7) % 7 LOOP
        days := days || (since - 1 + step) % 7 + 1;
      END LOOP;
    END LOOP;
    CASE
      WHEN part[2] = '24/7' THEN of_day := '{[0,1440)}';
      WHEN part[2] IN ('off', 'closed') THEN of_day := '{}';
      ELSE
        of_day := '{}';
        FOREACH one IN ARRAY string_to_array(regexp_replace(part[2], '\s', '', 'g'), ',') LOOP
          since := clock_minute(split_part(one, '-', 1));
          until := clock_minute(split_part(one, '-', 2));
          IF since IS NULL OR until IS NULL OR since >= 1440 OR since = until OR one ~ '-.*-'
             OR until - since > 1440 THEN
            RETURN NULL;
          END IF;
          of_day := of_day + int4multirange(int4range(since, CASE WHEN until < since THEN until + 1440 ELSE until END));
        END LOOP;
    END CASE;
    known := known OR cardinality(days) > 0;  -- a rule for public holidays alone says nothing of the week
    FOR step IN 1 .. cardinality(days) LOOP
      spans[days[step]] := of_day;
    END LOOP;
  END LOOP;
  IF NOT known THEN
    RETURN NULL;
  END IF;
  FOR day IN 1 .. 7 LOOP
    FOR since, until IN SELECT lower(span), upper(span) FROM unnest(spans[day]) AS span LOOP
      since := since + (day - 1) * 1440;
      until := until + (day - 1) * 1440;
      week := week + int4multirange(int4range(since, least(until, 10080)))
        + int4multirange(int4range(0, greatest(until - 10080, 0)));
    END LOOP;
  END LOOP;
  RETURN week;
END $$;

-- The minute of the week, Monday 00:00 = 0, that clocks show in an area; NULL where nobody knows its time zone.
CREATE FUNCTION lakana.week_minute(moment timestamp with time zone, area uuid) RETURNS integer
LANGUAGE sql STABLE STRICT SET search_path = lakana, public, pg_temp AS $$
  SELECT (extract(isodow FROM shown)::int - 1) * 1440 + extract(hour FROM shown)::int * 60 + extract(minute FROM shown)::int
  FROM (
    SELECT moment AT TIME ZONE z.name AS shown
    FROM area_within w JOIN area_time_zone z ON z.area_id = w.ancestor_id JOIN admin_area a ON a.id = z.area_id
    WHERE w.area_id = area ORDER BY a.level DESC, a.id LIMIT 1
  ) clock
$$;

-- What a training was about, and the order of lists: the newest first, then by name.
ALTER TABLE lakana.training_event ADD COLUMN topics lakana.incident_type[] DEFAULT '{}' NOT NULL;
ALTER TABLE lakana.training_event ADD COLUMN name_key TEXT COLLATE "C" GENERATED ALWAYS AS
  (lpad((DATE '9999-12-31' - starts_on)::text, 7, '0') || ' ' || lakana.fold(name)) STORED NOT NULL;
CREATE INDEX training_event_name_key_id_idx ON lakana.training_event (name_key, id);

-- Which bodies sent somebody to a training: a body, never a person.
CREATE TABLE lakana.trained_actor (
  actor_id UUID NOT NULL,
  training_event_id UUID NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT trained_actor_pkey PRIMARY KEY (actor_id, training_event_id),
  CONSTRAINT trained_actor_actor_id_fkey FOREIGN KEY(actor_id) REFERENCES lakana.actor (id) ON DELETE CASCADE,
  CONSTRAINT trained_actor_training_event_id_fkey FOREIGN KEY(training_event_id)
    REFERENCES lakana.training_event (id) ON DELETE CASCADE,
  CONSTRAINT trained_actor_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);
CREATE INDEX trained_actor_training_event_id_idx ON lakana.trained_actor (training_event_id);

-- How many of a kind took part: as it came in, and as it is published, once. The release alone reads what came in.
CREATE TABLE raw.training_participants (
  training_event_id UUID NOT NULL,
  kind lakana.actor_kind NOT NULL,
  count INTEGER NOT NULL CONSTRAINT training_participants_count_check CHECK (count > 0),
  CONSTRAINT training_participants_pkey PRIMARY KEY (training_event_id, kind),
  CONSTRAINT training_participants_training_event_id_fkey FOREIGN KEY(training_event_id)
    REFERENCES lakana.training_event (id) ON DELETE CASCADE
);
CREATE TABLE lakana.training_participants (
  training_event_id UUID NOT NULL,
  kind lakana.actor_kind NOT NULL,
  count INTEGER NOT NULL CONSTRAINT training_participants_count_check CHECK (count >= 0 AND count % 5 = 0),
  CONSTRAINT training_participants_pkey PRIMARY KEY (training_event_id, kind),
  CONSTRAINT training_participants_training_event_id_fkey FOREIGN KEY(training_event_id)
    REFERENCES lakana.training_event (id) ON DELETE CASCADE
);

DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('lakana.training_event', '''id'''),
    ('lakana.trained_actor', '''actor_id'''),
    ('raw.training_participants', '''training_event_id'', ''count''')
  ) AS followed(name, arguments) LOOP
    EXECUTE format(
      'CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED '
      'FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow(%s)', one.name, one.arguments);
    EXECUTE format(
      'CREATE TRIGGER audit_truncation AFTER TRUNCATE ON %s EXECUTE FUNCTION audit.follow_truncation()', one.name);
  END LOOP;
END $$;

-- A steward writes how many took part and never reads it back.
CREATE FUNCTION raw.record_participants(training uuid, counts jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO raw.training_participants (training_event_id, kind, count)
  SELECT training, g.kind, g.count FROM jsonb_to_recordset(counts) AS g(kind actor_kind, count integer)
$$;

REVOKE EXECUTE ON FUNCTION raw.record_participants FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.record_participants TO lakana_steward;
GRANT INSERT ON lakana.training_event, lakana.training_organizer, lakana.trained_actor TO lakana_steward;
REVOKE EXECUTE ON FUNCTION lakana.clock_minute, lakana.open_weekly, lakana.week_minute FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.clock_minute, lakana.open_weekly, lakana.week_minute
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON
  lakana.guidance, lakana.pathway_step, lakana.area_time_zone, lakana.trained_actor, lakana.training_participants
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
