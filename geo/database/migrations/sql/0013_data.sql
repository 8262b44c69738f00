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
  gate record;
  mended integer := 0;
  removed integer := 0;
BEGIN
  FOR gate IN SELECT service_id, contact, regexp_replace(contact, '[^0-9+ ]+', ' ', 'g') AS number FROM lakana.front_gate LOOP
    BEGIN
      UPDATE lakana.front_gate SET contact = gate.contact WHERE service_id = gate.service_id;
    EXCEPTION WHEN SQLSTATE 'LK400' THEN
      BEGIN
        IF gate.number !~ '[0-9]{2}' THEN
          RAISE EXCEPTION USING ERRCODE = 'LK400';
        END IF;
        UPDATE lakana.front_gate SET contact = 'Permanence, ' || regexp_replace(btrim(gate.number), '\s+', ' ', 'g')
        WHERE service_id = gate.service_id;
        mended := mended + 1;
      EXCEPTION WHEN SQLSTATE 'LK400' THEN
        DELETE FROM lakana.front_gate WHERE service_id = gate.service_id;
        removed := removed + 1;
      END;
    END;
  END LOOP;
  IF EXISTS (SELECT FROM hidden) THEN
    PERFORM audit.append('UNLINK', 'service', NULL, NULL,
      jsonb_build_object('revision', '0013', 'services', (SELECT count(*) FROM hidden),
                         'frontGatesMended', mended, 'frontGatesRemoved', removed),
      (SELECT jsonb_agg(jsonb_build_array(id, shelter_id, new_id)) FROM hidden), NULL);
  END IF;
END $$;
SET LOCAL lakana.bulk = 'off';

ALTER TABLE lakana.service ADD CONSTRAINT service_confidential_check CHECK (CASE WHEN confidential
  THEN zone_id IS NOT NULL AND radius_m = 0
    AND num_nonnulls(actor_id, point, locality_id, area_id, opening_hours, phone) = 0
  ELSE zone_id IS NULL AND num_nulls(actor_id, point, area_id) = 0 END);
ALTER TABLE exact.site ALTER COLUMN zone_id SET NOT NULL;
