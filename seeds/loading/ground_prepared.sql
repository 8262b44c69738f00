-- What is wanted, and no country that is at hand with its areas, which no ground is needed of.
CREATE TEMPORARY TABLE IF NOT EXISTS ground_wanted (kind text, name text, rank smallint, geom geometry) ON COMMIT DROP;
TRUNCATE ground_wanted;
DELETE FROM staged WHERE upper(code) IN (SELECT upper(code) FROM lakana.admin_area WHERE level = 0)
