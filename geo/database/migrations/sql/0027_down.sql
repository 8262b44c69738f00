ALTER TABLE lakana.organization DROP COLUMN search_key;

CREATE OR REPLACE FUNCTION audit.told(given jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = audit, public, pg_temp AS $$
  SELECT CASE WHEN given->>'point' IS NOT NULL
    THEN jsonb_set(given, '{point}', to_jsonb(ST_AsText((given->>'point')::geography))) ELSE given END - 'name_key'
$$;
