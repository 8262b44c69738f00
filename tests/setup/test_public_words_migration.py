"""A database of before: hidden names and front gates that a label, a comment, an address or a water tells are mended."""

from __future__ import annotations

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0036"
HIDDEN = "SELECT id::text FROM lakana.service WHERE confidential ORDER BY id"
SAID = """
UPDATE lakana.actor SET phone = '+22320281010 (Mme Zkalolw)' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1);
UPDATE lakana.service SET opening_hours = 'Mo-Fr 08:00-16:00 "Zkamolw"'
WHERE id = (SELECT id FROM lakana.service WHERE NOT confidential ORDER BY id LIMIT 1);
UPDATE lakana.organization SET url = 'https://www.facebook.com/Zkanolw-1'
WHERE id = (SELECT id FROM lakana.organization ORDER BY id LIMIT 1);
UPDATE lakana.actor SET phone = '+22320281011 (Zkatolw)' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1 OFFSET 1);
UPDATE lakana.actor SET phone = '+22320281012' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1 OFFSET 1);
"""
WATER = """
INSERT INTO lakana.ground (kind, name_fr, rank, geom, source_id)
SELECT 'LAKE', 'lac de Zkapolw', 3, ST_Buffer(ST_PointOnSurface(z.geom), 0.01), z.source_id
FROM lakana.zone z JOIN lakana.service s ON s.zone_id = z.id WHERE s.id = %s
"""
NAMES = {
    "Foyer Zkalolw": False,
    "Foyer Zkamolw": False,
    "Foyer Zkanolw": False,
    "Foyer Zkapolw": False,
    "Maison Paisible": True,
}
GATES = {
    "Mme Zkalolw, +223 64 00 00 01": "Permanence, +223 64 00 00 01",
    "Équipe Zkanolw, 64 00 00 02": "Permanence, 64 00 00 02",
    "Équipe Zkatolw, 64 00 00 03": "Permanence, 64 00 00 03",  # as a phone that is gone said
    "Mme Zkamolw": None,
    "Madame Wolo, 64 00 00 04": "Madame Wolo, 64 00 00 04",
}


def test_what_is_told_beside_names_is_mended(copy_seeded):
    url = copy_seeded()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        ids = ask(HIDDEN).scalars().all()[: len(NAMES)]
        ask("DELETE FROM lakana.front_gate")
        for one, name, gate in zip(ids, NAMES, GATES, strict=True):
            ask("UPDATE lakana.service SET name = %s WHERE id = %s", (name, one))
            ask("INSERT INTO lakana.front_gate VALUES (%s, %s)", (one, gate))
        ask(SAID)
        ask(WATER, (ids[list(NAMES).index("Foyer Zkapolw")],))
        kept = ask("SELECT name FROM lakana.service WHERE id = ANY (%s::uuid[])", (ids,)).scalars().all()
        assert {*kept} == {*NAMES}, "as before, names alone are compared"
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        names = dict(tuple(row) for row in ask("SELECT id::text, name FROM lakana.service WHERE confidential"))
        for one, (name, stays) in zip(ids, NAMES.items(), strict=True):
            assert (names[one] == name) is stays, name
            assert stays or names[one].startswith("Abri ")
        gates = dict(tuple(row) for row in ask("SELECT service_id::text, contact FROM lakana.front_gate"))
        for one, (gate, left) in zip(ids, GATES.items(), strict=True):
            assert gates.get(one) == left, gate
        told = ask("SELECT after FROM audit.entry WHERE action = 'RENAME' AND after->>'revision' = '0037'").scalars()
        assert list(told) == [{"revision": "0037", "services": 4, "frontGatesMended": 3, "frontGatesRemoved": 1}]
    owner.check(url)
