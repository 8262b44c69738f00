-- Rows with what they are known by. An open one is known by its code, and by its name and place (to 11 m) in every list. Of one that is
-- gone or hidden no answer hangs on its place: whatever has its name in its zone counts as that one. A row that is or may be
-- confidential is known by its code alone.
WITH said AS MATERIALIZED (
  SELECT s.*, replace(lakana.fold(given->>'name'), ' ', '') AS called, (given->'point'->>'lon')::numeric AS lon, (given->'point'->>'lat')::numeric AS lat
  FROM staged s
), marked AS MATERIALIZED (
  SELECT s.*, encode(sha256(convert_to(called || '@' || round(lat, 4) || ',' || round(lon, 4), 'UTF8')), 'hex') AS mark,
         CASE WHEN NOT confidential THEN encode(sha256(convert_to(called || '@' || coalesce(
           (SELECT min(z::text) FROM lakana.zones_at(ST_MakePoint(lon, lat)::geography) AS z), ''), 'UTF8')), 'hex') END AS name_mark
  FROM said s
), known AS MATERIALIZED (
  SELECT m.*, f.row_id AS known_id,
         NOT m.confidential AND EXISTS (
           SELECT FROM audit.foreign_id f JOIN lakana.service v ON v.id = f.row_id
           WHERE (f.subject, f.scheme, f.code) = ('shelter', '', m.mark)) AS is_marked,
         NOT m.confidential AND EXISTS (
           SELECT FROM audit.foreign_id f
           WHERE (f.subject, f.scheme) = ('shelter', 'name') AND split_part(f.code, ' ', 1) = m.name_mark
             AND NOT EXISTS (SELECT FROM lakana.service v WHERE v.id = f.row_id)) AS is_gone
  FROM marked m LEFT JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('shelter', :key_scheme, m.code)
)
SELECT file, "row", code, confidential, given, mark, name_mark,
       first_value("row") OVER alike AS first, row_number() OVER alike > 1 AS is_again,
       known_id IS NOT NULL OR is_marked OR is_gone AS is_known,
       CASE WHEN known_id IS NULL THEN is_marked ELSE EXISTS (SELECT FROM lakana.service v WHERE v.id = known_id) END AS is_there
FROM known WINDOW alike AS (PARTITION BY coalesce(code, mark, file || ' ' || "row") ORDER BY file, "row")
ORDER BY file, "row"
