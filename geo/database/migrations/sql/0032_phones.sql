-- Phone numbers one by one. The column keeps them in one text, so that what keeps front gates apart from public numbers sees them
-- all: +22320220000 (standard) / 116.

-- How numbers are dialled in a country: its ISO 3166-1 alpha-2 code, by which a number without a prefix is read, and its short codes.
CREATE TABLE lakana.dialling (
  nation_id UUID NOT NULL,
  region TEXT NOT NULL,
  short_codes TEXT[] DEFAULT '{}' NOT NULL,
  CONSTRAINT dialling_pkey PRIMARY KEY (nation_id),
  CONSTRAINT dialling_nation_id_fkey FOREIGN KEY (nation_id) REFERENCES lakana.admin_area (id) ON DELETE CASCADE,
  CONSTRAINT dialling_region_check CHECK (region ~ '^[A-Z]{2}$')
);

-- The numbers of a record in their order; older ones as they were written.
CREATE FUNCTION lakana.phones(phone text) RETURNS TABLE (number text, label text, place bigint)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 2 AS $$
  SELECT btrim(regexp_replace(part, '\([^()]*[[:alpha:]][^()]*\)\s*$', '')), substring(part FROM '\(([^()]*[[:alpha:]][^()]*)\)\s*$'), place
  FROM regexp_split_to_table(phone, '\s*/\s*(?![^()]*\))') WITH ORDINALITY AS each (part, place)
$$;

REVOKE EXECUTE ON FUNCTION lakana.phones FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.phones TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.dialling TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
