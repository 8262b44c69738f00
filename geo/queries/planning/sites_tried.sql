  -- The sites that are tried, as one variant. Binds: category, closed_ids, site_lons, site_lats, each a list with commas.
  SELECT 1 AS number, CAST(:category AS lakana.service_category) AS category,
    CAST(string_to_array(:closed_ids, ',') AS uuid[]) AS gone,
    ARRAY(
      SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography
      FROM unnest(
        CAST(string_to_array(:site_lons, ',') AS double precision[]),
        CAST(string_to_array(:site_lats, ',') AS double precision[])
      ) AS site(lon, lat)
    ) AS sites
