-- Trends and hotspots name the sources of their counts. Of 3 million counts these are found by an index, or by reading all.
CREATE INDEX published_count_source_idx ON lakana.published_count (level, incident_type, source_id, period)
WHERE current AND localities_reporting > 0;
