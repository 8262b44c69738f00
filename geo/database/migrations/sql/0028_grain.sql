-- A quarter's grain may say less of areas too, and so it is named.
ALTER TABLE lakana.release RENAME COLUMN localities TO grain;
ALTER TABLE lakana.release DROP CONSTRAINT release_localities_check;
ALTER TABLE lakana.release ADD CONSTRAINT release_grain_check
  CHECK (grain IN ('by-type', 'types-by-year', 'years', 'all-types', 'years-all-types', 'area-types-by-year', 'area-all-types'));
