-- As 0023 had it, whose functions are made again before this.
DROP FUNCTION lakana.is_cursor_of;

DROP FUNCTION lakana.place_in_force;
DROP FUNCTION lakana.locality_written;
DROP INDEX lakana.locality_code_idx;
DROP FUNCTION lakana.area_written;
DROP FUNCTION lakana.area_code;
ALTER TABLE lakana.admin_area DROP CONSTRAINT admin_area_written_check, DROP COLUMN edition,
  DROP CONSTRAINT admin_area_level_check, ADD CONSTRAINT admin_area_level_check CHECK (level BETWEEN 0 AND 5);
DROP TABLE lakana.level_name;
ALTER TYPE lakana.area_level RENAME VALUE 'ADM0' TO 'NATION';
ALTER TYPE lakana.area_level RENAME VALUE 'ADM1' TO 'REGION';
ALTER TYPE lakana.area_level RENAME VALUE 'ADM2' TO 'CERCLE';
ALTER TYPE lakana.area_level RENAME TO reporting_level;
