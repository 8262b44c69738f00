"""Every list, map layer and table of the schema as a file: one writer a format, and the queries are the only way in."""
