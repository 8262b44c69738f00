-- Rows with what they are known by. An open one is known by its code, and by its name and place (to 11 m) in every list. Of one that is
-- gone or hidden no answer hangs on its place: whatever has its name in its zone counts as that one. A row that is or may be
-- confidential is known by its code alone; its place is only compared with what everybody reads, and with open rows beside it.
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
         EXISTS (
           SELECT FROM audit.foreign_id f JOIN lakana.service v ON v.id = f.row_id
           WHERE (f.subject, f.scheme, f.code) = ('shelter', '', m.mark) AND NOT v.confidential) AS is_shown,
         NOT m.confidential AND EXISTS (
           SELECT FROM audit.foreign_id f
           WHERE (f.subject, f.scheme) = ('shelter', 'name') AND split_part(f.code, ' ', 1) = m.name_mark
             AND NOT EXISTS (SELECT FROM lakana.service v WHERE v.id = f.row_id)) AS is_gone
  FROM marked m LEFT JOIN audit.foreign_id f ON (f.subject, f.scheme, f.code) = ('shelter', :key_scheme, m.code)
)
SELECT file, "row", code, confidential, given, mark, name_mark,
       first_value("row") OVER alike AS first, row_number() OVER alike > 1 AS is_again,
       (bool_or(confidential) OVER its_code AND NOT bool_and(confidential) OVER its_code)
         OR (mark IS NOT NULL AND bool_or(confidential) OVER its_mark AND NOT bool_and(confidential) OVER its_mark) AS is_said_both_ways,
       confidential AND (is_shown OR EXISTS (SELECT FROM lakana.service v WHERE v.id = known_id AND NOT v.confidential)) AS is_public_here,
       known_id IS NOT NULL OR (NOT confidential AND (is_shown OR is_gone)) AS is_known,
       CASE WHEN known_id IS NULL THEN is_shown ELSE EXISTS (SELECT FROM lakana.service v WHERE v.id = known_id) END AS is_there
FROM known
WINDOW its_code AS (PARTITION BY coalesce(code, mark, file || ' ' || "row")), alike AS (its_code ORDER BY file, "row"),
       its_mark AS (PARTITION BY mark)
ORDER BY file, "row"
