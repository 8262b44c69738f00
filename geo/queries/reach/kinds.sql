-- Children under 18 of an area who live in known localities, and those of the rest: in all, and within reach. Two rows,
-- known true and false; NULL where nobody is counted. Wants scope, reach(most) and measured.
SELECT known.known, sum(d.under_18)::bigint AS population_under_18,
       sum(d.under_18 * CASE WHEN m.distance_m <= (SELECT most FROM reach) THEN 1 ELSE 0 END)::bigint
         AS covered_under_18
FROM (VALUES (true), (false)) AS known(known)
LEFT JOIN (
  lakana.demand_point d
  JOIN lakana.area_within w ON w.area_id = d.area_set_id AND w.ancestor_id = (SELECT id FROM scope)
  LEFT JOIN measured m ON m.demand_point_id = d.id
) ON (d.locality_id IS NOT NULL) = known.known
GROUP BY known.known
