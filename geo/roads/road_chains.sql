-- The network as a search needs it: edges that follow each other along one way are one, where nothing joins them and
-- nobody gets on or off between them. Edges of a way were written in its order, so their ids follow each other.
DROP TABLE IF EXISTS pg_temp.chain;

CREATE TEMP TABLE chain AS
WITH needed AS MATERIALIZED (
  SELECT node FROM (SELECT source AS node FROM road.edge UNION ALL SELECT target FROM road.edge) each_end
  GROUP BY node HAVING count(*) <> 2
  UNION
  SELECT node FROM pg_temp.leg WHERE node IS NOT NULL
), begun AS (
  SELECT e.*, n.node IS NOT NULL
    OR (lag(e.target) OVER along, lag(e.class) OVER along, lag(e.on_foot) OVER along,
        lag(e.forward) OVER along, lag(e.backward) OVER along)
      IS DISTINCT FROM (e.source, e.class, e.on_foot, e.forward, e.backward) AS begins
  FROM road.edge e LEFT JOIN needed n ON n.node = e.source
  WINDOW along AS (ORDER BY e.id)
), numbered AS (
  SELECT *, count(*) FILTER (WHERE begins) OVER (ORDER BY id) AS number FROM begun
)
SELECT number AS id, (array_agg(source ORDER BY id))[1] AS source, (array_agg(target ORDER BY id DESC))[1] AS target,
  class, on_foot, forward, backward, sum(length_m) AS length_m
FROM numbered GROUP BY number, class, on_foot, forward, backward;

ANALYZE pg_temp.chain
