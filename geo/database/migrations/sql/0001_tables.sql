-- The tables as geo/database/tables.py described them at this revision.

CREATE TYPE lakana.actor_kind AS ENUM ('CHILD_PROTECTION_OFFICER', 'JUVENILE_JUDGE', 'PROSECUTOR', 'DEPUTY_PROSECUTOR', 'POLICE_BRIGADE', 'GENDARMERIE', 'SOCIAL_SERVICE', 'LOCAL_AUTHORITY', 'NGO', 'CIVIL_SOCIETY', 'CHILD_RIGHTS_ASSOCIATION', 'WOMENS_GROUP', 'YOUTH_GROUP', 'SCHOOL', 'TRADITIONAL_LEADER', 'RELIGIOUS_LEADER', 'HEALTH_FACILITY', 'NATIONAL_COMMITTEE', 'UN_AGENCY', 'DONOR', 'OTHER');

CREATE TYPE lakana.service_category AS ENUM ('CASE_MANAGEMENT', 'IDENTIFICATION', 'PSYCHOSOCIAL_SUPPORT', 'FAMILY_TRACING_REUNIFICATION', 'FAMILY_MEDIATION', 'ALTERNATIVE_CARE', 'SAFE_SHELTER', 'MEDICAL', 'LEGAL_AID', 'POLICE_JUSTICE', 'CIVIL_DOCUMENTATION', 'EDUCATION', 'LIVELIHOODS_CASH', 'FOOD_NUTRITION', 'BASIC_ITEMS_WASH', 'DISABILITY', 'OTHER');

CREATE TYPE lakana.incident_type AS ENUM ('TRAFFICKING', 'SMUGGLING', 'CHILD_LABOUR', 'CHILD_SLAVERY', 'SEXUAL_EXPLOITATION', 'SEXUAL_ABUSE', 'DOMESTIC_VIOLENCE', 'RECRUITMENT_BY_ARMED_GROUPS', 'FORCED_BEGGING', 'OTHER');

CREATE TYPE lakana.reporting_level AS ENUM ('NATION', 'REGION', 'CERCLE', 'LOCALITY');

CREATE TABLE lakana.source (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  licence TEXT,
  url TEXT,
  retrieved_on DATE,
  illustrative BOOLEAN NOT NULL,
  CONSTRAINT source_pkey PRIMARY KEY (id),
  CONSTRAINT source_key_key UNIQUE (key)
);

CREATE TABLE lakana.access_refresh (
  category lakana.service_category NOT NULL,
  refreshed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT access_refresh_pkey PRIMARY KEY (category)
);

CREATE TABLE lakana.release (
  number INTEGER GENERATED ALWAYS AS IDENTITY,
  quarter TEXT NOT NULL CONSTRAINT release_quarter_check CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
  revision SMALLINT NOT NULL,
  released_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT release_pkey PRIMARY KEY (number),
  CONSTRAINT release_quarter_revision_key UNIQUE (quarter, revision)
);

CREATE TABLE lakana.admin_area (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  level SMALLINT NOT NULL CONSTRAINT admin_area_level_check CHECK (level BETWEEN 0 AND 5),
  name_fr TEXT NOT NULL,
  name_en TEXT,
  name_bm TEXT,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name_fr)) STORED NOT NULL,
  parent_id UUID,
  valid_from DATE,
  valid_to DATE,
  geom geometry(MULTIPOLYGON,4326),
  point geography(POINT,4326),
  radius_m DOUBLE PRECISION,
  locality_count INTEGER CONSTRAINT admin_area_locality_count_check CHECK (locality_count >= 0),
  source_id UUID NOT NULL,
  CONSTRAINT admin_area_pkey PRIMARY KEY (id),
  CONSTRAINT admin_area_validity_check CHECK (valid_from < valid_to),
  CONSTRAINT admin_area_geom_valid_check CHECK (geom IS NULL OR ST_IsValid(geom)),
  CONSTRAINT admin_area_one_in_force EXCLUDE USING gist (scheme WITH =, code WITH =, daterange(valid_from, valid_to) WITH &&),
  CONSTRAINT admin_area_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT admin_area_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE INDEX admin_area_geom_idx ON lakana.admin_area USING gist (geom);

CREATE INDEX admin_area_name_key_id_idx ON lakana.admin_area (name_key, id);

