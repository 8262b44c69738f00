-- Silence is not zero: what a locality reports for a quarter is a return, who is expected to report is a list, and who
-- did is public with every release.

-- What an earlier revision of this upgrade wrote is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SET LOCAL lakana.bulk = 'on';

CREATE TABLE raw.incident_return (
  locality_id UUID NOT NULL,
  quarter TEXT NOT NULL CONSTRAINT incident_return_quarter_check CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
  reported_by TEXT,
  reported_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT incident_return_pkey PRIMARY KEY (locality_id, quarter),
  CONSTRAINT incident_return_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT incident_return_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

-- A locality with any count of a quarter has reported that quarter. Of its sources the illustrative one: what holds any of
-- it is illustrative.
INSERT INTO raw.incident_return (locality_id, quarter, source_id)
SELECT DISTINCT ON (locality_id, quarter) locality_id, quarter, s.id
FROM raw.incident_count JOIN lakana.source s ON s.id = source_id
ORDER BY locality_id, quarter, s.illustrative DESC, s.key;

-- A type that was not counted in a return is zero, and has its row.
INSERT INTO raw.incident_count (locality_id, quarter, incident_type, count, source_id)
SELECT locality_id, quarter, t.incident_type, 0, source_id
FROM raw.incident_return CROSS JOIN unnest(enum_range(NULL::lakana.incident_type)) AS t(incident_type)
ON CONFLICT DO NOTHING;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE raw.incident_count
  DROP COLUMN source_id,
  DROP CONSTRAINT incident_count_locality_id_fkey,
  DROP CONSTRAINT incident_count_quarter_check,
  ADD CONSTRAINT incident_count_return_fkey FOREIGN KEY(locality_id, quarter)
    REFERENCES raw.incident_return (locality_id, quarter) ON DELETE CASCADE;

CREATE TABLE lakana.expected_reporter (
  locality_id UUID NOT NULL,
  from_quarter TEXT NOT NULL CONSTRAINT expected_reporter_from_quarter_check CHECK (from_quarter ~ '^\d{4}-Q[1-4]$'),
  to_quarter TEXT CONSTRAINT expected_reporter_to_quarter_check CHECK (to_quarter ~ '^\d{4}-Q[1-4]$'),
  CONSTRAINT expected_reporter_pkey PRIMARY KEY (locality_id, from_quarter),
  CONSTRAINT expected_reporter_span_check CHECK (to_quarter >= from_quarter),
  CONSTRAINT expected_reporter_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id)
);

-- Who ever reported is expected on: an empty list would take silence for completeness.
INSERT INTO lakana.expected_reporter (locality_id, from_quarter)
SELECT locality_id, min(quarter) FROM raw.incident_return GROUP BY locality_id;

CREATE TABLE lakana.reporting (
  period TEXT NOT NULL CONSTRAINT reporting_period_check CHECK (period ~ '^\d{4}(-Q[1-4])?$'),
  level lakana.area_level NOT NULL,
  area_id UUID,
  locality_id UUID,
  localities_reporting INTEGER NOT NULL,
  localities_expected INTEGER NOT NULL,
  reporters TEXT NOT NULL,
  CONSTRAINT reporting_one_place_check CHECK (num_nonnulls(area_id, locality_id) = 1),
  CONSTRAINT reporting_level_check CHECK ((level = 'LOCALITY') = (locality_id IS NOT NULL)),
  CONSTRAINT reporting_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT reporting_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id)
);
CREATE UNIQUE INDEX reporting_place_idx ON lakana.reporting (level, period, area_id, locality_id) NULLS NOT DISTINCT;

-- Of what was released before: who was counted was expected, and who had no count for a quarter had not reported it. What
-- was published as zero for want of a report stays in the history of releases and is told as not reported.
INSERT INTO lakana.reporting
SELECT r.quarter, 'LOCALITY', NULL, c.locality_id, told.reported::integer, 1, CASE WHEN told.reported THEN md5(c.locality_id::text) ELSE '' END
FROM (SELECT quarter, max(number) AS number FROM lakana.release GROUP BY quarter) r
JOIN (SELECT DISTINCT release_number, locality_id FROM raw.released_count) c ON c.release_number = r.number
CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT FROM raw.incident_return n WHERE (n.locality_id, n.quarter) = (c.locality_id, r.quarter)) AS reported
) told;

INSERT INTO lakana.reporting
SELECT left(period, 4), 'LOCALITY', NULL, locality_id, min(localities_reporting), 1,
       CASE WHEN min(localities_reporting) = 1 THEN md5(locality_id::text) ELSE '' END
FROM lakana.reporting r
WHERE 4 = (SELECT count(DISTINCT quarter) FROM lakana.release n WHERE starts_with(n.quarter, left(r.period, 4)))
GROUP BY left(period, 4), locality_id;

