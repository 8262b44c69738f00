-- What an operator acts on, in one look: nothing of it names a place or a person.
SELECT extract(epoch FROM clock_timestamp())::float8 AS now_s,
  (SELECT at_s::float8 FROM audit.entry ORDER BY number DESC LIMIT 1) AS last_entry_s,
  pg_database_size(current_database()) AS database_bytes,
  (SELECT coalesce(jsonb_object_agg(status, many), '{}') FROM (
    SELECT status::text, count(*) AS many FROM lakana.siting_job GROUP BY status) AS job) AS jobs,
  (SELECT extract(epoch FROM max(released_at))::float8 FROM lakana.release) AS released_s,
  (SELECT count(DISTINCT r.quarter) FROM raw.incident_return r
   WHERE r.quarter < to_char(now() AT TIME ZONE 'UTC', 'YYYY-"Q"Q')
     AND NOT EXISTS (SELECT FROM lakana.release l WHERE l.quarter = r.quarter)) AS unreleased_quarters
