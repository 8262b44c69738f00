-- needed: the categories that are needed, each with the number of its group. Binds: need_groups and need_categories, the
-- group and the name of each category, side by side; need_pathway, the type of incident all of whose steps are needed (NULL:
-- none), each category a group, of the pathway of the nation of area_code.
needed(group_number, category) AS MATERIALIZED (
  SELECT n.number, CAST(n.category AS lakana.service_category)
  FROM unnest(CAST(:need_groups AS int[]), CAST(:need_categories AS text[])) AS n(number, category)
  UNION ALL
  SELECT row_number() OVER (ORDER BY category), category
  FROM (
    SELECT DISTINCT category FROM lakana.pathway_step
    WHERE incident_type = CAST(:need_pathway AS lakana.incident_type)
      AND lakana.is_told_in(nation_id, (SELECT lakana.nation_of(lakana.area_in_force(CAST(:area_code AS text)))))
  ) step
)
