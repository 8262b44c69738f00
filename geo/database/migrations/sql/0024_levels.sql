-- The levels of a country are those of COD-AB and that of its localities; what a country calls them is data of its own.

ALTER TYPE lakana.reporting_level RENAME TO area_level;
ALTER TYPE lakana.area_level RENAME VALUE 'NATION' TO 'ADM0';
ALTER TYPE lakana.area_level RENAME VALUE 'REGION' TO 'ADM1';
ALTER TYPE lakana.area_level RENAME VALUE 'CERCLE' TO 'ADM2';
ALTER TYPE lakana.area_level ADD VALUE IF NOT EXISTS 'ADM3' BEFORE 'LOCALITY';
ALTER TYPE lakana.area_level ADD VALUE IF NOT EXISTS 'ADM4' BEFORE 'LOCALITY';
ALTER TABLE lakana.admin_area DROP CONSTRAINT admin_area_level_check,
  ADD CONSTRAINT admin_area_level_check CHECK (level BETWEEN 0 AND 4);

CREATE TABLE lakana.level_name (
  nation_id UUID NOT NULL,
  level SMALLINT NOT NULL CONSTRAINT level_name_level_check CHECK (level BETWEEN 0 AND 4),
  name_fr TEXT NOT NULL,
  name_en TEXT,
  name_bm TEXT,
  CONSTRAINT level_name_pkey PRIMARY KEY (nation_id, level),
  CONSTRAINT level_name_nation_id_fkey FOREIGN KEY(nation_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE
);
GRANT SELECT ON lakana.level_name
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
