-- Rows that hold a number which may lead to nothing public: they are told before the database refuses them all, and are staged no more.
WITH gone AS (
  DELETE FROM staged s
  WHERE EXISTS (SELECT FROM lakana.front_gate) AND EXISTS (  -- the numbers are not read for nothing
    SELECT FROM lakana.front_gate g
    WHERE lakana.phone_keys(g.contact) && array(SELECT lakana.number_keys(s.phone, concat_ws(' ; ', s.name, s.actor_name, s.opening_hours))))
  RETURNING file, "row", coalesce(phone, name) AS value
)
SELECT file, "row", 'phone' AS field, value, 'NUMBER_NOT_PUBLIC' AS trouble, NULL::jsonb AS told FROM gone ORDER BY file, "row"
