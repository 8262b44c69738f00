-- The box around the outlines of all nations in force: west, south, east and north in degrees; nothing where there is none.
SELECT json_build_array(ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box))::text
FROM (SELECT ST_Extent(geom) FROM lakana.admin_area WHERE level = 0 AND daterange(valid_from, valid_to) @> current_date) AS nations(box)
WHERE box IS NOT NULL
