-- Rows of quarters that have had their last release, that count what another row counts, or name another reporter.
WITH leaf AS MATERIALIZED (
  SELECT s.file, s."row", s.locality_id, s.quarter, s.reported_by, t.incident_type
  FROM staged s LEFT JOIN LATERAL unnest(s.types) AS t(incident_type) ON true
), beside AS MATERIALIZED (
  SELECT l.*, first_value("row") OVER its_type AS other, row_number() OVER its_type AS turn,
         count(*) FILTER (WHERE incident_type IS NOT NULL) OVER its_return AS counted,
         first_value("row") OVER its_return AS first, min(reported_by) OVER its_return IS DISTINCT FROM max(reported_by) OVER its_return AS differs
  FROM leaf l
  WINDOW its_type AS (PARTITION BY locality_id, quarter, incident_type ORDER BY file, "row"),
         its_return AS (PARTITION BY locality_id, quarter ORDER BY file, "row" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), told AS (
  SELECT DISTINCT ON (file, "row") file, "row", trouble, other, quarter
  FROM (
    SELECT *, CASE WHEN quarter = ANY (CAST(:closed AS text[])) OR left(quarter, 4) = ANY (CAST(:closed AS text[])) THEN 'QUARTER_CLOSED'
                   WHEN turn > 1 OR (incident_type IS NULL AND counted > 0) THEN 'COUNTED_TWICE'
                   WHEN differs AND "row" <> first THEN 'REPORTERS_DIFFER' END AS trouble
    FROM beside
  ) judged
  WHERE trouble IS NOT NULL ORDER BY file, "row", trouble
)
SELECT file, "row", CASE trouble WHEN 'REPORTERS_DIFFER' THEN 'reported_by' ELSE 'quarter' END AS field, NULL AS value, trouble,
       jsonb_build_object('other', CASE trouble WHEN 'COUNTED_TWICE' THEN other ELSE (
         SELECT min(b.first) FROM beside b WHERE (b.file, b."row") = (told.file, told."row")) END, 'period', quarter) AS told
FROM told ORDER BY file, "row"
