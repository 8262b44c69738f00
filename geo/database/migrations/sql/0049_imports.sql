-- What was imported, by whom, from which files. Stewards read it; which row came from which row of a file only the owner does.
CREATE TABLE audit.import (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  kind TEXT NOT NULL,
  imported_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  holder TEXT DEFAULT coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner') NOT NULL,
  source_id UUID NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_new INTEGER NOT NULL,
  rows_changed INTEGER NOT NULL,
  rows_unchanged INTEGER NOT NULL,
  rows_refused INTEGER NOT NULL,
  report JSONB NOT NULL,
  CONSTRAINT import_pkey PRIMARY KEY (id),
  CONSTRAINT import_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);
CREATE INDEX import_imported_at_idx ON audit.import (imported_at, id);

CREATE TABLE audit.import_file (
  import_id UUID NOT NULL,
  number SMALLINT NOT NULL,
  name TEXT NOT NULL,
  sheet TEXT,
  sha256 TEXT NOT NULL,
  CONSTRAINT import_file_pkey PRIMARY KEY (import_id, number),
  CONSTRAINT import_file_import_id_fkey FOREIGN KEY(import_id) REFERENCES audit.import (id) ON DELETE CASCADE
);
CREATE INDEX import_file_sha256_idx ON audit.import_file (sha256);

CREATE TABLE audit.import_row (
  import_id UUID NOT NULL,
  subject TEXT NOT NULL,
  row_id UUID NOT NULL,
  file_number SMALLINT NOT NULL,
  file_row INTEGER NOT NULL,
  former JSONB,
  CONSTRAINT import_row_pkey PRIMARY KEY (row_id, import_id),
  CONSTRAINT import_row_import_id_fkey FOREIGN KEY(import_id) REFERENCES audit.import (id) ON DELETE CASCADE
);

CREATE TABLE audit.area_spelling (
  area_id UUID NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name)) STORED NOT NULL,
  CONSTRAINT area_spelling_pkey PRIMARY KEY (area_id, name),
  CONSTRAINT area_spelling_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE
);

GRANT SELECT ON TABLE audit.import, audit.import_file, audit.area_spelling TO lakana_steward;
