-- What reads as an address although every word of it is a common one.

-- Words that only stand in addresses, whole and folded: of streets and plots, of what stands beside what, and of landmarks; those
-- that are also names ("Porte Ouverte", "Enfants de la rue", "Maison commune") where a number or a place follows.
CREATE FUNCTION lakana.telling_address(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = lakana, public, pg_temp AS $$
  SELECT btrim(substring(' ' || regexp_replace(fold(given), '(?<=\y\w) (?=\w\y)', '', 'g') || ' ' FROM
    ' (?:avenue|boulevard|bd|bvd|blvd|ruelle|impasse|parcelle|lotissement|immeuble|batiment|quartier|qrt|qtier|secteur|arrondissement|boite postale|'
    'rond point|rue [0-9]+|'
    '(?:porte|lot|ilot|villa|bloc|logement|appartement|appt|bp|cs|km|kilometre|pk|rn|route|plot|house|block|box|concession) (?:n |no |nr |numero )?[0-9]+|'
    '[0-9]+ (?:km|kilometres?)|commune (?:[0-9]+|[ivx]+|de|du|d)|route (?:de|du|des|d|nationale|vers)|place (?:de|du|des|d)|'
    'derriere|a cote|en face|face (?:a|au|aux)|pres (?:de|du|des|d)|non loin|devant|vis a vis|au bord|a l angle|a (?:droite|gauche)|'
    'au (?:nord|sud)|a l (?:est|ouest)|'
    'mosquee|cathedrale|eglise|cimetiere|gare|aeroport|goudron|mairie|prefecture|gouvernorat|stade|'
    'street|road|po box|behind|opposite|next to|near|beside|in front of|mosque|church|cemetery|airport|roundabout|crossroads|junction|'
    'kofe|kerefe|nyefe|nefe|misiri|sugu|suguba|siraba)(?= )|(?<! de la) rue (?=[[:alnum:]])'))
$$;

-- As before; and pairs of groups of digits that may be degrees ("12-639 8-002"), letters that stand for digits between others
-- ("20 22 OO 11"), words for digits beside some, and addresses.
ALTER FUNCTION lakana.telling_form RENAME TO telling_signs;
CREATE FUNCTION lakana.telling_form(given text, gate boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(
    telling_signs(given, gate),
    -- 2 and 6 digits of which the first is 2 or more are a telephone number.
    substring(plain FROM replace('(?<![0-9+][^[:alnum:]]?)D(?![0-9])[^0-9]{1,12}D(?![0-9]|[^[:alnum:]][0-9])', 'D',
      '(?![2-9][0-9][^[:alnum:]]{1,3}[0-9]{6}(?![0-9]))(?:1[0-7][0-9]|[0-9]{1,2})(?: ?[-/\u2010-\u2014+()] ?| )[0-9]{3,7}')),
    substring(plain FROM '[0-9][^[:alnum:]]*\m[oOоОοΟiIlіІ]+\M[^[:alnum:]]*[0-9]'),
    substring(plain FROM '\m[oOоОοΟ]{2,}\M[^[:alnum:]]*[0-9]|[0-9][^[:alnum:]]*\m[oOоОοΟ]{2,}\M'),
    substring(fold(given) || ' ' FROM replace('[0-9] (?:W ){2}|(?:\mW ){2}[0-9]|[0-9] W [0-9]', 'W', digit_word)),
    telling_address(given))
  FROM plain_digits(given) AS plain, (VALUES (
    '(?:zero|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|'
    'soixante|un|two|three|four|five|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|'
    'kelen|fila|saba|naani|duuru|wooro|wolonwula|seegin|kononton|tan|mugan)')) AS said (digit_word)
$$;

-- A code of an area, whole or the letters at its end: "ML-BKO" is "mlbko" and "bko".
CREATE FUNCTION lakana.telling_code(given text) RETURNS text
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  WITH part AS MATERIALIZED (
    SELECT string_to_array(fold(given), ' ') AS parts
  ), joined AS MATERIALIZED (
    SELECT array_to_string(parts[first:last], '') AS word
    FROM part, generate_series(1, cardinality(parts)) AS first, generate_series(first, least(first + 3, cardinality(parts))) AS last
  )
  SELECT min(word) FROM joined WHERE length(word) >= 3 AND word IN (
    SELECT lower(one) FROM admin_area, unnest(ARRAY[regexp_replace(code, '[^[:alnum:]]', '', 'g'), substring(code FROM '[[:alpha:]]{3,}$')]) AS one
    WHERE level > 0 AND code ~ '[[:alpha:]]')
$$;

-- A text without what a short word may be glued to: "FoyerGao", "Gaos" and "Gaoville" hold "Gao". Longer words are found in others
-- wherever they stand; a short one is not, since "San" stands in "santé".
CREATE FUNCTION lakana.unglued(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = lakana, public, pg_temp AS $$
  SELECT regexp_replace(
    regexp_replace(fold(regexp_replace(given, '(?<=[[:lower:]])(?=[[:upper:]])', ' ', 'g')),
      '\m(?:foyer|maison|centre|abri|refuge|accueil|ville|ong|case|espace|home|house|shelter|nord|sud)(?=\w{3,5}\M)', '', 'g'),
    '(?<=\m\w{3,5})(?:foyer|maison|centre|abri|refuge|accueil|ville|nord|sud|est|ouest|house|home|town|city|ka|kaw|ois|oise|(?<!san)s)\M', '', 'g')
$$;

REVOKE EXECUTE ON FUNCTION lakana.telling_address, lakana.telling_form, lakana.telling_code, lakana.unglued FROM PUBLIC;
