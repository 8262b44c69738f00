-- What a map shows beneath its data so that a reader knows where they are. Nothing is measured or counted by it.

CREATE TYPE lakana.ground_kind AS ENUM ('RIVER', 'LAKE', 'NEIGHBOUR');
CREATE TABLE lakana.ground (
  id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT ground_pkey PRIMARY KEY,
  kind lakana.ground_kind NOT NULL,
  name_fr text NOT NULL,
  name_key text COLLATE "C" GENERATED ALWAYS AS (lakana.fold(name_fr)) STORED NOT NULL,
  rank smallint NOT NULL CONSTRAINT ground_rank_check CHECK (rank BETWEEN 0 AND 20),
  geom geometry(GEOMETRY, 4326) NOT NULL CONSTRAINT ground_geom_valid_check CHECK (ST_IsValid(geom)),
  source_id uuid NOT NULL CONSTRAINT ground_source_id_fkey REFERENCES lakana.source (id)
);
CREATE INDEX ground_geom_idx ON lakana.ground USING gist (geom);
GRANT SELECT ON lakana.ground TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
