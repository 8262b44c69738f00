-- A spent key rounded counts that everybody can compute: its rounding is known, so it rounds nothing more.
ALTER TABLE raw.release_key ADD COLUMN spent BOOLEAN DEFAULT false NOT NULL;
CREATE UNIQUE INDEX release_key_in_use_idx ON raw.release_key (spent) WHERE NOT spent;
