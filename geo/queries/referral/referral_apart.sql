-- The confidential services that could help a child at a place, apart from the others because they have no distance: those
-- of the categories of a pathway's steps whose zone holds the place, each with the reasons why it would not do, as far as
-- they are public. One row a step and service. Binds: incident_type; at_lon, at_lat (EPSG:4326); least_months to
-- most_months, the age as far as it is known, and sex, NULL where not known; open_at (NULL: now), of which only the day counts; verified_within_days.
SELECT step.id AS step_id, s.id AS service_id, s.name_key, full_or_not.has_places, array_remove(ARRAY[
    CASE WHEN CAST(:most_months AS integer) < h.minimum_age_months THEN 'TOO_YOUNG' END,
    CASE WHEN CAST(:least_months AS integer) > h.maximum_age_months THEN 'TOO_OLD' END,
    CASE WHEN CAST(:sex AS text) = 'BOY' AND NOT h.boys THEN 'GIRLS_ONLY' END,
    CASE WHEN CAST(:sex AS text) = 'GIRL' AND NOT h.girls THEN 'BOYS_ONLY' END,
    CASE WHEN NOT full_or_not.has_places THEN 'FULL' END,
    CASE WHEN s.verified_on >= (coalesce(CAST(:open_at AS timestamp with time zone), now()) AT TIME ZONE 'UTC')::date
              - CAST(:verified_within_days AS integer) THEN NULL ELSE 'NOT_VERIFIED_LATELY' END
  ], NULL) AS reasons
FROM lakana.zones_at(CAST(ST_SetSRID(ST_MakePoint(
       CAST(:at_lon AS double precision), CAST(:at_lat AS double precision)), 4326) AS geography)) AS held(zone_id)
JOIN lakana.service s ON s.zone_id = held.zone_id AND s.confidential
JOIN lakana.pathway_step step
  ON step.category = s.category AND step.incident_type = CAST(:incident_type AS lakana.incident_type)
  AND lakana.is_told_in(step.nation_id, (SELECT lakana.nation_told_at(CAST(ST_SetSRID(ST_MakePoint(
        CAST(:at_lon AS double precision), CAST(:at_lat AS double precision)), 4326) AS geography))))
LEFT JOIN lakana.shelter h ON h.service_id = s.id
CROSS JOIN LATERAL (SELECT CASE WHEN h.id IS NOT NULL THEN lakana.has_places(s.id) END AS has_places) AS full_or_not
