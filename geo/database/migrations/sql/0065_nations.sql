-- Several nations in one database keep apart: what is planned for one rests on its own services alone. Who asks for what is
-- nearest still looks across a border.

-- The nation of each area and of each set of areas, whichever edition it is of: areas of level 0 that hold one area together are one
-- nation, told by the least of their ids. What lies in no area of level 0 has no row.
CREATE TABLE lakana.area_nation (
  area_id UUID NOT NULL,
  nation_id UUID NOT NULL,
  CONSTRAINT area_nation_pkey PRIMARY KEY (area_id)
);
CREATE INDEX area_nation_nation_id_idx ON lakana.area_nation (nation_id);
CREATE INDEX area_nation_itself_idx ON lakana.area_nation (area_id) WHERE area_id = nation_id;
GRANT SELECT ON TABLE lakana.area_nation TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;

-- Where services stand, by nation: a row for each category and spot, while there are several nations. With one it is empty, and
-- service_spot tells the same.
CREATE TABLE lakana.nation_spot (
  nation_id UUID NOT NULL,
  category lakana.service_category NOT NULL,
  point geography(POINT, 4326) NOT NULL,
  geocentric geometry(POINTZ) NOT NULL
);
CREATE UNIQUE INDEX nation_spot_key ON lakana.nation_spot (nation_id, category, (point::geometry));
CREATE INDEX nation_spot_nation_id_category_geocentric_idx ON lakana.nation_spot
  USING gist (nation_id, category, geocentric gist_geometry_ops_nd);

CREATE FUNCTION lakana.nation_of(area uuid) RETURNS uuid
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT nation_id FROM lakana.area_nation WHERE area_id = area $$;

CREATE FUNCTION lakana.several_nations() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT count(*) > 1 FROM (SELECT FROM lakana.area_nation WHERE area_id = nation_id LIMIT 2) AS few
$$;

-- True where there is one nation, or none; where there are several, the areaCode is asked for.
CREATE FUNCTION lakana.is_one_nation() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = lakana, public, pg_temp AS $$
BEGIN
  IF several_nations() THEN
    PERFORM home_area();  -- refuses several nations in force, by their codes
  END IF;
  RETURN true;
END $$;

