-- What stands in the place of a confidential shelter's name and source is a word of its country: English where English is the first
-- of the country's languages that Lakana speaks, else French. It tells the nation, which its zone tells anyway.

CREATE FUNCTION lakana.is_called_in_english(nation uuid) RETURNS boolean STABLE LANGUAGE sql
SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce((SELECT split_part(lower(language), '-', 1) = 'en' FROM nation_language
                   WHERE nation_id = nation AND split_part(lower(language), '-', 1) IN ('fr', 'en', 'bm')
                   ORDER BY position LIMIT 1), false)
$$;

CREATE FUNCTION lakana.neutral_name(of_zone uuid) RETURNS text VOLATILE LANGUAGE sql
SET search_path = lakana, public, pg_temp AS $$
  SELECT CASE WHEN is_called_in_english(nation_of((SELECT country_id FROM zone WHERE id = of_zone))) THEN 'Shelter ' ELSE 'Abri ' END
    || lpad((('x' || left(md5(gen_random_uuid()::text), 7))::bit(28)::integer % 1000000)::text, 6, '0')
$$;

-- One source stands for all confidential services of the database: in English where that is so of every nation.
CREATE OR REPLACE FUNCTION lakana.neutral_source(former uuid) RETURNS uuid LANGUAGE plpgsql
SET search_path = lakana, public, pg_temp AS $$
DECLARE
  invented boolean := (SELECT illustrative FROM source WHERE id = former);
  wanted text := CASE WHEN invented THEN 'confidential illustrative' ELSE 'confidential' END;
  english boolean := (SELECT bool_and(is_called_in_english(nation_id)) FROM nation_language);
BEGIN
  INSERT INTO source (id, key, name, illustrative)
  VALUES (md5(wanted)::uuid, wanted, CASE
    WHEN english THEN CASE WHEN invented THEN 'Undisclosed source, illustrative data' ELSE 'Undisclosed source' END
    WHEN invented THEN 'Source non divulguée, données d’illustration' ELSE 'Source non divulguée' END, invented)
  ON CONFLICT (key) DO NOTHING;
  RETURN (SELECT id FROM source WHERE key = wanted);
END $$;

REVOKE EXECUTE ON FUNCTION lakana.is_called_in_english, lakana.neutral_name(uuid) FROM PUBLIC;

-- The functions that know a neutral name, as they are now, know both words.
DO $$
DECLARE
  each oid;
BEGIN
  FOR each IN SELECT oid FROM pg_proc WHERE pronamespace = 'lakana'::regnamespace AND prosrc LIKE '%^Abri [0-9]{6}$%' LOOP
    EXECUTE replace(pg_get_functiondef(each), '^Abri [0-9]{6}$', '^(Abri|Shelter) [0-9]{6}$');
  END LOOP;
  EXECUTE replace(pg_get_functiondef('lakana.hide_confidential_site'::regproc), 'neutral_name()', 'neutral_name(NEW.zone_id)');
END $$;

DROP FUNCTION lakana.neutral_name();
