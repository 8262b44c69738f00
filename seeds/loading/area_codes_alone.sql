-- Of the codes that stand without a name beside them, how many there are, how many are unknown, and in which other division at
-- hand most of them mean an area of another name.
WITH alone AS (
  SELECT area_id, trouble FROM matched
  WHERE num_nonnulls(VARIADIC names) = 0 AND num_nonnulls(VARIADIC codes) > 0
    AND NOT EXISTS (SELECT FROM unnest(codes) AS code WHERE strpos(code, ':') > 0)
), elsewhere AS (
  SELECT concat(o.scheme, '@', o.edition) AS other, count(*) AS many
  FROM alone JOIN lakana.admin_area a ON a.id = alone.area_id
  JOIN lakana.admin_area o ON (o.level, o.code) = (a.level, a.code) AND (o.scheme, o.edition) <> (a.scheme, a.edition)
  WHERE lakana.fold(o.name_fr) <> lakana.fold(a.name_fr)
  GROUP BY 1 ORDER BY many DESC, other LIMIT 1
)
SELECT count(*) AS "all", count(*) FILTER (WHERE area_id IS NOT NULL) AS known, count(*) FILTER (WHERE trouble = 'NO_SUCH_CODE') AS unknown,
       (SELECT other FROM elsewhere) AS other, (SELECT many FROM elsewhere) AS elsewhere
FROM alone
