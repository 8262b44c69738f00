"""A database of before: its counts become returns, and what it published as zero for want of a report is told as silence."""

from __future__ import annotations

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0029"
COUNTED = """
INSERT INTO lakana.source (key, name, illustrative) VALUES ('s', 'S', false);
INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, valid_from, source_id)
SELECT 'T', '1', 'N', 0, 'N', '1960-01-01', id FROM lakana.source;
INSERT INTO lakana.locality (scheme, code, name_fr, area_id, point, source_id)
SELECT 'T', name, name, a.id, 'POINT(-8 12)', a.source_id FROM lakana.admin_area a, unnest(ARRAY['told', 'silent']) AS name;
INSERT INTO raw.incident_count (locality_id, quarter, incident_type, count, source_id)
SELECT id, quarter, 'TRAFFICKING', 7, source_id FROM lakana.locality, unnest(ARRAY['2024-Q1', '2024-Q2']) AS quarter
WHERE code = 'told' OR quarter = '2024-Q1';
INSERT INTO lakana.release (quarter, revision) VALUES ('2024-Q2', 0);
INSERT INTO raw.released_count SELECT 1, l.id, 'TRAFFICKING', CASE code WHEN 'told' THEN 7 ELSE 0 END FROM lakana.locality l;
INSERT INTO raw.released_area SELECT 1, l.id, l.area_id FROM lakana.locality l;
INSERT INTO lakana.published_count (release_number, current, level, locality_id, period, count, source_id)
SELECT 1, true, 'LOCALITY', id, '2024-Q2', CASE code WHEN 'told' THEN 5 ELSE 0 END, source_id FROM lakana.locality;
INSERT INTO lakana.published_count (release_number, current, level, area_id, period, count, source_id)
SELECT 1, true, 'ADM0', id, '2024-Q2', 5, source_id FROM lakana.admin_area;
"""
REPORTING = """
SELECT coalesce(a.code, l.code), localities_reporting, localities_expected FROM {0} r
LEFT JOIN lakana.admin_area a ON a.id = r.area_id LEFT JOIN lakana.locality l ON l.id = r.locality_id ORDER BY 1
"""


def test_counts_become_returns_and_silence_is_told(make_database):
    url = make_database()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        owner.require(connection)
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS lakana")
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(COUNTED)
    with owner.owner_transaction(url) as connection:
        log = connection.exec_driver_sql("SELECT count(*) FROM audit.entry").scalar_one()
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        returns = ask(
            "SELECT code, quarter FROM raw.incident_return JOIN lakana.locality l ON l.id = locality_id ORDER BY 2, 1"
        )
        assert [tuple(row) for row in returns] == [("silent", "2024-Q1"), ("told", "2024-Q1"), ("told", "2024-Q2")]
        # A type that was not counted is zero, and has its row; the counts are what they were.
        assert ask("SELECT count(*), sum(count) FROM raw.incident_count").one() == (30, 21)
        for table in ("lakana.reporting", "lakana.published_count"):
            rows = [tuple(row) for row in ask(REPORTING.format(table))]
            assert rows == [("N", 1, 2), ("silent", 0, 1), ("told", 1, 1)], table
        # What was published stays as it was, and nothing is logged as if somebody had entered it.
        assert ask("SELECT array_agg(count ORDER BY count) FROM lakana.published_count").scalar_one() == [0, 5, 5]
        assert ask("SELECT count(*) FROM audit.entry").scalar_one() == log
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        counted = connection.exec_driver_sql("SELECT count(*), sum(count), count(source_id) FROM raw.incident_count")
        assert counted.one() == (30, 21, 30)
