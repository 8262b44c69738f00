-- The figures of rows, one by one.
CREATE TEMPORARY TABLE figure ON COMMIT DROP AS
SELECT s.file, s."row", f.indicator, s.breakdown, s.area_id, s.starts_on, s.ends_on, s.sex, s.age, f.known AS value, f.below, NULL::uuid AS series_id
FROM staged s CROSS JOIN LATERAL unnest(s.indicators, s.known, s.belows) AS f(indicator, known, below)
