-- Where people live by a grid, as an import brought it, and which nations' demand points the importer makes: those of others are their
-- pack's. Nobody but the owner reads them; what everybody reads are the demand points.
CREATE TABLE lakana.population_cell (
  lon DOUBLE PRECISION NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  nation_id UUID NOT NULL,
  people DOUBLE PRECISION NOT NULL CONSTRAINT population_cell_people_check CHECK (people > 0),
  source_id UUID NOT NULL,
  CONSTRAINT population_cell_pkey PRIMARY KEY (lon, lat),
  CONSTRAINT population_cell_nation_id_fkey FOREIGN KEY(nation_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT population_cell_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);
CREATE TABLE lakana.demand_nation (
  nation_id UUID NOT NULL,
  CONSTRAINT demand_nation_pkey PRIMARY KEY (nation_id),
  CONSTRAINT demand_nation_nation_id_fkey FOREIGN KEY(nation_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE
);
SELECT audit.follow_imports('lakana.population_cell');
SELECT audit.follow_imports('lakana.demand_nation');
