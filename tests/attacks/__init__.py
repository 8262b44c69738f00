"""Attacks on what must not be told. They find the surface by themselves: from the schema, the routes and the catalogue."""
