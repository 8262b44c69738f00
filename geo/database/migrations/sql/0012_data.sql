-- What there was before: who runs a confidential site is kept with its place, what is told of it is told anew and, since its
-- actor had been public and its area smaller or larger than a zone, under new ids and a new name. A front gate that could
-- stay by no rule keeps its number alone, or goes: stewards see that it is missing. One entry of the log says so.
SET LOCAL lakana.bulk = 'on';

CREATE TEMPORARY TABLE hidden ON COMMIT DROP AS
SELECT s.id, h.id AS shelter_id, gen_random_uuid() AS new_id
FROM lakana.service s LEFT JOIN lakana.shelter h ON h.service_id = s.id WHERE s.confidential;

UPDATE exact.site e SET actor_id = s.actor_id FROM lakana.service s WHERE s.id = e.service_id;
CREATE TRIGGER publish_zone AFTER INSERT OR UPDATE ON exact.site FOR EACH ROW EXECUTE FUNCTION exact.publish_zone();
SELECT exact.forget(id) FROM hidden;
DELETE FROM lakana.access WHERE service_id IN (SELECT id FROM hidden);
UPDATE lakana.service s SET id = h.new_id, name = NULL FROM hidden h WHERE h.id = s.id;

DO $$
DECLARE
  gates record;
BEGIN
  SELECT * INTO gates FROM pg_temp.mend_front_gates();
  IF EXISTS (SELECT FROM hidden) THEN
    PERFORM audit.append('UNLINK', 'service', NULL, NULL,
      jsonb_build_object('revision', '0012', 'services', (SELECT count(*) FROM hidden),
                         'frontGatesMended', gates.mended, 'frontGatesRemoved', gates.removed),
      (SELECT jsonb_agg(jsonb_build_array(id, shelter_id, new_id)) FROM hidden), NULL);
  END IF;
END $$;
SET LOCAL lakana.bulk = 'off';
-- Actors that run nothing public leave the directory now; no table is altered before.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

ALTER TABLE lakana.service ADD CONSTRAINT service_confidential_check CHECK (CASE WHEN confidential
  THEN zone_id IS NOT NULL AND radius_m = 0
    AND num_nonnulls(actor_id, point, locality_id, area_id, opening_hours, phone) = 0
  ELSE zone_id IS NULL AND num_nulls(actor_id, point, area_id) = 0 END);
ALTER TABLE exact.site ALTER COLUMN zone_id SET NOT NULL;
