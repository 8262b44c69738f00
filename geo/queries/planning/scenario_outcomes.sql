-- One row for each of the scenarios asked for, by its place among them, and before them one for what is there today (number
-- 0): its capacity, how many services have none that is known, and the parts of the data that are no more what they were on
-- its base date. Of a scenario that is not there the row has its number alone.
-- Binds: scenario_ids, caller_owner.
WITH asked AS MATERIALIZED (
  SELECT * FROM lakana.scenarios_together(:caller_owner, CAST(string_to_array(:scenario_ids, ',') AS uuid[]))
), today AS MATERIALIZED (
  SELECT category, lakana.data_digests(category) AS digests FROM asked LIMIT 1
), variant AS (
  SELECT number, scenario_id, category, changes, base_data FROM asked
  UNION ALL
  SELECT 0, NULL, category, '[]', digests FROM today
)
SELECT v.number, v.scenario_id, p.before_places AS capacity_before, p.after_places AS capacity,
  (SELECT count(*) FROM jsonb_array_elements(v.changes) c WHERE c->>'kind' = 'ADD' AND c->>'places' IS NULL) + (
    SELECT count(*)
    FROM lakana.service s LEFT JOIN jsonb_array_elements(v.changes) c ON CAST(c->>'service_id' AS uuid) = s.id
    WHERE s.category = v.category AND s.point IS NOT NULL AND c->>'kind' IS DISTINCT FROM 'CLOSE'
      AND CASE c->>'kind' WHEN 'RESIZE' THEN CAST(c->>'places' AS integer) ELSE s.capacity END IS NULL
  ) AS unknown_capacity_count,
  ARRAY(
    SELECT key FROM jsonb_each_text(t.digests) WHERE v.base_data->>key IS DISTINCT FROM value ORDER BY key
  ) AS changed_data
FROM variant v, today t, lakana.places_if(v.category, v.changes) p
UNION ALL
SELECT CAST(number AS integer), NULL, NULL, NULL, NULL, NULL
FROM today, unnest(string_to_array(:scenario_ids, ',')) WITH ORDINALITY AS wanted(id, number)
WHERE number NOT IN (SELECT number FROM asked)
