"""A database of before: lists that were called by source, licence and day are called by their source alone."""

from __future__ import annotations

import hashlib

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = """
INSERT INTO lakana.source (key, name, illustrative)
VALUES ('DNS · 2025-01-01', 'DNS', false), ('DNS · 2026-01-01', 'DNS', false), ('list.csv', 'list.csv', false);
INSERT INTO audit.import (id, kind, source_id, holder, rows_read, rows_new, rows_changed, rows_unchanged, rows_refused, report)
SELECT gen_random_uuid(), 'services', id, 'owner', 0, 0, 0, 0, 0, '{}' FROM lakana.source WHERE key = 'list.csv';
INSERT INTO audit.import_file (import_id, number, name, sha256) SELECT id, 0, 'list.csv', repeat('0', 64) FROM audit.import WHERE kind = 'services';
INSERT INTO audit.foreign_id (subject, scheme, code, row_id, version)
VALUES ('service', 'DNS · 2025-01-01', 'F1', '00000000-0000-4000-8000-000000000001', 3),
       ('service', 'DNS · 2026-01-01', 'F1', (SELECT min(id::text)::uuid FROM lakana.service), 1),
       ('service', 'DNS · 2025-01-01', 'F2', '00000000-0000-4000-8000-000000000002', 1),
       ('service', 'list.csv', 'kita@10.5100,-0.5200MEDICAL', '00000000-0000-4000-8000-000000000003', 1),
       ('service', 'list.csv', '7', '00000000-0000-4000-8000-000000000004', 1),
       ('service', 'A', 'koro@10.5100,0.5200OTHER', '00000000-0000-4000-8000-000000000005', 1),
       ('actor', 'A', 'ong@10.5100,0.5200', '00000000-0000-4000-8000-000000000006', 1);
"""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_lists_are_called_by_their_sources(copy_seeded):
    url = copy_seeded()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0052")
    with owner.owner_transaction(url) as connection:
        connection.exec_driver_sql(BEFORE)
        live: str = connection.exec_driver_sql("SELECT min(id::text) FROM lakana.service").scalar_one()
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        rows = connection.exec_driver_sql(
            "SELECT subject, scheme, code, right(row_id::text, 1), row_id::text FROM audit.foreign_id ORDER BY 1, 2, 3"
        ).all()
    assert {tuple(row[:4]) for row in rows} == {
        ("actor", "A", digest("ong@10.5100,0.5200"), "6"),
        ("service", "", digest("kita@10.5100,-0.5200MEDICAL"), "3"),
        ("service", "", digest("koro@10.5100,0.5200OTHER"), "5"),
        ("service", "A", digest("koro@10.5100,0.5200OTHER"), "5"),
        ("service", "DNS", "F1", live[-1]),
        ("service", "DNS", "F2", "2"),
        ("service", "list.csv", "7", "4"),
    }
    assert live in {row[4] for row in rows}
    owner.check(url)
