-- Types that no row names, where some row names one.
SELECT each::text FROM unnest(enum_range(NULL::lakana.incident_type)) AS each
WHERE EXISTS (SELECT FROM staged WHERE types <> '{}') AND NOT EXISTS (SELECT FROM staged WHERE each = ANY (types))
ORDER BY each
