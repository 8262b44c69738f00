UPDATE staged SET point = ST_SetSRID(ST_MakePoint(lon, lat), 4326), is_stated = area_id IS NOT NULL, label = code
