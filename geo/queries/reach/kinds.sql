-- Children under 18 of an area who live in known localities, and those of the rest: in all, and within reach. Two rows,
-- known true and false. Wants scope, reach(most) and measured.
SELECT known.known, coalesce(sum(d.under_18), 0)::bigint AS population_under_18,
       coalesce(sum(d.under_18) FILTER (WHERE m.distance_m <= (SELECT most FROM reach)), 0)::bigint
         AS covered_under_18
FROM (VALUES (true), (false)) AS known(known)
LEFT JOIN (
  lakana.demand_point d
  JOIN lakana.area_within w ON w.area_id = d.area_id AND w.ancestor_id = (SELECT id FROM scope)
  LEFT JOIN measured m ON m.demand_point_id = d.id
) ON (d.locality_id IS NOT NULL) = known.known
GROUP BY known.known
