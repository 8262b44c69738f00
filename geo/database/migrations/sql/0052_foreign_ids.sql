-- Which record of ours is which of a list, so that a list that is loaded again changes it and makes no other; and the version that the
-- import left, so that what somebody has changed since stays as it is. Nobody but the owner reads it. Of a record that is gone or hidden
-- the line stays: a list must not bring it back.
CREATE TABLE audit.foreign_id (
  subject TEXT NOT NULL,
  scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  row_id UUID NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT foreign_id_pkey PRIMARY KEY (subject, scheme, code)
);
