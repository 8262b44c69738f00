-- The languages of a country by BCP 47, the first one first: in the first that Lakana speaks, who asks for none is answered.
CREATE TABLE lakana.nation_language (
  nation_id UUID NOT NULL,
  position SMALLINT NOT NULL,
  language TEXT NOT NULL,
  CONSTRAINT nation_language_pkey PRIMARY KEY (nation_id, position),
  CONSTRAINT nation_language_nation_id_fkey FOREIGN KEY (nation_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT nation_language_position_check CHECK (position BETWEEN 1 AND 20),
  CONSTRAINT nation_language_language_check CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$')
);
REVOKE ALL ON TABLE lakana.nation_language FROM PUBLIC;
GRANT SELECT ON TABLE lakana.nation_language TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
SELECT lakana.follow_public('lakana.nation_language');
