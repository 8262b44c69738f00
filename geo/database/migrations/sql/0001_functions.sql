-- What the tables need before they can be made: names folded for search and order.

CREATE FUNCTION lakana.fold(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  -- unaccent with its dictionary named is a function of its argument alone; the letters of Bambara are not in it.
  SELECT trim(regexp_replace(
    translate(lower(public.unaccent('public.unaccent'::regdictionary, name)), 'ɔɛɲŋ', 'oenn'),
    '[^[:alnum:]]+', ' ', 'g'))
$$;
