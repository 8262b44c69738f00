  -- The scenarios that are asked for, and number 0, what is there today. Binds: scenario_ids, caller_owner.
  WITH asked AS MATERIALIZED (
    SELECT number, category, gone, sites
    FROM lakana.scenarios_together(:caller_owner, CAST(string_to_array(:scenario_ids, ',') AS uuid[]))
  )
  SELECT number, category, gone, sites FROM asked
  UNION ALL
  (SELECT 0, category, CAST('{}' AS uuid[]), CAST('{}' AS geography[]) FROM asked LIMIT 1)
