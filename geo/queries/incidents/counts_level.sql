-- The finest level at which at most so many places have published or missing counts of a period: what one map can show.
-- Binds: period, area_code (NULL: of every nation), most.
WITH scope(id) AS MATERIALIZED (
  SELECT lakana.area_in_force(CAST(:area_code AS text))
), whole(nation) AS MATERIALIZED (
  SELECT lakana.nation_of(a.id) FROM scope JOIN lakana.admin_area a USING (id) WHERE a.level = 0
), own AS MATERIALIZED (
  SELECT area_id FROM lakana.area_nation WHERE nation_id = (SELECT nation FROM whole)
  UNION ALL SELECT area_id FROM lakana.area_within WHERE ancestor_id = (SELECT id FROM scope)
)
SELECT level::text FROM unnest(enum_range(NULL::lakana.area_level)) WITH ORDINALITY AS known(level, at), LATERAL (
  SELECT count(*) AS number FROM (
    SELECT FROM lakana.reporting r WHERE r.level = known.level AND r.period = CAST(:period AS text)
      AND ((SELECT id FROM scope) IS NULL OR coalesce(r.area_id, (SELECT l.area_set_id FROM lakana.locality l WHERE l.id = r.locality_id))
        IN (SELECT area_id FROM own)) LIMIT CAST(:most AS int) + 1) AS few
) AS places
WHERE number BETWEEN 1 AND CAST(:most AS int) ORDER BY at DESC LIMIT 1
