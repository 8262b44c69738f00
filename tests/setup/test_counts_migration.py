"""A database of before: what was released is marked and its edition fixed, and no count of it changes."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0016"
RELEASED = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('s', 'S', false);
INSERT INTO lakana.admin_area (scheme, code, level, name_fr, valid_from, valid_to, source_id)
SELECT 'T', code, level, code, since::date, till::date, s.id
FROM lakana.source s, (VALUES
  ('N', 0, '1960-01-01', NULL), ('R', 1, '1960-01-01', '2025-03-01'), ('NEW', 1, '2025-03-01', NULL), ('OLD', 0, NULL, NULL)
) AS a(code, level, since, till);
INSERT INTO lakana.area_crosswalk (from_area_id, to_area_id, share, source_id)
SELECT n.id, o.id, 1, n.source_id FROM lakana.admin_area n, lakana.admin_area o WHERE (n.code, o.code) = ('N', 'OLD');
INSERT INTO lakana.release (quarter, revision, localities, released_at) VALUES ('2024-Q4', 0, 'by-type', '2025-01-02');
INSERT INTO lakana.published_count (release_number, current, level, area_id, period, count, source_id)
SELECT r.number, true, 'NATION', a.id, '2024-Q4', 35, a.source_id FROM lakana.release r, lakana.admin_area a WHERE a.code = 'N';
"""


def test_what_was_released_is_marked_and_its_edition_is_fixed(make_database):
    url = make_database()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        owner.require(connection)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakana"))
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(RELEASED)
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        assert [tuple(row) for row in ask("SELECT grain, rounding FROM lakana.release")] == [("by-type", "sum-of-keys")]
        assert ask("SELECT count FROM lakana.published_count").scalars().all() == [35]
        # The areas on the day of the first release, not today's, and none that a crosswalk leads to.
        edition = ask("SELECT code FROM raw.released_edition JOIN lakana.admin_area a ON a.id = area_id ORDER BY 1")
        assert edition.scalars().all() == ["N", "R"]
        ask("INSERT INTO lakana.release (quarter, revision) VALUES ('2025-Q1', 0)")
        newest = ask("SELECT grain, rounding FROM lakana.release ORDER BY number DESC").first()
        assert newest is not None
        assert tuple(newest) == ("types-by-year", "key-of-set")


def test_a_grain_of_now_becomes_the_coarsest_of_before(make_database):
    url = make_database()
    owner.upgrade(url)
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        ask("INSERT INTO lakana.release (quarter, revision, grain) VALUES ('2025-Q1', 0, 'area-all-types')")
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0027")
        assert connection.exec_driver_sql("SELECT localities FROM lakana.release").scalars().all() == [
            "years-all-types"
        ]
    owner.upgrade(url)
    owner.check(url)
