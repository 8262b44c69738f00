-- One row for each of some scenarios, in the order asked for, and before them one for what is there today (number 0): its
-- capacity, and the parts of the data that are no more what they were on its base date, by locale as JSON.
-- Binds: scenario_ids, caller_owner, part_words (part → locale → words).
WITH asked AS MATERIALIZED (
  SELECT * FROM lakana.scenarios_together(:caller_owner, CAST(string_to_array(:scenario_ids, ',') AS uuid[]))
), today AS MATERIALIZED (
  SELECT category, lakana.data_digests(category) AS digests FROM asked LIMIT 1
), words(part, locale, words) AS MATERIALIZED (
  SELECT part.key, locale.key, locale.value
  FROM jsonb_each(CAST(:part_words AS jsonb)) AS part, jsonb_each_text(part.value) AS locale
)
SELECT a.number, a.scenario_id, p.before_places AS capacity_before, p.after_places AS capacity, (
  SELECT json_object_agg(locale, told)
  FROM (
    SELECT locale, coalesce(
      json_agg(words ORDER BY part) FILTER (WHERE a.base_data->>part IS DISTINCT FROM t.digests->>part), '[]') AS told
    FROM words GROUP BY locale
  ) AS by_locale
)::text AS changed_data
FROM asked a, today t, lakana.places_if(a.category, a.changes) p
UNION ALL
SELECT 0, NULL, p.before_places, p.after_places, (SELECT json_object_agg(locale, json_build_array()) FROM (SELECT DISTINCT locale FROM words) l)::text
FROM today t, lakana.places_if(t.category, '[]') p
