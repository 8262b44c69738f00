-- Figures that others publish of areas: conflict events, people in need, detected victims. They are no counts of ours, so they stand
-- in tables of their own, outside of the lattice of releases, and each keeps its source.
CREATE TYPE lakana.figure_sex AS ENUM ('FEMALE', 'MALE');
CREATE TABLE lakana.context_series (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  publisher TEXT NOT NULL,
  indicator TEXT NOT NULL,
  breakdown TEXT,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(indicator)) STORED NOT NULL,
  CONSTRAINT context_series_pkey PRIMARY KEY (id),
  CONSTRAINT context_series_key UNIQUE NULLS NOT DISTINCT (publisher, indicator, breakdown)
);
CREATE TABLE lakana.context_value (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  series_id UUID NOT NULL,
  area_id UUID NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  sex lakana.figure_sex,
  age TEXT,
  value DOUBLE PRECISION,
  below INTEGER CONSTRAINT context_value_below_check CHECK (below > 0),
  source_id UUID NOT NULL,
  CONSTRAINT context_value_pkey PRIMARY KEY (id),
  CONSTRAINT context_value_series_id_fkey FOREIGN KEY(series_id) REFERENCES lakana.context_series (id) ON DELETE CASCADE,
  CONSTRAINT context_value_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT context_value_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id),
  CONSTRAINT context_value_known_or_censored_check CHECK (num_nonnulls(value, below) = 1),
  CONSTRAINT context_value_dates_check CHECK (starts_on <= ends_on),
  CONSTRAINT context_value_key UNIQUE NULLS NOT DISTINCT (series_id, area_id, starts_on, ends_on, sex, age)
);
CREATE INDEX context_value_area_id_idx ON lakana.context_value (area_id);
GRANT SELECT ON lakana.context_series, lakana.context_value TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
SELECT lakana.follow_public('lakana.context_series');
SELECT lakana.follow_public('lakana.context_value');
SELECT audit.follow_imports('lakana.context_series');
SELECT audit.follow_imports('lakana.context_value');
