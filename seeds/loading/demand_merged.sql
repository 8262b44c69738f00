-- Demand points become what is wanted: what is the same stays.
WITH gone AS (
  DELETE FROM lakana.demand_point d USING lakana.area_within n
  WHERE n.area_id = d.area_set_id AND n.ancestor_id = ANY (CAST(:nations AS uuid[])) AND NOT EXISTS (SELECT FROM demand_compared k WHERE k.id = d.id)
), changed AS (
  UPDATE lakana.demand_point d SET area_id = c.area_id, point = c.point, population = c.population, under_18 = c.under_18, source_id = c.source_id
  FROM demand_compared c WHERE c.id = d.id AND c.differs
)
INSERT INTO lakana.demand_point (id, locality_id, area_id, point, population, under_18, source_id, area_set_id, block_id)
SELECT id, locality_id, area_id, point, population, under_18, source_id, area_set_id, lakana.block_of(area_set_id, point, locality_id IS NOT NULL)
FROM demand_compared WHERE is_new ORDER BY number
