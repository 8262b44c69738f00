-- A text is asked as it is written and, where letters of it pass for Latin ones, with these in their place. Before, look-alikes
-- were only compared by skeletons, which words of at most four letters (of bodies five) have not, and after their case was
-- lowered, by which some are others: "Foyer Gаo" with an "а" of Cyrillic passed, and "Foyer BAΝDIAGARA" with a capital Nu.

-- A text with the letters of Unicode's list (UTS 39, one letter by one) in Latin, a line for each letter: capitals, and letters
-- of scripts without case, as capitals. Not strict, so that it is written out where it is called.
CREATE FUNCTION lakana.latin_letters(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- All but Latin letters in common use and accents, and letters of Arabic, N'Ko, Ethiopic, Adlam and East Asia: none of these
  -- looks like a plain Latin one. Most texts have nothing else and are not looked through.
  SELECT CASE WHEN given !~ '[^\u0001-\u0130\u0132-\u0137\u0139-\u0183\u0254\u025b\u0272\u0300-\u036f\u0590-\u0965\u1201-\u12cf'
    '\u12d1-\u137f\u2010-\u2027\u2e80-\ua4cf\uac00-\ud7ff\U0001e900-\U0001e95f]' THEN given ELSE translate(given,
    'ɑΑαАаᎪᗅꓮꭺ𐊠𖽀'
    'ƄƅΒβВЬвьᏏᏴᏼᑲᖯᗷꓐꞴꞵꮟ𐊂𐊡𐌁'
    'СсᏟᴄⲤⲥꓚꮯ𐊢𐌂𐐕𐐽𐔜𑣲'
    'ԁᎠᏧᑯᗞᗪꓒꓓꭰꮷ'
    'ΕεЕеҽᎬⴹꓰꬲꭼ𐊆𑢦𑢮𑣆𑣎'
    'ϜϝքᖴẝꓝꞘꞙꬵ𐊇𐊥𐔥𑢢𑣂'
    'ƍɡɣԌԍցᏀᏳᏻᶃꓖꮐ'
    'ΗНнһհᎻᏂᕼⲎⲏꓧꮋꮒ𐋏'
    'ıɩɪιіїӏᎥꙇꭵ𑣃'
    'ʝͿϳЈјᎫᒍꓙꞲꭻ'
    'ĸΚκКкᏦᛕⲔⲕꓗꮶ𐔘'
    'ƖǀΙІӀᏞᒪᛁⲒⲓⳐⳑⵏꓡꓲꮮ𐊊𐌉𐌠𐐛𐑃𐔦𑢣𑢲𑣒𖼖𖼨'
    'ΜϺϻМмᎷᗰᛖⲘⲙꓟꮇ𐊰𐌑'
    'ΝηпոռⲚⲛꓠ𐔓'
    'ΟοσОоՕօଠంಂംഠංဝჿዐᴏᴑⲞⲟⵔꓳꬽ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑢵𑣈𑣕𑣗'
    'ΡρРрᏢᑭⲢⲣꓑꮲ𐊕'
    'ԛգզⵕ'
    'ƦʀгᎡᏒᖇᴦⲅꓣꭇꭈꭱꮁꮢ𐒴𐓜𖼵'
    'ƽЅѕՏտᏕᏚꓢꜱꮥꮪ𐊖𐐠𐑈𑣁𖼺'
    'ΤτТтᎢⲦⲧꓔꭲ𐊗𐊱𐌕𑢼𖼊'
    'ʋμυՍսሀᑌᴜꓴꞟꭎꭒ𐓎𐓶𑢸𑣘𖽂'
    'νѴѵᏙᐯᴠⴸꓦꛟꮩ𐔝𑜆𑢠𑣀𖼈'
    'ɯωѡԜԝաᎳᏔᴡꓪꮃꮤ𑜊𑜎𑜏𑣯'
    'ΧχХхᕁᕽᚷⲬⲭⵝꓫꞳꭓ𐊐𐊴𐌗𐌢𐔧𑣬'
    'ʏΥγУуҮүყᎩᎽᶌỿⲨⲩꓬꭚꭹꮍ𐊲𑢤𑣜𖽃'
    'ΖζᏃᴢꓜꮓ𐋵𑢩𑣄𑣉',
    'aAaAaAAAaAA'
    'BbBbBBbbBBbBBBBBbbBBB'
    'CcCcCcCcCCCcCC'
    'dDDDDDDDdd'
    'EeEeeEEEeeEEEee'
    'FffFfFFffFFFFf'
    'gggGggGGggGg'
    'HHhhhHHHHhHhhH'
    'iiiiiiiIiii'
    'jJjJjJJJJj'
    'kKkKkKKKkKkK'
    'LLLLLLLLLlLlLLLlLLLLlLLLlLL'
    'MMmMmMMMMmMmMM'
    'NnnnnNnNN'
    'OooOoOoOOOOOOOoOooOoOOoOOOoOoOOooo'
    'PpPpPPPpPpP'
    'qqqQ'
    'RrrRRRrrRrrrrrRrR'
    'sSsSsSSSsssSSssS'
    'TtTtTTtTtTTTTT'
    'uuuUuUUuUuuuUuUuU'
    'vVvVVvVVVvVVVvV'
    'wwwWwwWWwWwwWWWW'
    'XxXxXXXXxXXXxXXXXXX'
    'yYyYyYyyYYyyYyYyyyYYyY'
    'ZzZzZzZZzz') END
$$;

-- As before, of a folded text; digits that look like letters count as such here alone.
CREATE OR REPLACE FUNCTION lakana.skeleton(folded text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT translate(CASE WHEN folded ~ '[^\u0001-\u007f]'
    THEN translate(lower(lakana.latin_letters(folded)), '𑣩۱۵०০੦૦୦௦౦೦൦๐໐၀〇𑓐𑣠۷𑣦𑣥', 'cioooooooooooooooovwz') ELSE folded END, '0134578l ', 'oieastbi')
$$;

-- A text and, where they differ, what it says in Latin letters: as it is written, where "Μ" is an M; with all that looks like an l
-- as an i; and as it is folded, where "ʋ" is a v. In Unicode's form the lunate sigma is none. A capital I between small letters
-- is read as an l, "BIa", and a small l between capitals as an I, "KlTA".
CREATE FUNCTION lakana.readings(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = lakana, public, pg_temp AS $$
DECLARE
  plain CONSTANT text := normalize(given, NFKD);
  apart CONSTANT text := regexp_replace(regexp_replace(normalize(translate(given, 'ϲϹ', 'cC'), NFKD),
    '(?<=[[:lower:]])I|(?<=[[:alpha:]])I(?=[[:lower:]])', 'l', 'g'), '(?<=[[:upper:]])l(?=[[:upper:]])|(?<=[[:upper:]]{2})l\M', 'I', 'g');
  written CONSTANT text := latin_letters(apart);
BEGIN
  IF written = plain THEN
    RETURN ARRAY[given];
  END IF;
  RETURN given || array(
    SELECT min(one COLLATE "C") FROM unnest(ARRAY[written,
      latin_letters(translate(apart, 'ƖǀΙІӀᏞᒪᛁⲒⲓⳐⳑⵏꓡꓲꮮ𐊊𐌉𐌠𐐛𐑃𐔦𑢣𑢲𑣒𖼖𖼨', repeat('i', 27))),
      latin_letters(normalize(fold(given), NFKD))]) AS one
    WHERE fold(one) <> fold(given) GROUP BY fold(one));
END $$;

-- As before, by each reading; and a numeral of Chinese between digits, which reads as a dash or as nothing.
CREATE OR REPLACE FUNCTION lakana.what_tells(given text, of_zone uuid, gate boolean, OUT kind text, OUT telling text)
LANGUAGE plpgsql STABLE COST 1000000 SET search_path = lakana, public, pg_temp AS $$
DECLARE
  reading text;
  apart text;
BEGIN
  IF NOT gate AND given ~ '^Abri [0-9]{6}$' THEN
    RETURN;  -- a neutral one, whoever else is called so
  END IF;
  FOREACH reading IN ARRAY readings(given) LOOP
    kind := 'FORM';
    telling := coalesce(telling_form(reading, gate), substring(normalize(reading, NFKC) FROM '[0-9][^[:alnum:]]{0,2}[一二三四五六七八九][^[:alnum:]]{0,2}[0-9]'));
    IF telling IS NULL THEN
      kind := 'WORD';
      apart := unglued(reading);
      telling := coalesce(telling_words(reading, of_zone, gate), telling_code(reading),
        CASE WHEN apart <> fold(reading) THEN telling_words(apart, of_zone, gate) END);
    END IF;
    IF telling IS NOT NULL THEN
      RETURN;
    END IF;
  END LOOP;
  kind := CASE WHEN is_public_number(phone_keys(given)) OR gate AND EXISTS (SELECT FROM exact.former_gate WHERE contact_key = fold(given))
    THEN 'NUMBER' END;
  telling := CASE WHEN kind IS NOT NULL THEN given END;
END $$;

-- As before, of each reading: a public word in look-alike letters is known by what it says.
CREATE OR REPLACE FUNCTION lakana.words_of(given text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 4 SET search_path = lakana, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT word FROM unnest(readings(given)) AS reading, LATERAL (
    SELECT one FROM regexp_split_to_table(fold(reading), ' ') AS one
    WHERE length(one) >= 3 AND one ~ '[[:alpha:]]' AND one <> ALL (own_words(false)) AND one !~ '^[0-9]{1,2}h[0-9]{0,2}$'  -- hours
    UNION SELECT unnest(joined_words(reading))
    UNION SELECT reading WHERE reading ~ '^[[:upper:]]{2}$'
  ) AS said (word);
END $$;
CREATE OR REPLACE FUNCTION lakana.further_words(texts text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER COST 10000 SET search_path = lakana, public, pg_temp AS $$
  SELECT joined_words(texts[1]) || CASE WHEN array_to_string(others, ' ') ~ '[[:alpha:]]'
    THEN array(SELECT DISTINCT word FROM unnest(others) AS given, words_of(given) AS word) ELSE '{}' END
  FROM (SELECT (readings(texts[1]))[2:] || texts[2:] AS others) AS told
$$;
REINDEX INDEX lakana.actor_words_idx;
REINDEX INDEX lakana.service_words_idx;
REINDEX INDEX lakana.organization_words_idx;
REINDEX INDEX lakana.training_event_words_idx;
INSERT INTO exact.former_word SELECT DISTINCT said FROM exact.former_word f, lakana.words_of(f.word) AS said ON CONFLICT DO NOTHING;

-- As before, by each reading.
CREATE OR REPLACE FUNCTION lakana.keep_names_untold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  rows CONSTANT text := format('SELECT %s, %%s FROM %%s_rows AS changed %s', TG_ARGV[0],
    CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  own CONSTANT text[] := ARRAY[format(rows, TG_ARGV[1], 'new'), format(rows, TG_ARGV[1], 'old')];
  -- What is told with a record is the same on both sides of a change unless the record is found otherwise.
  texts CONSTANT text := format('SELECT ROW(%1$s)::text AS found_by, given, %%1$L AS side FROM %%1$s_rows AS changed, '
    'unnest(%2$s || CASE WHEN %%2$s THEN %3$s ELSE ''{}'' END) AS given %4$s',
    TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], CASE TG_TABLE_NAME WHEN 'service' THEN 'WHERE NOT confidential' END);
  elsewhere CONSTANT text := format('ROW(%1$s)::text NOT IN (SELECT ROW(%1$s)::text FROM %%s_rows)', TG_ARGV[0]);
  -- What is left out of front gates.
  ours CONSTANT text := '\m(?:' || array_to_string(own_words(true), '|') || ')\M|[^[:alpha:]]';
  differ boolean;
  shapes text[];
  one record;
BEGIN
  EXECUTE format('SELECT EXISTS (%s)', CASE TG_OP WHEN 'INSERT' THEN own[1] WHEN 'DELETE' THEN own[2]
    ELSE format('(%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)', own[1], own[2]) END) INTO differ;
  IF NOT differ THEN
    RETURN NULL;
  END IF;
  PERFORM hold_words(false);
  IF NOT EXISTS (SELECT FROM service WHERE confidential AND name !~ '^Abri [0-9]{6}$')
     AND NOT EXISTS (SELECT FROM front_gate WHERE regexp_replace(fold(contact), ours, '', 'g') <> '') THEN
    RETURN NULL;
  END IF;
  EXECUTE format('WITH differing AS MATERIALIZED (
      SELECT found_by, given, min(side) AS side FROM (%s) AS each GROUP BY found_by, given HAVING min(side) = max(side)
    ), said AS (
      SELECT word FROM differing, LATERAL (SELECT words_of(given) UNION SELECT folded FROM fold(given) AS folded WHERE length(folded) >= 2) AS one (word)
      GROUP BY found_by, word HAVING min(side) = max(side)
    ) SELECT array_agg(DISTINCT skeleton(lower(word))) FROM said',
    CASE TG_OP WHEN 'INSERT' THEN format(texts, 'new', 'true') WHEN 'DELETE' THEN format(texts, 'old', 'true')
      ELSE format(texts, 'new', format(elsewhere, 'old')) || ' UNION ALL ' || format(texts, 'old', format(elsewhere, 'new')) END) INTO shapes;
  IF shapes IS NULL THEN
    RETURN NULL;
  END IF;
  FOR one IN
    WITH told AS MATERIALIZED (
      SELECT id, zone_id, name AS text, false AS is_gate FROM service WHERE confidential AND name !~ '^Abri [0-9]{6}$'
      UNION ALL
      SELECT s.id, s.zone_id, g.contact, true FROM front_gate g JOIN service s ON s.id = g.service_id
    ), held AS MATERIALIZED (
      SELECT told.* FROM told, LATERAL (SELECT string_agg(skeleton(fold(reading)), ' ') AS glued FROM unnest(readings(text)) AS reading) AS said
      WHERE EXISTS (SELECT FROM unnest(shapes) AS shape WHERE position(shape IN glued) > 0)
    ), alike AS MATERIALIZED (
      SELECT *, CASE WHEN is_gate THEN numbers_alone(text) END AS alone
      FROM held WHERE NOT (is_gate AND regexp_replace(fold(text), ours, '', 'g') = '')
    )
    SELECT a.* FROM alike a, what_tells(text, zone_id, is_gate)
    WHERE kind IS NOT NULL AND (NOT is_gate OR alone <> text AND (SELECT r.kind FROM what_tells(alone, zone_id, true) AS r) IS NULL)
    ORDER BY id, is_gate  -- two who mend the same do not wait for each other in turn
  LOOP
    IF one.is_gate THEN
      UPDATE front_gate SET contact = one.alone WHERE service_id = one.id AND contact = one.text;
    ELSE
      UPDATE service SET name = NULL WHERE id = one.id AND name = one.text;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.latin_letters, lakana.readings FROM PUBLIC;
