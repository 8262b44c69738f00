-- reached: children under 18 of each area that demand points lie in, and those within the reach (inclusive). Wants
-- measured and reach(most).
reached AS (
  SELECT area_set_id, sum(under_18) AS population,
         coalesce(sum(under_18) FILTER (WHERE distance_m <= (SELECT most FROM reach)), 0) AS covered
  FROM measured GROUP BY area_set_id
  UNION ALL
  -- No service at all, so no distances either. An ordered look, or the planner reads the table in full to find none.
  SELECT area_set_id, sum(under_18), 0 FROM lakana.demand_point
  WHERE (SELECT area_set_id FROM measured ORDER BY area_set_id LIMIT 1) IS NULL GROUP BY area_set_id
)
