-- Who could help a child at a place, step by step of a pathway: for each step the 20 nearest services of its category and
-- those of the actors who are competent there, each with the reasons why it would not do. One row a step and service.
-- Confidential services have neither distance nor actor: referral_apart.sql.
-- Binds: incident_type; at_lon, at_lat (EPSG:4326); least_months to most_months, the age
-- as far as it is known, and sex, NULL where not known; open_at (NULL:
-- now); verified_within_days; the reach (NULL: any distance).
WITH here AS MATERIALIZED (
  SELECT place, moment, (moment AT TIME ZONE 'UTC')::date - CAST(:verified_within_days AS integer) AS since, reach_m
  FROM (SELECT
    CAST(ST_SetSRID(ST_MakePoint(CAST(:at_lon AS double precision), CAST(:at_lat AS double precision)), 4326) AS geography)
      AS place,
    coalesce(CAST(:open_at AS timestamp with time zone), now()) AS moment,
    {reach_m} AS reach_m
  ) asked
), holding AS MATERIALIZED (
  SELECT k.area_id, k.level FROM here CROSS JOIN LATERAL lakana.known_areas(here.place) k
), step AS MATERIALIZED (
  SELECT id, category, kinds, by_mandate
  FROM lakana.pathway_step WHERE incident_type = CAST(:incident_type AS lakana.incident_type)
), near AS MATERIALIZED (
  SELECT w.category, n.service_id AS id
  FROM (SELECT DISTINCT category FROM step) w CROSS JOIN here
  CROSS JOIN LATERAL lakana.nearest_services(here.place, w.category, 20, 1000000) n
), candidate AS (
  SELECT step.id AS step_id, near.id AS service_id FROM step JOIN near USING (category)
  UNION
  SELECT step.id, c.id FROM step CROSS JOIN here CROSS JOIN LATERAL (
    SELECT s.id
    FROM holding JOIN lakana.actor a ON a.jurisdiction_id = holding.area_id
    JOIN lakana.service s ON s.actor_id = a.id
    WHERE step.by_mandate AND s.category = step.category AND a.kind = ANY (step.kinds)
    ORDER BY holding.level DESC, ST_Distance(s.point, here.place), s.id LIMIT 20
  ) c
), weekly AS MATERIALIZED (
  SELECT opening_hours, lakana.open_weekly(opening_hours) AS minutes
  FROM (
    SELECT DISTINCT s.opening_hours FROM lakana.service s
    WHERE s.id IN (SELECT service_id FROM candidate) AND s.opening_hours IS NOT NULL
  ) told
), clock AS MATERIALIZED (
  SELECT area_id, lakana.week_minute(here.moment, area_id) AS minute
  FROM here, (SELECT DISTINCT area_id FROM lakana.service WHERE id IN (SELECT service_id FROM candidate)) areas
), known AS (
  SELECT c.step_id, c.service_id, ST_Distance(s.point, here.place) AS distance_m, s.verified_on,
         step.by_mandate,
         a.kind = ANY (step.kinds) AND a.jurisdiction_id IN (SELECT area_id FROM holding) IS TRUE AS competent,
         weekly.minutes @> clock.minute AS open,
         CASE WHEN h.id IS NOT NULL THEN lakana.has_places(s.id) END AS has_places,
         h.minimum_age_months, h.maximum_age_months, h.girls, h.boys
  FROM candidate c CROSS JOIN here
  JOIN step ON step.id = c.step_id
  JOIN lakana.service s ON s.id = c.service_id
  JOIN lakana.actor a ON a.id = s.actor_id
  LEFT JOIN lakana.shelter h ON h.service_id = s.id
  LEFT JOIN weekly ON weekly.opening_hours = s.opening_hours
  LEFT JOIN clock ON clock.area_id = s.area_id
), judged AS (
  SELECT known.*, array_remove(ARRAY[
    CASE WHEN distance_m > here.reach_m THEN 'TOO_FAR' END,
    CASE WHEN CAST(:most_months AS integer) < minimum_age_months THEN 'TOO_YOUNG' END,
    CASE WHEN CAST(:least_months AS integer) > maximum_age_months THEN 'TOO_OLD' END,
    CASE WHEN CAST(:sex AS text) = 'BOY' AND NOT boys THEN 'GIRLS_ONLY' END,
    CASE WHEN CAST(:sex AS text) = 'GIRL' AND NOT girls THEN 'BOYS_ONLY' END,
    CASE WHEN NOT has_places THEN 'FULL' END,
    CASE WHEN NOT open THEN 'CLOSED' END,
    CASE WHEN verified_on >= here.since THEN NULL ELSE 'NOT_VERIFIED_LATELY' END
  ], NULL) AS reasons
  FROM known CROSS JOIN here
)
SELECT step_id, service_id, distance_m, verified_on, competent, open, has_places, reasons,
       row_number() OVER (
         PARTITION BY step_id, cardinality(reasons) > 0
         ORDER BY by_mandate AND competent DESC, distance_m, service_id
       ) AS rank
FROM judged
