-- What was released, as the record names it: each release, and each count of participants of a training, with what was
-- published.
SELECT r.number AS rank,
       r.quarter || '/' || r.revision || '/' || to_char(r.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS name,
       json_build_object(
         'key', k.fingerprint,
         'release', to_jsonb(r) - 'number',
         'edition', (SELECT coalesce(json_agg(area_id), '[]') FROM raw.released_edition),
         'sources', (
           SELECT coalesce(json_agg(s), '[]') FROM lakana.source s
           WHERE s.id IN (SELECT source_id FROM lakana.published_count p WHERE p.release_number = r.number)),
         'cells', (
           SELECT coalesce(json_agg(json_build_array(
             level, coalesce(area_id, locality_id), period, incident_type, count, source_id,
             localities_reporting, localities_expected, reporters) ORDER BY id), '[]')
           FROM lakana.published_count p WHERE p.release_number = r.number),
         'reporting', (
           SELECT coalesce(json_agg(p), '[]') FROM lakana.reporting p WHERE p.period IN (r.quarter, left(r.quarter, 4)))
       )::text AS body
FROM lakana.release r LEFT JOIN raw.release_key k ON NOT k.spent
UNION ALL
SELECT NULL, 'training/' || training_event_id || '/' || kind,
       json_build_object('key', k.fingerprint, 'event', training_event_id, 'kind', kind, 'count', count)::text
FROM lakana.training_participants LEFT JOIN raw.release_key k ON NOT k.spent
