"""A change of many rows takes as long as its rows, whatever the session changed before."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.exc import DatabaseError

from geo.database import owner
from seeds import seeding
from seeds.illustration import country, scale
from seeds.packs import manifest, settings
from tests.writes.conftest import STEWARD
from tests.writes.hiding import GATE, shelter

pytestmark = pytest.mark.database

RENAME = "EXPLAIN (ANALYZE) UPDATE lakana.service SET name = name || ' bis' WHERE name SIMILAR TO "


def test_a_plan_for_one_row_is_not_kept_for_thousands(desk):
    """Each old row was compared with all new ones after a session's first change of one row: many rows took their square."""
    with owner.owner_transaction(desk.url) as connection:
        connection.exec_driver_sql("SET LOCAL lakana.bulk = 'on'")
        pack = manifest.read(seeding.USUAL)
        nation = settings.nation(connection, pack)
        assert nation is not None
        assert pack.illustration is not None
        mali = country.read(connection, nation, pack.illustration)
        illustrative = connection.exec_driver_sql(
            "SELECT id::text FROM lakana.source WHERE key = 'illustrative MLI seed 1'"
        ).scalar_one()
        scale.load(connection, mali, illustrative, 7, 4_000)

        def spent_ms(names):
            plan = "\n".join(line for (line,) in connection.exec_driver_sql(f"{RENAME}'{names}'"))
            return sum(
                float(ms) for ms in re.findall(r"^Trigger former_phones_update: time=([\d.]+)", plan, re.MULTILINE)
            )

        spent_ms("Service 1")
        few, many = spent_ms("Service 3[0-9]{2}"), spent_ms("Service [123][0-9]{3}")
        connection.rollback()
    assert many < 60 * few  # for 30 times as many rows


def test_a_write_without_a_new_word_asks_nothing_of_hidden_names(desk, office, sikasso):
    """Whether a hidden name tells something was asked of each of them, on every write."""
    desk.done(STEWARD, "createShelter", **shelter(office, name="Le Grand Repos", confidential=True, **GATE))
    service = {"actorId": office, "name": "Accueil", "category": "MEDICAL", "point": sikasso}
    made = desk.done(STEWARD, "createService", **service)["id"]
    with owner.owner_transaction(desk.url) as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION lakana.telling_words(given text, of_zone uuid, gate boolean) RETURNS text "
            "LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'asked'; END $$"
        )
        connection.exec_driver_sql("UPDATE lakana.service SET verified_on = '2026-01-02' WHERE id = %s", (made,))
        connection.exec_driver_sql("UPDATE lakana.service SET name = 'Zzyzx' WHERE id = %s", (made,))
        with pytest.raises(DatabaseError, match="asked"):
            connection.exec_driver_sql("UPDATE lakana.service SET name = 'Clinique du Repos' WHERE id = %s", (made,))
        connection.rollback()
