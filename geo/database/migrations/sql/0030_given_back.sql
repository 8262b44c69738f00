-- A release that a restored database got back has no leaves, so nothing more is published of its year.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE lakana.release ADD COLUMN given_back BOOLEAN DEFAULT false NOT NULL;
