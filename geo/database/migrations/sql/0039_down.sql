ALTER TABLE lakana.service_spot DROP COLUMN service_id;
SELECT lakana.follow_public('lakana.service_spot');
