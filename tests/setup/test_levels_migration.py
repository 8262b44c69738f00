"""A database of before: its levels are named anew, and each area has an edition that tells it from others of its code."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0023"
MADE = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('s', 'COD-AB v03', false), ('t', 'T', false);
INSERT INTO lakana.admin_area (scheme, code, level, name_fr, valid_from, valid_to, source_id)
SELECT 'T', code, level, a.name, since::date, till::date, s.id
FROM (VALUES
  ('A', 0, 'versioned', NULL, NULL, 's'), ('B', 1, 'of a year', '1999-05-01', '2001-01-01', 't'),
  ('B', 1, 'of a day', '2010-01-01', '2010-06-01', 't'), ('B', 1, 'of that year', '2010-06-01', NULL, 't'),
  ('C', 2, 'of no date', NULL, NULL, 't')
) AS a(code, level, name, since, till, key) JOIN lakana.source s USING (key);
INSERT INTO lakana.release (quarter, revision) VALUES ('2024-Q4', 0);
INSERT INTO lakana.published_count (release_number, current, level, area_id, period, count, source_id)
SELECT r.number, true, l.level::lakana.reporting_level, a.id, '2024-Q4', 35, a.source_id
FROM lakana.release r, lakana.admin_area a JOIN (VALUES ('A', 'NATION'), ('C', 'CERCLE')) AS l(code, level) USING (code);
"""
EDITIONS = {
    "versioned": "v03",
    "of a year": "1999",
    "of a day": "2010",
    "of that year": "2010.2",
    "of no date": "undated",
}
COUNTS = (
    "SELECT a.code, p.level::text FROM lakana.published_count p JOIN lakana.admin_area a ON a.id = p.area_id ORDER BY 1"
)


def moved(url, move, revision):
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        owner.require(connection)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakana"))
        config.attributes["connection"] = connection
        move(config, revision)


def told(url, statement):
    with owner.owner_transaction(url) as connection:
        return dict(tuple(row) for row in connection.exec_driver_sql(statement))


def test_levels_and_editions_of_what_there_was(make_database):
    url = make_database()
    moved(url, command.upgrade, BEFORE)
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(MADE)
    for _ in range(2):  # forth, back and forth again
        owner.upgrade(url)
        owner.check(url)
        assert told(url, "SELECT name_fr, edition FROM lakana.admin_area") == EDITIONS
        assert told(url, COUNTS) == {"A": "ADM0", "C": "ADM2"}
        moved(url, command.downgrade, BEFORE)
        assert told(url, COUNTS) == {"A": "NATION", "C": "CERCLE"}
