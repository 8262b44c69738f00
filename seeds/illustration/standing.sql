-- Rows that are not illustrative and refer to illustrative ones, by table, with how many and up to three names.
WITH made_up AS MATERIALIZED (SELECT id FROM lakana.source WHERE illustrative),
organizations AS MATERIALIZED (SELECT id FROM lakana.organization WHERE source_id IN (SELECT id FROM made_up)),
actors AS MATERIALIZED (SELECT id FROM lakana.actor WHERE source_id IN (SELECT id FROM made_up)),
events AS MATERIALIZED (SELECT id FROM lakana.training_event WHERE source_id IN (SELECT id FROM made_up)),
standing AS (
  SELECT 'services' AS what, name FROM lakana.service
  WHERE source_id NOT IN (SELECT id FROM made_up) AND actor_id IN (SELECT id FROM actors)
  UNION ALL
  SELECT 'confidential services', NULL FROM exact.site t JOIN lakana.service s ON s.id = t.service_id
  WHERE s.source_id NOT IN (SELECT id FROM made_up) AND s.confidential AND t.actor_id IN (SELECT id FROM actors)
  UNION ALL
  SELECT 'actors', name FROM lakana.actor WHERE source_id NOT IN (SELECT id FROM made_up) AND organization_id IN (SELECT id FROM organizations)
  UNION ALL
  SELECT 'unlisted actors', NULL FROM exact.unlisted_actor
  WHERE (record->>'source_id')::uuid NOT IN (SELECT id FROM made_up) AND (record->>'organization_id')::uuid IN (SELECT id FROM organizations)
  UNION ALL
  SELECT 'presence', organization_name FROM lakana.presence
  WHERE source_id NOT IN (SELECT id FROM made_up) AND organization_id IN (SELECT id FROM organizations)
  UNION ALL
  SELECT 'trainings', e.name FROM lakana.training_event e JOIN lakana.training_organizer o ON o.training_event_id = e.id
  WHERE e.source_id NOT IN (SELECT id FROM made_up) AND o.organization_id IN (SELECT id FROM organizations)
  UNION ALL
  SELECT 'training records', NULL FROM lakana.trained_actor
  WHERE source_id NOT IN (SELECT id FROM made_up) AND (actor_id IN (SELECT id FROM actors) OR training_event_id IN (SELECT id FROM events))
  UNION ALL
  SELECT 'keys', name FROM identity.key WHERE organization_id IN (SELECT id FROM organizations)
  UNION ALL
  SELECT 'people', name FROM identity.person WHERE organization_id IN (SELECT id FROM organizations)
)
SELECT what, count(*) AS many, (array_agg(DISTINCT name ORDER BY name) FILTER (WHERE name IS NOT NULL))[1\:3] AS names
FROM standing GROUP BY what ORDER BY what
