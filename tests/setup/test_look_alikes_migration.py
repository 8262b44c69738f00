"""A database of before: a hidden name that tells by letters of other scripts gives way."""

from __future__ import annotations

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0038"
SAID = (
    "UPDATE lakana.actor SET name = 'Association Zkalolw' WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1)"
)
HIDDEN = "SELECT id::text FROM lakana.service WHERE confidential ORDER BY id LIMIT 2"
NAMES = {"Foyer Z\ua4d7alolw": False, "Maison Paisible": True}


def test_a_name_in_look_alike_letters_is_mended(copy_seeded):
    url = copy_seeded()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        ids = ask(HIDDEN).scalars().all()
        for one, name in zip(ids, NAMES, strict=True):
            ask("UPDATE lakana.service SET name = %s WHERE id = %s", (name, one))
        ask(SAID)
        assert {*ask("SELECT name FROM lakana.service WHERE id = ANY (%s::uuid[])", (ids,)).scalars()} == {*NAMES}
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        names = dict(tuple(row) for row in ask("SELECT id::text, name FROM lakana.service WHERE confidential"))
        for one, (name, stays) in zip(ids, NAMES.items(), strict=True):
            assert (names[one] == name) is stays, name
            assert stays or names[one].startswith("Abri ")
        told = ask("SELECT after FROM audit.entry WHERE action = 'RENAME' AND after->>'revision' = '0043'").scalars()
        assert list(told) == [{"revision": "0043", "services": 1, "frontGatesMended": 0, "frontGatesRemoved": 0}]
    owner.check(url)
