DROP TRIGGER follow_spots_of_nations_insert ON lakana.service;
DROP TRIGGER follow_spots_of_nations_update ON lakana.service;
DROP TRIGGER follow_spots_of_nations_delete ON lakana.service;
DROP FUNCTION lakana.follow_spots_of_nations, lakana.settle_nations, lakana.served_blocks, lakana.nearest_among, lakana.nation_at,
  lakana.nation_in_use, lakana.is_one_nation, lakana.several_nations, lakana.nation_of,
  lakana.derive_area_nation;
DROP TABLE lakana.nation_spot, lakana.area_nation;
