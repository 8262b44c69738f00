-- Strokes that only lengthen a word do not count either: the tatweel of Arabic and the lajanyalan of N'Ko, and N'Ko's
-- dantayalan. Before, "سيكـاسو" was another name than "سيكاسو".
CREATE OR REPLACE FUNCTION lakana.fold(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  -- unaccent with its dictionary named is a function of its argument alone; the letters of Bambara are not in it.
  SELECT trim(regexp_replace(
    translate(lower(public.unaccent('public.unaccent'::regdictionary, regexp_replace(
      normalize(name, NFKC),
      -- Invisible and control characters, then accents that stand by themselves, of any letter, or of Hebrew, Arabic, Syriac,
      -- N'Ko and Adlam, with those strokes. The signs of vowels in the scripts of India and its neighbours are letters and stay.
      '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164'
      '\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff'
      '\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f'
      '\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f'
      '\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7'
      '\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff\u0711\u0730-\u074a\u07eb-\u07f3\u07fa\u07fd'
      '\U0001e944-\U0001e94a]+', '', 'g'))),
      'ɔɛɲŋ', 'oenn'),
    '[^[:alnum:]]+', ' ', 'g'))
$$;
