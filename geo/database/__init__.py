"""The way to the database: owner, sessions, resources, the writer, tables and migrations."""
