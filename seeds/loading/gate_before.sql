-- The front gates whose numbers each service is asked for when it is inserted.
DROP TABLE IF EXISTS pg_temp.gate_before;
CREATE TEMPORARY TABLE gate_before ON COMMIT DROP AS SELECT service_id, contact FROM lakana.front_gate
