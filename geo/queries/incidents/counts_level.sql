-- The finest level at which at most so many places have published or missing counts of a period: what one map can show.
-- Binds: period, most.
SELECT level::text FROM unnest(enum_range(NULL::lakana.area_level)) WITH ORDINALITY AS known(level, at), LATERAL (
  SELECT count(*) AS number FROM (
    SELECT FROM lakana.reporting r WHERE r.level = known.level AND r.period = CAST(:period AS text) LIMIT CAST(:most AS int) + 1) AS few
) AS places
WHERE number BETWEEN 1 AND CAST(:most AS int) ORDER BY at DESC LIMIT 1
