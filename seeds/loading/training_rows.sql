-- Rows, and whether a training of that name began on that day; the first row of several alike counts.
SELECT s.*, EXISTS (SELECT FROM lakana.training_event t WHERE t.starts_on = s.starts_on AND lakana.fold(t.name) = lakana.fold(s.name))
         OR row_number() OVER (PARTITION BY lakana.fold(s.name), s.starts_on ORDER BY s.file, s."row") > 1 AS is_known
FROM staged s ORDER BY s.file, s."row"
