-- The areas above those of the rows, by the codes and names of their columns, where no row is about them.
INSERT INTO staged (file, "row", level, code, name_fr, parent_code, codes, names, is_own)
SELECT DISTINCT ON (above.code) s.file, s."row", above.level, above.code, coalesce(above.name, above.code),
       (SELECT higher.code FROM unnest(s.codes) WITH ORDINALITY AS higher(code, turn)
        WHERE higher.turn - 1 < above.level AND higher.code IS NOT NULL ORDER BY higher.turn DESC LIMIT 1),
       s.codes, s.names, false
FROM staged s
CROSS JOIN LATERAL (
  SELECT (c.turn - 1)::smallint AS level, c.code, s.names[c.turn] AS name
  FROM unnest(s.codes) WITH ORDINALITY AS c(code, turn) WHERE c.code IS NOT NULL AND c.turn - 1 < s.level
) above
WHERE s.is_own AND NOT EXISTS (SELECT FROM staged o WHERE o.code = above.code)
ORDER BY above.code, (above.name IS NULL), s.file, s."row"
