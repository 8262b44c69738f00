-- Names that look the same are the same: compatibility forms are unfolded, accents dropped in every script in use, and
-- what nobody sees (geo.texts) does not count. Before, U+200B in a name split it in two words and made it another one.
CREATE OR REPLACE FUNCTION lakana.fold(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  -- unaccent with its dictionary named is a function of its argument alone; the letters of Bambara are not in it.
  SELECT trim(regexp_replace(
    translate(lower(public.unaccent('public.unaccent'::regdictionary, regexp_replace(
      normalize(name, NFKC),
      -- Invisible and control characters, then accents that stand by themselves: Latin, Arabic, N'Ko, Adlam.
      '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164'
      '\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff'
      '\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f'
      '\u0300-\u036f\u064b-\u065f\u0670\u07eb-\u07f3\U0001e944-\U0001e94a]+', '', 'g'))),
      'ɔɛɲŋ', 'oenn'),
    '[^[:alnum:]]+', ' ', 'g'))
$$;
