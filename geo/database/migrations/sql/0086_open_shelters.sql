-- An open shelter that came by a file was known by its code in its list, so another list brought it back after it had been hidden. Those
-- that are still open are known from now on by what they are called and where they stand too; of confidential ones nothing is added.
WITH open AS (
  SELECT s.id, replace(lakana.fold(s.name), ' ', '') AS called, ST_X(s.point::geometry)::numeric AS lon, ST_Y(s.point::geometry)::numeric AS lat, s.point
  FROM lakana.service s
  WHERE NOT s.confidential AND s.name IS NOT NULL AND EXISTS (
    SELECT FROM audit.foreign_id f WHERE (f.subject, f.scheme) = ('shelter', 'shelters') AND f.row_id = s.id)
)
INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version)
SELECT 'shelter', '', encode(sha256(convert_to(called || '@' || round(lat, 4) || ',' || round(lon, 4), 'UTF8')), 'hex'), id, 1 FROM open
UNION ALL
SELECT 'shelter', 'name', encode(sha256(convert_to(called || '@' || coalesce(
  (SELECT min(z::text) FROM lakana.zones_at(point) AS z), ''), 'UTF8')), 'hex') || ' ' || id, id, 1 FROM open
ON CONFLICT DO NOTHING;
