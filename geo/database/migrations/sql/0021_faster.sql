-- What a name or a front gate is checked by, in a fraction of the time: 0.11 s of a front gate went into names with accents, in
-- which no digit of another script can stand; and what is compared with all words of the directory was looked at before the
-- cheap question of whether it shares a letter with the new one.
CREATE OR REPLACE FUNCTION lakana.plain_digits(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  zeros CONSTANT text := U&'\0660\06F0\07C0\0966\09E6\0A66\0AE6\0B66\0BE6\0C66\0CE6\0D66\0DE6\0E50\0ED0\0F20\1040\1090\17E0\1810\1946\19D0\1A80\1A90\1B50\1BB0\1C40\1C50\A620\A8D0\A900\A9D0\A9F0\AA50\ABF0\+0104A0\+010D30\+011066\+0110F0\+011136\+0111D0\+0112F0\+011450\+0114D0\+011650\+0116C0\+011730\+0118E0\+011950\+011C50\+011D50\+011DA0\+016A60\+016AC0\+016B50\+01E140\+01E2F0\+01E950';
  digit record;
BEGIN
  IF written !~ '[^\u0001-\u007f]' THEN
    RETURN written;
  END IF;
  written := normalize(written, NFKC);
  IF written !~ '[^\u0001-\u065f\u2000-\u2bff]' THEN
    RETURN written;  -- letters of Europe and signs, which have no digits of their own
  END IF;
  FOR digit IN
    SELECT DISTINCT one, (ascii(one) - ascii(zero))::text AS plain
    FROM regexp_split_to_table(regexp_replace(written, '[\u0001-\u065f]', '', 'g'), '') AS one,
      regexp_split_to_table(zeros, '') AS zero
    WHERE one <> '' AND ascii(one) BETWEEN ascii(zero) AND ascii(zero) + 9
  LOOP
    written := replace(written, digit.one, digit.plain);
  END LOOP;
  RETURN written;
END $$;

ALTER FUNCTION lakana.telling_words COST 1000000;

-- More letters that look alike: of phonetic, Cyrillic and Armenian script.
CREATE OR REPLACE FUNCTION lakana.skeleton(folded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(folded, 'ɑɡɩпĸսոօհɣавгекмнорстухіїјѕһԁԛԝӏαβεηικμνορτυχωγ0134578l ', 'aginkunohgabrekmhopctyxiijshdqwiabenikuvoptuxwyoieastbi')
$$;
