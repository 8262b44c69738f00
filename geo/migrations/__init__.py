"""Alembic migrations, up and down, with the SQL of ``geo/sql`` frozen where a revision runs it."""
