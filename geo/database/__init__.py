"""Access to the database: owner, sessions, pools, the writer, tables and migrations."""
