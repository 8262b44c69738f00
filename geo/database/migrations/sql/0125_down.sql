GRANT DELETE ON lakana.organization TO lakana_steward;
