-- Illustrative actors that have left the list, when their last public service went or before.
DELETE FROM exact.unlisted_actor WHERE (record->>'source_id')::uuid IN (SELECT id FROM lakana.source WHERE illustrative)
