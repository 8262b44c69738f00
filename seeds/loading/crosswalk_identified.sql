-- The areas of codes: SCHEME@EDITION:CODE, SCHEME:CODE of the edition that has no end, or a code alone of the division that is meant.
WITH named AS MATERIALIZED (
  SELECT a.id, spelling.code
  FROM lakana.admin_area a CROSS JOIN LATERAL (VALUES
    (a.scheme || '@' || a.edition || ':' || a.code),
    (CASE WHEN a.valid_to IS NULL THEN a.scheme || ':' || a.code END),
    (CASE WHEN (a.scheme, a.edition) = (:scheme, :edition) THEN a.code END)) AS spelling(code)
)
UPDATE staged s SET from_id = (SELECT min(n.id::text)::uuid FROM named n WHERE n.code = s.from_code),
                    to_id = (SELECT min(n.id::text)::uuid FROM named n WHERE n.code = s.to_code)
