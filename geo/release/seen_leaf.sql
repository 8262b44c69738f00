-- Release, locality, type and count of each leaf.
SELECT c.release_number, l.locality, array_position(enum_range(NULL::lakana.incident_type), c.incident_type) - 1,
c.count FROM raw.released_count c JOIN seen_locality l USING (locality_id)
WHERE c.release_number IN (SELECT number FROM seen_release) ORDER BY 1, 2, 3
