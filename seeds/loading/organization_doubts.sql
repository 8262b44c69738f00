-- One name in several spellings, with several acronyms or of several kinds, and one acronym of several names.
WITH doubt AS (
  SELECT first, name AS value, 'SPELT_OTHERWISE' AS trouble,
         jsonb_build_object('name', name, 'others', array_to_string(array_remove(names, name), ', ')) AS told
  FROM named WHERE cardinality(names) > 1
  UNION ALL
  SELECT first, acronym, 'SEVERAL_ACRONYMS',
         jsonb_build_object('name', name, 'others', array_to_string(acronym || array_remove(acronyms, acronym), ', '))
  FROM named WHERE (SELECT count(DISTINCT lakana.fold(one)) FROM unnest(acronyms) AS one) > 1
  UNION ALL
  SELECT first, kind::text, 'SEVERAL_KINDS',
         jsonb_build_object('name', name, 'others', array_to_string(kind::text || array_remove(kinds, kind::text), ', '))
  FROM named WHERE cardinality(kinds) > 1
  UNION ALL
  SELECT min(first), min(acronym), 'ACRONYM_SHARED',
         jsonb_build_object('acronym', min(acronym), 'others', string_agg(name, ', ' ORDER BY name))
  FROM named WHERE acronym IS NOT NULL GROUP BY lakana.fold(acronym) HAVING count(*) > 1
)
SELECT first[1] AS file, first[2] AS "row", CASE WHEN trouble = 'SPELT_OTHERWISE' THEN 'name' ELSE 'acronym' END AS field, value, trouble, told
FROM doubt ORDER BY trouble, value
