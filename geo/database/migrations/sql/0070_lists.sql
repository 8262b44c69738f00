-- Lists of services were called by their source with its licence and day, or by a file; so next year's list was another one, and brought back
-- what had been retired. A list is called by its source alone. Rows that have no codes are known by a digest of name, place and category, and
-- so are those who offer services. The list '' holds these digests of services whatever list they came from, and those of lists without
-- a name. Of two lines that become one, that of the record that is still there stays.
CREATE TEMPORARY TABLE renamed ON COMMIT DROP AS
WITH told AS (
  SELECT f.*, s.name, f.code ~ '@-?[0-9]+\.[0-9]{4},-?[0-9]+\.[0-9]{4}[A-Z_]*$' AS is_made,
         s.name IS NULL OR EXISTS (SELECT FROM audit.import_file i WHERE i.name = s.name) AS is_file
  FROM audit.foreign_id f LEFT JOIN lakana.source s ON s.key = f.scheme
  WHERE f.subject IN ('service', 'actor')
), called AS (
  SELECT subject, row_id, version, CASE WHEN is_made THEN encode(sha256(convert_to(code, 'UTF8')), 'hex') ELSE code END AS code,
         CASE WHEN name IS NULL THEN scheme WHEN is_file AND is_made THEN '' ELSE name END AS scheme, is_made
  FROM told
), listed AS (
  SELECT subject, scheme, code, row_id, version FROM called
  UNION
  SELECT subject, '', code, row_id, version FROM called WHERE subject = 'service' AND is_made
)
SELECT DISTINCT ON (l.subject, l.scheme, l.code) l.*
FROM listed l
ORDER BY l.subject, l.scheme, l.code, EXISTS (SELECT FROM lakana.service v WHERE v.id = l.row_id)
         OR EXISTS (SELECT FROM lakana.actor a WHERE a.id = l.row_id) DESC, l.version DESC, l.row_id;

DELETE FROM audit.foreign_id WHERE subject IN ('service', 'actor');
INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version) SELECT subject, scheme, code, row_id, version FROM renamed;
DROP TABLE renamed;
