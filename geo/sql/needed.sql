-- needed: the categories that are needed, each with the number of its group. Binds: need_groups and need_categories, the
-- group and the name of each category, side by side.
needed(group_number, category) AS MATERIALIZED (
  SELECT n.number, CAST(n.category AS lakana.service_category)
  FROM unnest(CAST(:need_groups AS int[]), CAST(:need_categories AS text[])) AS n(number, category)
)
