"""Loading tables into the database, one module a kind: staged by COPY, matched, merged in sets, all or nothing."""
