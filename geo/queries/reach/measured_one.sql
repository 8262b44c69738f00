-- measured: each demand point with the metres to its nearest service of one category. No row where the category has no
-- service. Bind: category. What it reads in braces is lakana.access or travelled.
measured AS NOT MATERIALIZED (
  SELECT demand_point_id, area_set_id, under_18, distance_m FROM {access}
  WHERE category = CAST(:category AS lakana.service_category)
)
