-- The leaves of the releases of a year, their areas and everything that was ever published of it, by numbers from 0 for
-- localities and areas, so that a large country fits into memory: one COPY each of leaf, area and told.
CREATE TEMPORARY TABLE seen_release ON COMMIT DROP AS
SELECT number FROM lakana.release WHERE left(quarter, 4) = :year;
CREATE TEMPORARY TABLE seen_locality ON COMMIT DROP AS
SELECT locality_id, (row_number() OVER (ORDER BY locality_id) - 1)::integer AS locality
FROM (
  SELECT DISTINCT c.locality_id FROM raw.released_count c JOIN seen_release r ON r.number = c.release_number
) known;
CREATE TEMPORARY TABLE seen_area ON COMMIT DROP AS
SELECT area_id, (row_number() OVER (ORDER BY area_id) - 1)::integer AS area
FROM (
  SELECT DISTINCT a.area_id FROM raw.released_area a JOIN seen_release r ON r.number = a.release_number
) known
