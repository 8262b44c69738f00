-- scope: the area that is asked about. Bind: area_code (NULL: the home nation).
scope(id) AS MATERIALIZED (
  SELECT coalesce(lakana.area_in_force(CAST(:area_code AS text)), lakana.home_area())
)
