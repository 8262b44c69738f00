-- The figures of rows, one by one; who publishes them is as a row says, else the source of the import.
CREATE TEMPORARY TABLE figure ON COMMIT DROP AS
SELECT s.file, s."row", coalesce(s.publisher, (SELECT name FROM lakana.source WHERE id = CAST(:source_id AS uuid))) AS publisher, f.indicator, s.breakdown, s.area_id, s.starts_on, s.ends_on, s.sex, s.age, f.known AS value, f.below, NULL::uuid AS series_id
FROM staged s CROSS JOIN LATERAL unnest(s.indicators, s.known, s.belows) AS f(indicator, known, below)
