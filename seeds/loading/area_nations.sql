-- Whether a nation is staged or at hand, the letters that all codes begin with, and what a nation of that code is called.
SELECT begun.*, (SELECT min(name_fr) FROM lakana.admin_area WHERE level = 0 AND upper(code) = upper(begun.letters)) AS called
FROM (
  SELECT coalesce(bool_or(level = 0), false) AS staged,
         EXISTS (SELECT FROM lakana.admin_area WHERE (scheme, edition, level) = (:scheme, :edition, 0)) AS held,
         CASE WHEN count(DISTINCT letters) = 1 AND count(*) = count(letters) THEN min(letters) END AS letters
  FROM (SELECT level, substring(code FROM '^[A-Za-z]{2,3}(?=[0-9])') AS letters FROM staged) AS each
) begun
