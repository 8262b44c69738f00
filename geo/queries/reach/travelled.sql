-- travelled: lakana.access for a time of travel, so that its distance_m can be compared with the reach of that time. Of a
-- demand point whose time along roads is known it is 0 where that is at most the time asked for (inclusive), otherwise,
-- and where no road leads to a service, Infinity; of any other the metres of the straight line, as in access. Binds:
-- travel_mode, travel_season, travel_minutes.
travelled AS NOT MATERIALIZED (
  SELECT every.category, t.demand_point_id, t.area_set_id, t.under_18,
         CASE WHEN NOT t.network THEN t.distance_m
              WHEN t.minutes <= CAST(:travel_minutes AS double precision) THEN 0
              ELSE 'Infinity' END AS distance_m
  FROM unnest(enum_range(CAST(NULL AS lakana.service_category))) AS every(category),
       lakana.travel_minutes(
         every.category, CAST(:travel_mode AS lakana.travel_mode), CAST(:travel_season AS lakana.season)) AS t
)
