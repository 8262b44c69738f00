-- Returns as raw.record takes them, and whether there was one.
CREATE TEMPORARY TABLE returned ON COMMIT DROP AS
SELECT s.locality_id, s.quarter, max(s.reported_by) AS reported_by, min(ARRAY[s.file, s."row"]) AS first,
       coalesce(jsonb_agg(jsonb_build_object('incident_type', t.incident_type, 'count', t.count, 'censored_below', t.below))
                FILTER (WHERE t.incident_type IS NOT NULL), '[]') AS counts,
       EXISTS (SELECT FROM raw.incident_return r WHERE (r.locality_id, r.quarter) = (s.locality_id, s.quarter)) AS was_there
FROM staged s LEFT JOIN LATERAL unnest(s.types, s.counts, s.belows) AS t(incident_type, count, below) ON true
GROUP BY s.locality_id, s.quarter