-- The nation of an area as the directory knows it: in force and of the division in use, if there is one.
CREATE FUNCTION lakana.nation_in_use(area uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT a.id FROM area_nation n JOIN admin_area a ON a.id = n.area_id AND a.level = 0
  WHERE n.nation_id = nation_of(area)
  ORDER BY daterange(a.valid_from, a.valid_to) @> current_date DESC, has_successor(a.id), a.scheme, a.code, a.id LIMIT 1
$$;

-- The nation whose outlines hold a place; NULL where none does, or several.
CREATE FUNCTION lakana.nation_at(place geography) RETURNS uuid
LANGUAGE sql STABLE SET search_path = lakana, public, pg_temp AS $$
  SELECT min(n.nation_id::text)::uuid FROM unnest(outlined_at(place)) AS o(id) JOIN area_nation n ON n.area_id = o.id
  HAVING count(DISTINCT n.nation_id) = 1
$$;

CREATE FUNCTION lakana.derive_area_nation() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  WITH RECURSIVE held AS MATERIALIZED (
    SELECT w.area_id, w.ancestor_id AS nation_id FROM area_within w JOIN admin_area n ON n.id = w.ancestor_id AND n.level = 0
  ), together AS MATERIALIZED (
    SELECT DISTINCT mine.nation_id AS id, its.nation_id AS other
    FROM held mine JOIN held its USING (area_id) JOIN admin_area a ON a.id = area_id
  ), reached(id, other) AS (
    SELECT id, id FROM admin_area WHERE level = 0
    UNION
    SELECT r.id, t.other FROM reached r JOIN together t ON t.id = r.other
  ), country AS (
    SELECT id, min(other::text)::uuid AS nation_id FROM reached GROUP BY id
  ), every AS MATERIALIZED (
    SELECT h.area_id, min(c.nation_id::text)::uuid AS nation_id FROM held h JOIN country c ON c.id = h.nation_id GROUP BY h.area_id
  ), gone AS (
    DELETE FROM area_nation n WHERE n.area_id NOT IN (SELECT area_id FROM every)
  )
  INSERT INTO area_nation AS n SELECT area_id, nation_id FROM every
  ON CONFLICT (area_id) DO UPDATE SET nation_id = excluded.nation_id WHERE n.nation_id <> excluded.nation_id;
END $$;

-- As before; afterwards the nations are found.
CREATE OR REPLACE FUNCTION lakana.derive_area_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
BEGIN
  WITH RECURSIVE up(area_id, ancestor_id) AS (
    SELECT id, id FROM admin_area
    UNION
    SELECT up.area_id, step.ancestor_id
    FROM up JOIN (
      SELECT id AS area_id, parent_id AS ancestor_id FROM admin_area WHERE parent_id IS NOT NULL
      UNION ALL
      SELECT from_area_id, to_area_id FROM area_crosswalk WHERE share = 1
    ) step ON step.area_id = up.ancestor_id
  ), every(area_id, ancestor_id) AS (
    SELECT area_id, ancestor_id FROM up
    UNION
    SELECT s.id, up.ancestor_id FROM area_set s CROSS JOIN unnest(s.area_ids) AS part(id) JOIN up ON up.area_id = part.id
  ), gone AS (
    DELETE FROM area_within w
    WHERE NOT EXISTS (SELECT FROM every WHERE (every.area_id, every.ancestor_id) = (w.area_id, w.ancestor_id))
  )
  INSERT INTO area_within SELECT area_id, ancestor_id FROM every ON CONFLICT DO NOTHING;
  PERFORM derive_area_nation();
  RETURN NULL;
END $$;

-- As before, and no place lies in two nations: where outlines of neighbours overlap, the register decides.
CREATE OR REPLACE FUNCTION lakana.area_set_among(outlined uuid[], registered uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
DECLARE
  smallest uuid[] := ARRAY[registered];
  one uuid;
BEGIN
  IF cardinality(outlined) = 1 AND EXISTS (SELECT FROM area_within WHERE area_id = outlined[1] AND ancestor_id = registered) THEN
    RETURN outlined[1];
  END IF;
  FOREACH one IN ARRAY outlined LOOP
    CONTINUE WHEN nation_of(one) <> nation_of(registered);
    -- Not if it, or what holds it, is another area of an edition and level that is known already.
    IF NOT EXISTS (
      SELECT FROM area_within w JOIN admin_area its ON its.id = w.ancestor_id
      JOIN area_within v ON v.area_id = ANY (smallest)
      JOIN admin_area ours ON ours.id = v.ancestor_id AND ours.id <> its.id
        AND (ours.scheme, ours.edition, ours.level) = (its.scheme, its.edition, its.level)
      WHERE w.area_id = one) THEN
      smallest := smallest || one;
    END IF;
  END LOOP;
  smallest := ARRAY(
    SELECT DISTINCT id FROM unnest(smallest) AS kept(id)
    WHERE NOT EXISTS (
      SELECT FROM unnest(smallest) AS other(id) JOIN area_within w ON w.area_id = other.id
      WHERE w.ancestor_id = kept.id AND other.id <> kept.id)
    ORDER BY id);
  IF cardinality(smallest) < 2 THEN
    RETURN smallest[1];
  END IF;
  one := md5(smallest::text)::uuid;  -- it follows from the areas: the same in every database
  IF NOT EXISTS (SELECT FROM area_set WHERE id = one) THEN
    INSERT INTO area_set VALUES (one, smallest) ON CONFLICT DO NOTHING;
    INSERT INTO area_within SELECT one, ancestor_id FROM area_within WHERE area_id = ANY (smallest) ON CONFLICT DO NOTHING;
    INSERT INTO area_nation SELECT one, nation_of(registered) WHERE nation_of(registered) IS NOT NULL ON CONFLICT DO NOTHING;
  END IF;
  RETURN one;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.nation_of, lakana.several_nations, lakana.is_one_nation, lakana.nation_in_use,
  lakana.nation_at, lakana.derive_area_nation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.nation_of, lakana.several_nations, lakana.is_one_nation, lakana.nation_in_use
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT EXECUTE ON FUNCTION lakana.nation_at TO lakana_planner;

SELECT lakana.derive_area_nation();
SELECT lakana.follow_public('lakana.area_nation');
