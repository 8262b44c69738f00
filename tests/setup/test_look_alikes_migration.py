"""A database of before: a hidden name that tells by letters of other scripts gives way."""

from __future__ import annotations

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

SAID = "UPDATE lakana.actor SET name = %s WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1)"
HIDDEN = "SELECT id::text FROM lakana.service WHERE confidential ORDER BY id LIMIT 2"
KEPT = "Maison Paisible"


@pytest.mark.parametrize(
    ("before", "revision", "word", "name"),
    [
        ("0038", "0043", "Zkalolw", "Foyer Z\ua4d7alolw"),
        ("0047", "0048", "Zkal", "Foyer Zk\u0430l"),
        ("0047", "0048", "Zkumolw", "Foyer ZKU\u039cOLW"),
    ],
)
def test_a_name_in_look_alike_letters_is_mended(copy_seeded, before, revision, word, name):
    names = {name: False, KEPT: True}
    url = copy_seeded()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, before)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        ids = ask(HIDDEN).scalars().all()
        for one, given in zip(ids, names, strict=True):
            ask("UPDATE lakana.service SET name = %s WHERE id = %s", (given, one))
        ask(SAID, (f"Association {word}",))
        assert {*ask("SELECT name FROM lakana.service WHERE id = ANY (%s::uuid[])", (ids,)).scalars()} == {*names}
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        now = dict(tuple(row) for row in ask("SELECT id::text, name FROM lakana.service WHERE confidential"))
        for one, (given, stays) in zip(ids, names.items(), strict=True):
            assert (now[one] == given) is stays, given
            assert stays or now[one].startswith("Abri ")
        told = ask("SELECT after FROM audit.entry WHERE action = 'RENAME' AND after->>'revision' = %s", (revision,))
        assert list(told.scalars()) == [
            {"revision": revision, "services": 1, "frontGatesMended": 0, "frontGatesRemoved": 0}
        ]
    owner.check(url)
