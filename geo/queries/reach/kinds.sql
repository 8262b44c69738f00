-- Children under 18 of an area who live in known localities, and those of the rest: in all, and within reach. Two rows,
-- known true and false; NULL where nobody is counted. Wants scope and covered.
SELECT known.known, sum(c.population)::bigint AS population_under_18, sum(c.covered)::bigint AS covered_under_18
FROM (VALUES (true), (false)) AS known(known)
LEFT JOIN (
  covered c JOIN lakana.area_within w ON w.area_id = c.area_set_id AND w.ancestor_id = (SELECT id FROM scope)
) ON c.in_locality = known.known
GROUP BY known.known
