-- The nations in use of whose people something is known, and whose demand points are the importer's to make: it made those that are
-- there, or there are none.
SELECT a.id FROM lakana.admin_area a
WHERE a.level = 0 AND daterange(a.valid_from, a.valid_to) @> current_date AND NOT lakana.has_successor(a.id)
  AND (EXISTS (SELECT FROM lakana.demand_nation n WHERE n.nation_id = a.id)
       OR NOT EXISTS (SELECT FROM lakana.demand_point d JOIN lakana.area_within w ON w.area_id = d.area_set_id WHERE w.ancestor_id = a.id))
  AND (EXISTS (SELECT FROM lakana.area_population p JOIN lakana.area_within w USING (area_id) WHERE w.ancestor_id = a.id)
       OR EXISTS (SELECT FROM lakana.population_cell c WHERE c.nation_id = a.id)
       OR EXISTS (SELECT FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_set_id WHERE w.ancestor_id = a.id AND l.population > 0))
ORDER BY a.id
