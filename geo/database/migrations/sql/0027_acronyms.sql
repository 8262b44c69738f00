-- Organisations are found by a part of their name or of their acronym: both folded, with a sign between them that no
-- folded text has. The audit log leaves it out, as it leaves out all that is worked out from other columns.
CREATE OR REPLACE FUNCTION audit.told(given jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = audit, public, pg_temp AS $$
  SELECT CASE WHEN given->>'point' IS NOT NULL
    THEN jsonb_set(given, '{point}', to_jsonb(ST_AsText((given->>'point')::geography))) ELSE given END
    - ARRAY['name_key', 'search_key']
$$;

ALTER TABLE lakana.organization ADD COLUMN search_key TEXT COLLATE "C" GENERATED ALWAYS AS
  (lakana.fold(name) || coalesce('/' || lakana.fold(acronym), '')) STORED NOT NULL;
CREATE INDEX organization_search_part_idx ON lakana.organization USING gin (search_key gin_trgm_ops);
