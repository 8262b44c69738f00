"""A database of before: hidden names that tell give way to neutral ones, front gates to their numbers, or they go."""

from __future__ import annotations

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0022"
NAMES = {
    "Maison 12.6389 -8.0029": False,
    "Maison X.K.V.": False,
    "Maison +223 76 28 10 10": False,
    "Maison derrière la mosquée": False,
    "Foyer BKO": False,
    "Maison Paisible": True,
}
GATES = {
    "Permanence, +223 64 00 00 01": "Permanence, +223 64 00 00 01",
    "Équipe XKV, 64 00 00 02": "Permanence, 64 00 00 02",
    "12.6389 8.0029": None,
    "Permanence, 11.42 N, 7.48 O, +223 64 00 00 03": "Permanence, +223 64 00 00 03",
    "Équipe xkv, wa.me/22364000004": None,
    "Permanence, 20 28 10 10": None,
    "Permanence, 20 28 10 11": None,
    "Permanence, 20 28 10 12": None,
    "Permanence, https://x.example/a": None,
    "Derrière la mosquée, +223 64 00 00 05": "Permanence, +223 64 00 00 05",
    "20 22 OO 11": None,
}
MADE = """
INSERT INTO lakana.organization (name, acronym, kind, source_id) SELECT 'Organisation', 'X.K.V.', 'NGO', id FROM lakana.source LIMIT 1;
UPDATE lakana.actor SET phone = '20 28 10 10 / 76 28 10 10' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1);
UPDATE lakana.actor SET phone = '20 28 10 11 / 76 28 10 11' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1);
UPDATE lakana.actor SET name = name || ' (20 28 10 12)' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1);
DELETE FROM exact.former_phone;
"""
HIDDEN = "SELECT id::text FROM lakana.service WHERE confidential ORDER BY id"


def test_what_tells_is_mended(copy_seeded):
    url = copy_seeded()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
        connection.exec_driver_sql(MADE)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        ask("SET LOCAL session_replication_role = replica")
        ask("DELETE FROM lakana.front_gate")
        ids = ask(HIDDEN).scalars().all()
        for number in range(len(GATES) - len(ids)):
            ask(
                "INSERT INTO lakana.service (name, category, confidential, zone_id, radius_m, source_id) "
                "SELECT 'Abri 90000' || %s, category, true, zone_id, 0, source_id FROM lakana.service WHERE confidential LIMIT 1",
                (number,),
            )
        ids = ask(HIDDEN).scalars().all()
        for one, name in zip(ids, NAMES, strict=False):
            ask("UPDATE lakana.service SET name = %s WHERE id = %s", (name, one))
        for one, gate in zip(ids, GATES, strict=False):
            ask("INSERT INTO lakana.front_gate VALUES (%s, %s)", (one, gate))
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        names = dict(tuple(row) for row in ask("SELECT id::text, name FROM lakana.service WHERE confidential"))
        for one, (name, stays) in zip(ids, NAMES.items(), strict=False):
            assert (names[one] == name) is stays, name
            assert stays or names[one].startswith("Abri ")
        gates = dict(tuple(row) for row in ask("SELECT service_id::text, contact FROM lakana.front_gate"))
        for one, (gate, kept) in zip(ids, GATES.items(), strict=False):
            assert gates.get(one) == kept, gate
        told = ask(
            "SELECT after FROM audit.entry WHERE action = 'RENAME' AND after ? 'frontGatesMended' ORDER BY number"
        )
        assert list(told.scalars()) == [
            {"revision": "0023", "services": 3, "frontGatesMended": 2, "frontGatesRemoved": 6},
            {"revision": "0026", "services": 2, "frontGatesMended": 1, "frontGatesRemoved": 1},
        ]
    owner.check(url)
