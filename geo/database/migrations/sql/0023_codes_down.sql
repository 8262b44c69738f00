-- 0022 answers the same with area_in_force as it is, which needs code_key; both stay.
DROP FUNCTION lakana.refuse_exchanged;
DROP INDEX lakana.admin_area_code_idx;
CREATE INDEX admin_area_code_idx ON lakana.admin_area (code);
