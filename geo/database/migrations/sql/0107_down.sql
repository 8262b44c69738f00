REVOKE EXECUTE ON FUNCTION audit.hold_import FROM lakana_steward;
