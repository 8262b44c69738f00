-- A home for children of up to 30 months takes those of up to 2 years again.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

ALTER TABLE lakana.proposal DISABLE TRIGGER USER;
UPDATE lakana.proposal SET changes = jsonb_set(changes, '{values}', (
  SELECT jsonb_object_agg(
    CASE WHEN key IN ('minimum_age_months', 'maximum_age_months') THEN replace(key, '_months', '') ELSE key END,
    CASE WHEN value <> 'null' AND key IN ('minimum_age_months', 'maximum_age_months') THEN to_jsonb(value::integer / 12) ELSE value END)
  FROM jsonb_each(changes->'values')))
WHERE changes->'values' ?| '{minimum_age_months,maximum_age_months}';
ALTER TABLE lakana.proposal ENABLE TRIGGER USER;

ALTER TABLE lakana.shelter
  DROP CONSTRAINT shelter_minimum_age_months_check, DROP CONSTRAINT shelter_maximum_age_months_check, DROP CONSTRAINT shelter_ages_check;
ALTER TABLE lakana.shelter RENAME COLUMN minimum_age_months TO minimum_age;
ALTER TABLE lakana.shelter RENAME COLUMN maximum_age_months TO maximum_age;
ALTER TABLE lakana.shelter
  ALTER COLUMN minimum_age TYPE SMALLINT USING minimum_age / 12,
  ALTER COLUMN maximum_age TYPE SMALLINT USING maximum_age / 12,
  ADD CONSTRAINT shelter_minimum_age_check CHECK (minimum_age BETWEEN 0 AND 17),
  ADD CONSTRAINT shelter_maximum_age_check CHECK (maximum_age BETWEEN 0 AND 17),
  ADD CONSTRAINT shelter_ages_check CHECK (minimum_age <= maximum_age);

-- Hours are read by SQL again, and a service without a point is nowhere.
DROP FUNCTION lakana.services_that_come, lakana.fitting_services, lakana.reasons_against, lakana.is_closed_for_now;
DROP FUNCTION lakana.next_change, lakana.is_open, lakana.is_open_then, lakana.is_read, lakana.clock_of, lakana.is_holiday;
DROP FUNCTION lakana.phones;
DROP TABLE lakana.hours_read, lakana.holiday, lakana.dialling;
DELETE FROM lakana.service WHERE point IS NULL AND NOT confidential;
DROP INDEX lakana.service_without_point_idx;
ALTER TABLE lakana.service
  DROP CONSTRAINT service_confidential_check, DROP CONSTRAINT service_closed_check,
  DROP COLUMN closed_from, DROP COLUMN closed_until, DROP COLUMN service_area_id, DROP COLUMN languages,
  ADD CONSTRAINT service_confidential_check CHECK (CASE
    WHEN confidential THEN zone_id IS NOT NULL AND radius_m = 0
    AND num_nonnulls(actor_id, point, locality_id, area_id, opening_hours, phone) = 0
    ELSE zone_id IS NULL AND num_nulls(actor_id, point, area_id) = 0 END);
