DELETE FROM raw.release_key WHERE spent;
ALTER TABLE raw.release_key DROP COLUMN spent;
