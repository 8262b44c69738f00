-- The box around the outlines of all nations in force: west, south, east and north in degrees; nothing where there is none.
-- Of the two ways round the earth it is the shorter one: across the antimeridian east is more than 180.
SELECT json_build_array(ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box))::text
FROM (
  SELECT ST_Extent(geom) AS plain, ST_Extent(ST_ShiftLongitude(geom)) AS turned
  FROM lakana.admin_area WHERE level = 0 AND daterange(valid_from, valid_to) @> current_date
) AS nations
CROSS JOIN LATERAL (
  SELECT CASE WHEN ST_XMax(turned) - ST_XMin(turned) < ST_XMax(plain) - ST_XMin(plain) THEN turned ELSE plain END
) AS shorter(box)
WHERE box IS NOT NULL
