-- Demand points in one statement, with the areas that they lie in. Binds: the columns, side by side; point is WKT in degrees.
WITH given AS MATERIALIZED (
  SELECT g.id, g.locality_id, g.area_id, g.point::geography AS point, g.population, g.under_18, g.source_id, g.number
  FROM unnest(CAST(:id AS uuid[]), CAST(:locality_id AS uuid[]), CAST(:area_id AS uuid[]), CAST(:point AS text[]),
              CAST(:population AS int[]), CAST(:under_18 AS int[]), CAST(:source_id AS uuid[]))
    WITH ORDINALITY AS g(id, locality_id, area_id, point, population, under_18, source_id, number)
)
INSERT INTO lakana.demand_point (id, locality_id, area_id, point, population, under_18, source_id, area_set_id, block_id)
SELECT id, locality_id, area_id, point, population, under_18, source_id, area_set_id,
       lakana.block_of(area_set_id, point, locality_id IS NOT NULL)
FROM given JOIN (
  SELECT * FROM lakana.area_sets_of((SELECT array_agg(point ORDER BY number) FROM given),
                                    (SELECT array_agg(area_id ORDER BY number) FROM given))
) settled USING (number)
