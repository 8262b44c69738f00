DROP TABLE IF EXISTS pg_temp.named, pg_temp.keyed;
-- The key of each name: folded once for all of its rows.
CREATE TEMPORARY TABLE keyed ON COMMIT DROP AS
SELECT name, coalesce(nullif(lakana.fold(name), ''), name) AS key FROM (SELECT DISTINCT name FROM staged) each;
-- Each organisation that rows name, by its folded name: the name, acronym, kind and address that most of its rows have.
CREATE TEMPORARY TABLE named ON COMMIT DROP AS
SELECT k.key, mode() WITHIN GROUP (ORDER BY s.name) AS name,
       mode() WITHIN GROUP (ORDER BY s.acronym) AS acronym, mode() WITHIN GROUP (ORDER BY s.kind) AS kind,
       mode() WITHIN GROUP (ORDER BY s.url) AS url, count(*) AS rows, min(ARRAY[s.file, s."row"]) AS first,
       array_agg(DISTINCT s.name) AS names, array_agg(DISTINCT s.acronym) FILTER (WHERE s.acronym IS NOT NULL) AS acronyms,
       array_agg(DISTINCT s.kind::text) FILTER (WHERE s.kind IS NOT NULL) AS kinds, NULL::uuid AS id
FROM staged s JOIN keyed k USING (name) GROUP BY k.key;
ANALYZE keyed, named
