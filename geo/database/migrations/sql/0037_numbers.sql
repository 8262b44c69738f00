-- Numbers are read in addresses of the web however they are escaped: `tel=76%2045%2067%2089`, `%37%36…`, and escaped twice.

-- A text with its escaped digits, signs and letters of ASCII as they are read.
CREATE FUNCTION lakana.unescaped(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  found text := given;
BEGIN
  FOR turn IN 1..3 LOOP
    EXIT WHEN found IS NULL OR found !~ '%[2-7][0-9A-Fa-f]';
    found := (
      SELECT string_agg(coalesce(chr(get_byte(decode(substr(part[1], 2), 'hex'), 0)), part[2]), '' ORDER BY place)
      FROM regexp_matches(found, '(%[2-7][0-9a-f])|([^%]+|%)', 'gi') WITH ORDINALITY AS each (part, place));
  END LOOP;
  RETURN found;
END $$;
REVOKE EXECUTE ON FUNCTION lakana.unescaped FROM PUBLIC;

CREATE OR REPLACE FUNCTION lakana.number_keys(phone text, others text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 5 AS $$
DECLARE
  digits text := lakana.dialled(phone);
  text text := lakana.plain_digits(lakana.unescaped(others));
BEGIN
  RETURN QUERY SELECT CASE WHEN coded THEN '+' || key ELSE key END FROM lakana.eights(digits);
  IF digits !~ '^(?:[0-9]{8}|[+][0-9]{11})$' THEN  -- as most phones are, without a short code
    RETURN QUERY SELECT lakana.short_codes(phone, false);
  END IF;
  IF text ~ '(?:[0-9][^0-9]*){8}' THEN
    RETURN QUERY SELECT CASE WHEN coded THEN '+' || key ELSE key END
    FROM regexp_matches(
        regexp_replace(text, '(?<![0-9:])[0-9]{1,2}:[0-5][0-9](?![0-9:])', ' h ', 'g'), '[+]?[0-9](?:[^[:alnum:]]*[0-9]){7,}', 'g') AS run,
      lakana.eights(lakana.dialled(run[1]));
  END IF;
END $$;
REINDEX INDEX lakana.actor_numbers_idx;
REINDEX INDEX lakana.service_numbers_idx;
INSERT INTO exact.former_phone
SELECT DISTINCT key
FROM audit.entry e LEFT JOIN audit.sealed x USING (number),
  unnest(ARRAY[coalesce(e.before, '{}') || coalesce(x.before, '{}'), coalesce(e.after, '{}') || coalesce(x.after, '{}')]) AS side,
  lakana.number_keys(NULL, side->>'url') AS key
WHERE e.subject = 'organization' AND side->>'url' LIKE '%\%%'
ON CONFLICT DO NOTHING;
