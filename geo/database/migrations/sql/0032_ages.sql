-- Ages of shelters in months, so that a home for children of 0 to 2½ years can say so. A youngest age in years becomes its first
-- month, an oldest age its last: who took children of 12 takes them until the day before they are 13.

-- What was written before is logged now: a table is not altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

ALTER TABLE lakana.shelter
  DROP CONSTRAINT shelter_minimum_age_check, DROP CONSTRAINT shelter_maximum_age_check, DROP CONSTRAINT shelter_ages_check;
ALTER TABLE lakana.shelter RENAME COLUMN minimum_age TO minimum_age_months;
ALTER TABLE lakana.shelter RENAME COLUMN maximum_age TO maximum_age_months;
-- No trigger fires: the log would tell it as a change, and the version would rise.
ALTER TABLE lakana.shelter
  ALTER COLUMN minimum_age_months TYPE SMALLINT USING minimum_age_months * 12,
  ALTER COLUMN maximum_age_months TYPE SMALLINT USING maximum_age_months * 12 + 11,
  ADD CONSTRAINT shelter_minimum_age_months_check CHECK (minimum_age_months BETWEEN 0 AND 215),
  ADD CONSTRAINT shelter_maximum_age_months_check CHECK (maximum_age_months BETWEEN 0 AND 215),
  ADD CONSTRAINT shelter_ages_check CHECK (minimum_age_months <= maximum_age_months);

-- As before, of a confidential one: 0 to 5, 6 to 11 and 12 to 17 years.
CREATE OR REPLACE FUNCTION lakana.band_ages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF (SELECT confidential FROM service WHERE id = NEW.service_id) THEN
    NEW.minimum_age_months := NEW.minimum_age_months / 72 * 72;
    NEW.maximum_age_months := NEW.maximum_age_months / 72 * 72 + 71;
  END IF;
  RETURN NEW;
END $$;

-- What was proposed means what it meant. Only its form changes, which is no change of the proposal to be logged.
ALTER TABLE lakana.proposal DISABLE TRIGGER USER;
UPDATE lakana.proposal SET changes = jsonb_set(changes, '{values}', (
  SELECT jsonb_object_agg(
    CASE WHEN key IN ('minimum_age', 'maximum_age') THEN key || '_months' ELSE key END,
    CASE WHEN value = 'null' THEN value
      WHEN key = 'minimum_age' THEN to_jsonb(value::integer * 12)
      WHEN key = 'maximum_age' THEN to_jsonb(value::integer * 12 + 11) ELSE value END)
  FROM jsonb_each(changes->'values')))
WHERE changes->'values' ?| '{minimum_age,maximum_age}';
ALTER TABLE lakana.proposal ENABLE TRIGGER USER;
