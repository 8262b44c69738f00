-- Places are found by whatever they may be called, the likeliest first: localities by every known spelling, areas of every
-- edition by their names, all folded, with a sign between them that no folded text has.
ALTER TABLE lakana.admin_area ADD COLUMN search_key TEXT COLLATE "C" GENERATED ALWAYS AS
  (lakana.fold(name_fr) || coalesce('/' || lakana.fold(name_en), '') || coalesce('/' || lakana.fold(name_bm), '')) STORED NOT NULL;
CREATE INDEX admin_area_search_part_idx ON lakana.admin_area USING gin (search_key gin_trgm_ops);
CREATE INDEX locality_name_name_part_idx ON lakana.locality_name USING gin (name_key gin_trgm_ops);

-- Places whose names have at least 0.4 of the trigrams of a word in common with the text: with one letter wrong in the
-- middle of six they have. The score is 1 for the same folded name, at most 0.99 for the same letters with other blanks,
-- otherwise how alike the names are without blanks or, if that is more, 0.9 of how alike a part of the name is, so that
-- « kout » finds Koutiala and « Macina » Ké-Macina. Equal scores: the more alike as a whole, then the smaller place, what
-- is in force, the name and the id.
CREATE FUNCTION lakana.places_called(wanted text, area uuid, most integer)
RETURNS TABLE (place_id uuid, matched_name text, score double precision, exact boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = lakana, public, pg_temp AS $$
  WITH asked AS MATERIALIZED (
    SELECT fold(wanted) AS key, replace(fold(wanted), ' ', '') AS glued,
      -- Until the function ends. Only a superuser could restore a function that has this as a SET of its own.
      set_config('pg_trgm.word_similarity_threshold', '0.4', true)
  ), spelling AS (
    SELECT n.locality_id AS place_id, n.name, n.name_key, 5 AS level, true AS in_force FROM locality_name n
    WHERE (SELECT key FROM asked) <% n.name_key AND (area IS NULL OR n.locality_id IN (
      SELECT l.id FROM area_within w JOIN locality l ON l.area_id = w.area_id WHERE w.ancestor_id = area))
    UNION ALL
    SELECT a.id, one, fold(one), a.level, daterange(a.valid_from, a.valid_to) @> current_date
    FROM admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one
    WHERE (SELECT key FROM asked) <% a.search_key AND one IS NOT NULL
      AND (area IS NULL OR a.id IN (SELECT w.area_id FROM area_within w WHERE w.ancestor_id = area))
  ), likened AS MATERIALIZED (
    SELECT s.*, s.name_key = key AS exact, similarity(replace(s.name_key, ' ', ''), glued) AS alike,
           word_similarity(key, s.name_key) AS part_alike
    FROM spelling s, asked
  ), scored AS (
    SELECT *, CASE WHEN likened.exact THEN 1 ELSE least(0.99, greatest(alike, 0.9 * part_alike)) END AS score FROM likened
  ), best AS (
    SELECT * FROM (SELECT DISTINCT ON (s.place_id) s.* FROM scored s ORDER BY s.place_id, s.score DESC, s.alike DESC, s.name) each
    ORDER BY score DESC, alike DESC, level DESC, in_force DESC, name_key, place_id LIMIT most
  )
  -- Of spellings that fold alike the official one is told.
  SELECT b.place_id, CASE WHEN l.name_key = b.name_key THEN l.name_fr ELSE b.name END, round(b.score::numeric, 2)::double precision, b.exact
  FROM best b LEFT JOIN locality l ON l.id = b.place_id
  ORDER BY b.score DESC, b.alike DESC, b.level DESC, b.in_force DESC, b.name_key, b.place_id
$$;
REVOKE EXECUTE ON FUNCTION lakana.places_called FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.places_called
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;

-- The localities and areas of a name, by any spelling: what stands there is found by it.
CREATE FUNCTION lakana.places_named(wanted text) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT array(
    SELECT locality_id FROM locality_name WHERE name_key = fold(wanted)
    UNION ALL
    SELECT id FROM admin_area
    WHERE search_key LIKE '%' || fold(wanted) || '%' AND fold(wanted) = ANY (string_to_array(search_key, '/')))
$$;
REVOKE EXECUTE ON FUNCTION lakana.places_named FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.places_named
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
CREATE INDEX actor_stands_in_idx ON lakana.actor (coalesce(locality_id, area_id));
CREATE INDEX service_stands_in_idx ON lakana.service (coalesce(locality_id, area_id));
