"""A database of before: its distances are kept by blocks, and given back as they were."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0039"
MADE_BY = "0040"
MADE = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('s', 'S', false);
INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, source_id) SELECT 'T', '1', 'A', 1, 'A', id FROM lakana.source;
INSERT INTO lakana.actor (name, kind, point, area_id, source_id)
SELECT 'A', 'NGO', ST_MakePoint(0, 10), id, source_id FROM lakana.admin_area;
INSERT INTO lakana.demand_point (area_id, point, population, under_18, source_id)
SELECT id, ST_MakePoint(mod(n, 7) * 0.3, 10 + mod(n, 5) * 0.2), 10, n, source_id FROM lakana.admin_area, generate_series(1, 10) AS n;
INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
SELECT id, 'S', (ARRAY['MEDICAL', 'OTHER'])[1 + mod(n, 2)]::lakana.service_category, ST_MakePoint(n * 0.2, 10.3), area_id, source_id
FROM lakana.actor, generate_series(1, 6) AS n;
"""
ROWS = """
SELECT category::text, demand_point_id::text, service_id::text, distance_m, under_18, area_set_id::text
FROM lakana.access ORDER BY category::text, demand_point_id
"""


def moved(url, move, revision):
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        owner.require(connection)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS lakana"))
        config.attributes["connection"] = connection
        move(config, revision)


def rows(url, statement=ROWS):
    with owner.owner_transaction(url) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def test_distances_stay_forth_and_back(make_database):
    url = make_database()
    moved(url, command.upgrade, BEFORE)
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(MADE)
    before = rows(url)
    assert len(before) == 20
    version = rows(url, "SELECT lakana.public_version()")
    moved(url, command.upgrade, MADE_BY)
    assert rows(url, "SELECT lakana.public_version()") == version
    owner.upgrade(url)
    owner.check(url)
    assert rows(url) == before
    moved(url, command.downgrade, BEFORE)
    assert rows(url) == before
    with owner.owner_transaction(url) as connection:  # the triggers of before are back
        connection.exec_driver_sql("DELETE FROM lakana.service WHERE category = 'OTHER'")
        connection.exec_driver_sql("UPDATE lakana.demand_point SET under_18 = 1")
    assert {row[0] for row in rows(url)} == {"MEDICAL"}
    assert {row[4] for row in rows(url)} == {1}
    owner.upgrade(url)
    assert {row[4] for row in rows(url)} == {1}