CREATE INDEX admin_area_code_idx ON lakana.admin_area (code);

CREATE INDEX admin_area_parent_id_idx ON lakana.admin_area (parent_id);

CREATE TABLE lakana.organization (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  name TEXT NOT NULL,
  acronym TEXT,
  kind lakana.actor_kind NOT NULL,
  url TEXT,
  source_id UUID NOT NULL,
  CONSTRAINT organization_pkey PRIMARY KEY (id),
  CONSTRAINT organization_name_key UNIQUE (name),
  CONSTRAINT organization_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE TABLE lakana.area_crosswalk (
  from_area_id UUID NOT NULL,
  to_area_id UUID NOT NULL,
  share DOUBLE PRECISION NOT NULL CONSTRAINT area_crosswalk_share_check CHECK (share > 0 AND share <= 1),
  source_id UUID NOT NULL,
  CONSTRAINT area_crosswalk_pkey PRIMARY KEY (from_area_id, to_area_id),
  CONSTRAINT area_crosswalk_from_area_id_fkey FOREIGN KEY(from_area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT area_crosswalk_to_area_id_fkey FOREIGN KEY(to_area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT area_crosswalk_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE TABLE lakana.area_within (
  area_id UUID NOT NULL,
  ancestor_id UUID NOT NULL,
  CONSTRAINT area_within_pkey PRIMARY KEY (area_id, ancestor_id),
  CONSTRAINT area_within_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT area_within_ancestor_id_fkey FOREIGN KEY(ancestor_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE
);

CREATE INDEX area_within_ancestor_id_idx ON lakana.area_within (ancestor_id, area_id);

CREATE TABLE lakana.area_population (
  area_id UUID NOT NULL,
  year SMALLINT NOT NULL,
  total INTEGER NOT NULL,
  under_18 INTEGER NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT area_population_pkey PRIMARY KEY (area_id, year),
  CONSTRAINT area_population_under_18_check CHECK (under_18 BETWEEN 0 AND total),
  CONSTRAINT area_population_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT area_population_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE TABLE lakana.locality (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  name_fr TEXT NOT NULL,
  name_en TEXT,
  name_bm TEXT,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name_fr)) STORED NOT NULL,
  area_id UUID NOT NULL,
  point geography(POINT,4326) NOT NULL,
  population INTEGER,
  under_18 INTEGER,
  population_year SMALLINT,
  source_id UUID NOT NULL,
  CONSTRAINT locality_pkey PRIMARY KEY (id),
  CONSTRAINT locality_scheme_code_key UNIQUE (scheme, code),
  CONSTRAINT locality_population_whole_check CHECK (num_nulls(population, under_18, population_year) IN (0, 3)),
  CONSTRAINT locality_under_18_check CHECK (under_18 BETWEEN 0 AND population),
  CONSTRAINT locality_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT locality_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE INDEX locality_area_id_idx ON lakana.locality (area_id);

CREATE INDEX locality_point_idx ON lakana.locality USING gist (point);

CREATE INDEX locality_planar_idx ON lakana.locality USING gist ((point::geometry));

CREATE INDEX locality_name_key_id_idx ON lakana.locality (name_key, id);

CREATE TABLE lakana.locality_name (
  locality_id UUID NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name)) STORED NOT NULL,
  CONSTRAINT locality_name_pkey PRIMARY KEY (locality_id, name),
  CONSTRAINT locality_name_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id) ON DELETE CASCADE
);

CREATE INDEX locality_name_name_key_idx ON lakana.locality_name (name_key);

CREATE TABLE lakana.actor (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  organization_id UUID,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name)) STORED NOT NULL,
  kind lakana.actor_kind NOT NULL,
  point geography(POINT,4326) NOT NULL,
  locality_id UUID,
  area_id UUID NOT NULL,
  jurisdiction_id UUID,
  phone TEXT,
  verified_on DATE,
  source_id UUID NOT NULL,
  CONSTRAINT actor_pkey PRIMARY KEY (id),
  CONSTRAINT actor_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES lakana.organization (id),
  CONSTRAINT actor_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT actor_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT actor_jurisdiction_id_fkey FOREIGN KEY(jurisdiction_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT actor_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE INDEX actor_name_key_id_idx ON lakana.actor (name_key, id);

CREATE INDEX actor_kind_name_key_id_idx ON lakana.actor (kind, name_key, id);

CREATE INDEX actor_area_id_idx ON lakana.actor (area_id);

CREATE INDEX actor_jurisdiction_id_idx ON lakana.actor (jurisdiction_id);

CREATE INDEX actor_planar_idx ON lakana.actor USING gist ((point::geometry));

CREATE INDEX actor_name_part_idx ON lakana.actor USING gin (name_key gin_trgm_ops);

CREATE INDEX actor_organization_id_idx ON lakana.actor (organization_id);

CREATE TABLE lakana.training_event (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  name TEXT NOT NULL,
  programme TEXT,
  description TEXT,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  participant_kinds lakana.actor_kind[] NOT NULL,
  locality_id UUID,
  source_id UUID NOT NULL,
  CONSTRAINT training_event_pkey PRIMARY KEY (id),
  CONSTRAINT training_event_dates_check CHECK (starts_on <= ends_on),
  CONSTRAINT training_event_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT training_event_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE TABLE lakana.demand_point (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  locality_id UUID,
  area_id UUID NOT NULL,
  point geography(POINT,4326) NOT NULL,
  population INTEGER NOT NULL,
  under_18 INTEGER NOT NULL,
  source_id UUID NOT NULL,
  CONSTRAINT demand_point_pkey PRIMARY KEY (id),
  CONSTRAINT demand_point_under_18_check CHECK (under_18 BETWEEN 0 AND population),
  CONSTRAINT demand_point_locality_id_key UNIQUE (locality_id),
  CONSTRAINT demand_point_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT demand_point_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT demand_point_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE INDEX demand_point_point_idx ON lakana.demand_point USING gist (point);

CREATE INDEX demand_point_area_id_idx ON lakana.demand_point (area_id);

CREATE TABLE lakana.published_count (
  id INTEGER GENERATED ALWAYS AS IDENTITY,
  release_number INTEGER NOT NULL,
  current BOOLEAN NOT NULL,
  level lakana.reporting_level NOT NULL,
  area_id UUID,
  locality_id UUID,
  period TEXT NOT NULL CONSTRAINT published_count_period_check CHECK (period ~ '^\d{4}(-Q[1-4])?$'),
  incident_type lakana.incident_type,
  count INTEGER NOT NULL CONSTRAINT published_count_count_check CHECK (count >= 0 AND count % 5 = 0),
  source_id UUID NOT NULL,
  CONSTRAINT published_count_pkey PRIMARY KEY (id),
  CONSTRAINT published_count_one_place_check CHECK (num_nonnulls(area_id, locality_id) = 1),
  CONSTRAINT published_count_level_check CHECK ((level = 'LOCALITY') = (locality_id IS NOT NULL)),
  CONSTRAINT published_count_release_number_fkey FOREIGN KEY(release_number) REFERENCES lakana.release (number) ON DELETE CASCADE,
  CONSTRAINT published_count_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT published_count_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT published_count_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE UNIQUE INDEX published_count_current_idx ON lakana.published_count (level, period, incident_type, area_id, locality_id) NULLS NOT DISTINCT WHERE current;

CREATE TABLE raw.release_key (
  fingerprint TEXT NOT NULL,
  CONSTRAINT release_key_pkey PRIMARY KEY (fingerprint)
);

CREATE TABLE raw.incident_count (
  locality_id UUID NOT NULL,
  quarter TEXT NOT NULL CONSTRAINT incident_count_quarter_check CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
  incident_type lakana.incident_type NOT NULL,
  count INTEGER CONSTRAINT incident_count_count_check CHECK (count >= 0),
  censored_below INTEGER CONSTRAINT incident_count_censored_below_check CHECK (censored_below > 0),
  source_id UUID NOT NULL,
  CONSTRAINT incident_count_pkey PRIMARY KEY (locality_id, quarter, incident_type),
  CONSTRAINT incident_count_counted_or_censored_check CHECK (num_nonnulls(count, censored_below) = 1),
  CONSTRAINT incident_count_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT incident_count_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE TABLE lakana.service (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  actor_id UUID NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name)) STORED NOT NULL,
  category lakana.service_category NOT NULL,
  confidential BOOLEAN DEFAULT 'false' NOT NULL,
  point geography(POINT,4326) NOT NULL,
  radius_m DOUBLE PRECISION DEFAULT '0' NOT NULL,
  locality_id UUID,
  area_id UUID NOT NULL,
  capacity INTEGER CONSTRAINT service_capacity_check CHECK (capacity >= 0),
  opening_hours TEXT,
  phone TEXT,
  verified_on DATE,
  source_id UUID NOT NULL,
  CONSTRAINT service_pkey PRIMARY KEY (id),
  CONSTRAINT service_actor_id_fkey FOREIGN KEY(actor_id) REFERENCES lakana.actor (id),
  CONSTRAINT service_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT service_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT service_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);

CREATE INDEX service_point_idx ON lakana.service USING gist (point);

CREATE INDEX service_planar_idx ON lakana.service USING gist ((point::geometry));

CREATE INDEX service_name_part_idx ON lakana.service USING gin (name_key gin_trgm_ops);

CREATE INDEX service_category_point_idx ON lakana.service USING gist (category, point);

CREATE INDEX service_actor_id_idx ON lakana.service (actor_id);

CREATE INDEX service_name_key_id_idx ON lakana.service (name_key, id);

CREATE INDEX service_category_name_key_id_idx ON lakana.service (category, name_key, id);

CREATE INDEX service_area_id_idx ON lakana.service (area_id);

CREATE TABLE lakana.training_organizer (
  training_event_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  CONSTRAINT training_organizer_pkey PRIMARY KEY (training_event_id, organization_id),
  CONSTRAINT training_organizer_training_event_id_fkey FOREIGN KEY(training_event_id) REFERENCES lakana.training_event (id) ON DELETE CASCADE,
  CONSTRAINT training_organizer_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES lakana.organization (id)
);

CREATE TABLE lakana.shelter (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  service_id UUID NOT NULL,
  occupancy INTEGER NOT NULL CONSTRAINT shelter_occupancy_check CHECK (occupancy >= 0),
  minimum_age SMALLINT CONSTRAINT shelter_minimum_age_check CHECK (minimum_age BETWEEN 0 AND 17),
  maximum_age SMALLINT CONSTRAINT shelter_maximum_age_check CHECK (maximum_age BETWEEN 0 AND 17),
  girls BOOLEAN NOT NULL,
  boys BOOLEAN NOT NULL,
  CONSTRAINT shelter_pkey PRIMARY KEY (id),
  CONSTRAINT shelter_ages_check CHECK (minimum_age <= maximum_age),
  CONSTRAINT shelter_somebody_check CHECK (girls OR boys),
  CONSTRAINT shelter_service_id_key UNIQUE (service_id),
  CONSTRAINT shelter_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE
);

CREATE TABLE lakana.front_gate (
  service_id UUID NOT NULL,
  contact TEXT NOT NULL,
  CONSTRAINT front_gate_pkey PRIMARY KEY (service_id),
  CONSTRAINT front_gate_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE
);

CREATE TABLE lakana.access (
  category lakana.service_category NOT NULL,
  demand_point_id UUID NOT NULL,
  service_id UUID NOT NULL,
  distance_m DOUBLE PRECISION NOT NULL,
  under_18 INTEGER NOT NULL,
  area_id UUID NOT NULL,
  CONSTRAINT access_pkey PRIMARY KEY (category, demand_point_id),
  CONSTRAINT access_demand_point_id_fkey FOREIGN KEY(demand_point_id) REFERENCES lakana.demand_point (id) ON DELETE CASCADE,
  CONSTRAINT access_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE,
  CONSTRAINT access_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id)
);

CREATE INDEX access_service_id_idx ON lakana.access (service_id);

CREATE INDEX access_demand_point_id_idx ON lakana.access (demand_point_id);

CREATE INDEX access_coverage_idx ON lakana.access (category, area_id) INCLUDE (distance_m, under_18);

CREATE TABLE exact.site (
  service_id UUID NOT NULL,
  point geography(POINT,4326) NOT NULL,
  area_id UUID NOT NULL,
  locality_id UUID,
  CONSTRAINT site_pkey PRIMARY KEY (service_id),
  CONSTRAINT site_service_id_fkey FOREIGN KEY(service_id) REFERENCES lakana.service (id) ON DELETE CASCADE,
  CONSTRAINT site_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT site_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id)
);
