-- How far one comes in a time, where nothing is known of the roads: distance = time × speed / detour.
CREATE TYPE lakana.travel_mode AS ENUM ('GEODESIC', 'WALK', 'MOTORCYCLE', 'CAR');
CREATE TYPE lakana.season AS ENUM ('DRY', 'RAINY');

CREATE TABLE lakana.travel_estimate (
  mode lakana.travel_mode NOT NULL,
  season lakana.season NOT NULL,
  speed_km_h double precision NOT NULL,
  detour double precision NOT NULL,  -- length of the way / length of the straight line
  source text NOT NULL,
  CONSTRAINT travel_estimate_pkey PRIMARY KEY (mode, season),
  CONSTRAINT travel_estimate_mode_check CHECK (mode <> 'GEODESIC'),
  CONSTRAINT travel_estimate_speed_check CHECK (speed_km_h > 0 AND speed_km_h <= 200),
  CONSTRAINT travel_estimate_detour_check CHECK (detour >= 1 AND detour <= 5)
);

-- Figures that were published where there is one; how the rest follows from them is said in the source. Operators set
-- their own with `lakana travel set`.
INSERT INTO lakana.travel_estimate
SELECT mode, season, speed_km_h, detour, speed_source || ' ; ' || detour_source FROM (VALUES
  ('WALK'::lakana.travel_mode, 'DRY'::lakana.season, 3, 1.2,
   'Vitesse : terrains ouverts et cultures du Niger en saison sèche, Blanford et al. 2012, tableau 2, '
   'doi:10.1186/1476-072X-11-24'),
  ('WALK', 'RAINY', 2, 1.2,
   'Vitesse : terrains ouverts et cultures du Niger en saison des pluies, Blanford et al. 2012, tableau 2, '
   'doi:10.1186/1476-072X-11-24'),
  ('MOTORCYCLE', 'DRY', 25, 1.4,
   'Vitesse : entre pistes (20 km/h, manuel d’AccessMod 5, « travel scenario ») et routes secondaires (30 km/h, '
   'Malaria Journal 2017 16:367, tableau 1, doi:10.1186/s12936-017-2009-3)'),
  ('MOTORCYCLE', 'RAINY', 16.7, 1.4,
   'Vitesse : deux tiers de la saison sèche, comme à pied chez Blanford et al. 2012, tableau 2, faute de chiffre propre'),
  ('CAR', 'DRY', 40, 1.4,
   'Vitesse : entre routes primaires (50 km/h) et secondaires (30 km/h), Malaria Journal 2017 16:367, tableau 1, '
   'doi:10.1186/s12936-017-2009-3'),
  ('CAR', 'RAINY', 26.7, 1.4,
   'Vitesse : deux tiers de la saison sèche, comme à pied chez Blanford et al. 2012, tableau 2, faute de chiffre propre')
) AS speed(mode, season, speed_km_h, detour, speed_source)
JOIN (VALUES
  (1.2, 'détour : réseau de chemins, Newell 1980, Traffic Flow on Transportation Networks ; le même en toute saison, '
        'faute de chiffre pour les pluies'),
  (1.4, 'détour : trajets vers les hôpitaux, Boscoe et al. 2012, doi:10.1080/00330124.2011.583586, arrondi ; le même en '
        'toute saison, faute de chiffre pour les pluies')
) AS way(detour, detour_source) USING (detour);

-- The straight line in metres that takes :minutes by :mode in :season, the detour taken into account.
-- Raises LK400 where it is longer than any threshold may be.
CREATE FUNCTION lakana.reach_m(by lakana.travel_mode, during lakana.season, minutes double precision)
RETURNS double precision LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  metres double precision;
BEGIN
  SELECT minutes / 60 * speed_km_h * 1000 / detour INTO metres
  FROM lakana.travel_estimate WHERE mode = by AND season = during;
  IF metres > 1000000 THEN
    RAISE EXCEPTION USING ERRCODE = 'LK400', DETAIL = 'within.travel.minutes', MESSAGE = format(
      'in %s minutes one comes %s km far, and at most 1,000 can be asked for; give fewer minutes.',
      minutes, round((metres / 1000)::numeric, 1));
  END IF;
  RETURN metres;
END $$;

REVOKE EXECUTE ON FUNCTION lakana.reach_m FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.reach_m
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
GRANT SELECT ON lakana.travel_estimate
  TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward;
