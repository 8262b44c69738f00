-- Which column of a list is which field, as a person has said and saved it under a name: used again for lists with the same columns.
CREATE TABLE audit.import_mapping (
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  columns TEXT[] NOT NULL,
  said JSONB NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  holder TEXT DEFAULT coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner') NOT NULL,
  CONSTRAINT import_mapping_pkey PRIMARY KEY (name)
);
