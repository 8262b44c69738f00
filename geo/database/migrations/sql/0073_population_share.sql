-- By what shares the people of an area whose number is known are spread over areas that it holds, of whatever division, as an import
-- said. A weight is no number of people that anybody is told. Nobody but the owner reads it.
CREATE TABLE lakana.population_share (
  area_id UUID NOT NULL,
  weight INTEGER NOT NULL CONSTRAINT population_share_weight_check CHECK (weight >= 0),
  source_id UUID NOT NULL,
  CONSTRAINT population_share_pkey PRIMARY KEY (area_id),
  CONSTRAINT population_share_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT population_share_source_id_fkey FOREIGN KEY(source_id) REFERENCES lakana.source (id)
);
SELECT audit.follow_imports('lakana.population_share');
