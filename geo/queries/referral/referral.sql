-- Who could help a child at a place, step by step of a pathway of its nation: for each step the 20 nearest services of its category, and farther
-- ones within reach until enough fit; those that come to the place; and those of the actors who are competent there. Each with
-- the reasons why it would not do. One row a step and service; where the search was cut off, one without a service.
-- Confidential services have neither distance nor actor: referral_apart.sql.
-- Binds: incident_type; at_lon, at_lat (EPSG:4326); least_months to most_months, the age as far as it is known, and sex,
-- NULL where not known; open_at (NULL: now); verified_within_days; first, how many are enough; the reach (NULL: any distance).
WITH here AS MATERIALIZED (
  SELECT place, moment, (moment AT TIME ZONE 'UTC')::date - CAST(:verified_within_days AS integer) AS since, reach_m
  FROM (SELECT
    CAST(ST_SetSRID(ST_MakePoint(CAST(:at_lon AS double precision), CAST(:at_lat AS double precision)), 4326) AS geography)
      AS place,
    coalesce(CAST(:open_at AS timestamp with time zone), now()) AS moment,
    {reach_m} AS reach_m
  ) asked
), holding AS MATERIALIZED (
  SELECT k.area_id, k.level, k.certain FROM here CROSS JOIN LATERAL lakana.known_areas(here.place) k
), step AS MATERIALIZED (
  SELECT id, category, kinds, by_mandate
  FROM lakana.pathway_step
  WHERE incident_type = CAST(:incident_type AS lakana.incident_type)
    AND lakana.is_told_in(nation_id, (SELECT lakana.nation_told_at(place) FROM here))
), around AS MATERIALIZED (
  SELECT w.category, n.*, row_number() OVER nearer AS rank,
         count(*) FILTER (WHERE n.reasons = '{}') OVER (nearer ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS fit_before
  FROM (SELECT DISTINCT category FROM step) w CROSS JOIN here
  CROSS JOIN LATERAL lakana.fitting_services(
    here.place, w.category, CAST(:first AS integer), 20, coalesce(here.reach_m, 1000000),
    CAST(:least_months AS integer), CAST(:most_months AS integer), CAST(:sex AS text), here.moment, here.since, false) n
  WINDOW nearer AS (PARTITION BY w.category ORDER BY n.distance_m, n.service_id)
), near AS MATERIALIZED (
  SELECT category, service_id, distance_m, open, has_places, reasons FROM around
  WHERE rank <= 20 OR service_id IS NULL OR fit_before < CAST(:first AS integer) AND 'TOO_FAR' <> ALL (reasons)
), further AS MATERIALIZED (
  SELECT step.id AS step_id, c.id AS service_id FROM step CROSS JOIN here CROSS JOIN LATERAL (
    SELECT s.id
    FROM holding JOIN lakana.actor a ON a.jurisdiction_id = holding.area_id
    JOIN lakana.service s ON s.actor_id = a.id
    WHERE step.by_mandate AND s.category = step.category AND a.kind = ANY (step.kinds) AND s.point IS NOT NULL
    ORDER BY holding.level DESC, ST_Distance(s.point, here.place), s.id LIMIT 20
  ) c
  WHERE NOT EXISTS (SELECT FROM near WHERE near.category = step.category AND near.service_id = c.id)
  UNION ALL
  SELECT step.id, c.service_id FROM here
  CROSS JOIN LATERAL lakana.services_that_come(here.place, ARRAY(SELECT category FROM step)) c JOIN step USING (category)
), looked_at AS (
  SELECT step.id AS step_id, near.service_id, near.distance_m, near.open, near.has_places, near.reasons
  FROM step JOIN near USING (category)
  UNION ALL
  SELECT f.step_id, f.service_id, ST_Distance(s.point, here.place), why.open, why.has_places,
         why.reasons || CASE WHEN ST_Distance(s.point, here.place) > here.reach_m THEN '{TOO_FAR}'::text[] ELSE '{}' END
  FROM further f CROSS JOIN here JOIN lakana.service s ON s.id = f.service_id
  CROSS JOIN LATERAL lakana.reasons_against(
    f.service_id, CAST(:least_months AS integer), CAST(:most_months AS integer), CAST(:sex AS text), here.moment, here.since,
    false) why
)
SELECT step.id AS step_id, l.service_id, l.distance_m, s.verified_on,
       a.kind = ANY (step.kinds) AND a.jurisdiction_id IN (SELECT area_id FROM holding WHERE certain) IS TRUE AS competent,
       l.open, l.has_places, l.reasons,
       row_number() OVER (
         PARTITION BY step.id, l.distance_m IS NULL, l.service_id IS NULL, cardinality(l.reasons) > 0
         ORDER BY step.by_mandate AND a.kind = ANY (step.kinds)
                  AND a.jurisdiction_id IN (SELECT area_id FROM holding WHERE certain) IS TRUE DESC, l.distance_m, l.service_id
       ) AS rank
FROM looked_at l JOIN step ON step.id = l.step_id
LEFT JOIN lakana.service s ON s.id = l.service_id
LEFT JOIN lakana.actor a ON a.id = s.actor_id