INSERT INTO lakana.reporting
SELECT r.period, (enum_range(NULL::lakana.area_level))[p.level + 1], p.id, NULL,
       sum(localities_reporting), sum(localities_expected),
       coalesce(md5(string_agg(r.locality_id::text, ' ' ORDER BY r.locality_id) FILTER (WHERE localities_reporting > 0)), '')
FROM lakana.reporting r
JOIN raw.released_area a ON a.locality_id = r.locality_id AND a.release_number = (SELECT max(number) FROM lakana.release)
JOIN lakana.admin_area p ON p.id = a.area_id
GROUP BY r.period, p.level, p.id;

ALTER TABLE lakana.published_count
  ADD COLUMN localities_reporting INTEGER DEFAULT 0 NOT NULL,
  ADD COLUMN localities_expected INTEGER DEFAULT 0 NOT NULL,
  ADD COLUMN reporters TEXT DEFAULT '' NOT NULL;
ALTER TABLE lakana.published_count
  ALTER COLUMN localities_reporting DROP DEFAULT,
  ALTER COLUMN localities_expected DROP DEFAULT,
  ALTER COLUMN reporters DROP DEFAULT;
UPDATE lakana.published_count p
SET localities_reporting = r.localities_reporting, localities_expected = r.localities_expected, reporters = r.reporters
FROM lakana.reporting r
WHERE r.level = p.level AND r.period = p.period AND coalesce(r.area_id, r.locality_id) = coalesce(p.area_id, p.locality_id);

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
SET LOCAL lakana.bulk = 'off';

-- By one expression of the place, by which a count is joined to who reported it.
DROP INDEX lakana.published_count_current_idx;
CREATE UNIQUE INDEX published_count_current_idx
  ON lakana.published_count (level, period, incident_type, coalesce(area_id, locality_id)) NULLS NOT DISTINCT WHERE current;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['raw.incident_return', 'lakana.expected_reporter'] LOOP
    EXECUTE format(
      'CREATE CONSTRAINT TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED '
      'FOR EACH ROW WHEN (NOT audit.is_bulk()) EXECUTE FUNCTION audit.follow(''locality_id'')', name);
    EXECUTE format(
      'CREATE TRIGGER audit_truncation AFTER TRUNCATE ON %s EXECUTE FUNCTION audit.follow_truncation()', name);
  END LOOP;
END $$;

-- Each return whole: every type has a row, or the log would tell which types a return counted. Gives the number of returns.
CREATE OR REPLACE FUNCTION raw.record(counts jsonb, source uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  written integer;
BEGIN
  INSERT INTO raw.incident_return AS r (locality_id, quarter, reported_by, source_id)
  SELECT g.locality_id, g.quarter, g.reported_by, source
  FROM jsonb_to_recordset(counts) AS g(locality_id uuid, quarter text, reported_by text)
  ORDER BY 1, 2
  ON CONFLICT (locality_id, quarter) DO UPDATE
  SET reported_by = excluded.reported_by, reported_at = now(), source_id = excluded.source_id;
  GET DIAGNOSTICS written = ROW_COUNT;
  INSERT INTO raw.incident_count AS c (locality_id, quarter, incident_type, count, censored_below)
  SELECT g.locality_id, g.quarter, t.incident_type, CASE WHEN n.censored_below IS NULL THEN coalesce(n.count, 0) END, n.censored_below
  FROM jsonb_to_recordset(counts) AS g(locality_id uuid, quarter text, counts jsonb)
  CROSS JOIN unnest(enum_range(NULL::incident_type)) AS t(incident_type)
  LEFT JOIN LATERAL jsonb_to_recordset(g.counts) AS n(incident_type incident_type, count integer, censored_below integer)
    ON n.incident_type = t.incident_type
  -- Whatever was named and in what order: the entries of the log come in this one.
  ORDER BY 1, 2, 3
  ON CONFLICT (locality_id, quarter, incident_type) DO UPDATE
  SET count = excluded.count, censored_below = excluded.censored_below;
  RETURN written;
END $$;

-- Before a steward enters the first of the list: who ever reported is expected on, or the others would be forgotten.
CREATE FUNCTION raw.expect_reporters() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  INSERT INTO expected_reporter (locality_id, from_quarter)
  SELECT locality_id, min(quarter) FROM raw.incident_return
  WHERE NOT EXISTS (SELECT FROM expected_reporter) GROUP BY locality_id
$$;
REVOKE EXECUTE ON FUNCTION raw.expect_reporters FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.expect_reporters TO lakana_steward;

GRANT SELECT ON lakana.reporting, lakana.expected_reporter
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT INSERT, UPDATE (to_quarter), DELETE ON lakana.expected_reporter TO lakana_steward;
