-- What hidden names and front gates tell, now that the services are there.
DROP TABLE IF EXISTS pg_temp.hidden_asked;
CREATE TEMPORARY TABLE hidden_asked ON COMMIT DROP AS
SELECT h.*, lakana.untold(h.given, h.zone_id, h.is_gate) AS later FROM lakana.hidden_texts() h
