-- Where organisations are present, as a 3W says. No audience reads it yet.
CREATE TYPE lakana.sector AS ENUM ('PROTECTION', 'CHILD_PROTECTION', 'GENDER_BASED_VIOLENCE', 'MINE_ACTION', 'HOUSING_LAND_PROPERTY',
  'EDUCATION', 'HEALTH', 'NUTRITION', 'FOOD_SECURITY', 'WATER_SANITATION_HYGIENE', 'SHELTER_ITEMS', 'CAMP_MANAGEMENT', 'EARLY_RECOVERY',
  'LOGISTICS', 'TELECOMMUNICATIONS', 'COORDINATION', 'CASH', 'OTHER');
CREATE TABLE lakana.presence (
  id UUID DEFAULT gen_random_uuid() NOT NULL,
  organization_id UUID NOT NULL,
  area_id UUID NOT NULL,
  sector lakana.sector NOT NULL,
  starts_on DATE,
  ends_on DATE,
  reported_on DATE,
  source_id UUID NOT NULL,
  CONSTRAINT presence_pkey PRIMARY KEY (id),
  CONSTRAINT presence_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES lakana.organization (id) ON DELETE CASCADE,
  CONSTRAINT presence_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id),
  CONSTRAINT presence_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id),
  CONSTRAINT presence_dates_check CHECK (starts_on <= ends_on),
  CONSTRAINT presence_key UNIQUE NULLS NOT DISTINCT (organization_id, area_id, sector, starts_on, ends_on)
);
CREATE INDEX presence_area_id_sector_idx ON lakana.presence (area_id, sector);
