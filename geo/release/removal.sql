-- Illustrative returns and all releases go, the key in use is spent. The last statement takes away the returns, and with each its counts.
UPDATE raw.release_key SET spent = true WHERE NOT spent AND EXISTS (SELECT FROM lakana.release);
DELETE FROM lakana.release;
DELETE FROM lakana.reporting;
DELETE FROM raw.released_edition;
DELETE FROM lakana.expected_reporter e
WHERE (e.locality_id, e.from_quarter) IN (
    SELECT r.locality_id, min(r.quarter) FROM raw.incident_return r JOIN lakana.source s ON s.id = r.source_id WHERE s.illustrative GROUP BY 1)
  AND NOT EXISTS (
    SELECT FROM raw.incident_return r JOIN lakana.source s ON s.id = r.source_id WHERE r.locality_id = e.locality_id AND NOT s.illustrative);
DELETE FROM raw.incident_return r USING lakana.source s WHERE s.id = r.source_id AND s.illustrative
