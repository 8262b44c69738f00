"""Writers at once: none is lost, none waits for ever, and the log stays one chain."""

from __future__ import annotations

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text

from geo import audit
from geo.arguments import Period, RowId
from geo.audience import Audience, Caller
from geo.coordinates import LonLat
from geo.database.owner import owner_transaction
from geo.database.writer import PATIENCE_S, Writer
from geo.errors import BadInput, Conflict, Unavailable
from geo.writes.actors import ACTOR
from geo.writes.organizations import ORGANIZATION
from geo.writes.records import Create, Retire, Update
from geo.writes.reporters import SetExpectedReporters
from geo.writes.services import SERVICE, VerifyService
from geo.writes.shelters import UpdateShelterOccupancy
from geo.writes.write import once
from tests.database.land import Land
from tests.database.oracle import check_access
from tests.writes.conftest import SECOND, STEWARD
from tests.writes.hiding import GATE, shelter

pytestmark = pytest.mark.database

WRITERS, WRITES = 4, 20
CATEGORIES = ("LEGAL_AID", "DISABILITY", "MEDICAL")


def place(chance):
    return LonLat(lon=round(chance.uniform(-7, -6), 6), lat=round(chance.uniform(12, 13), 6))


def test_writers_of_many_records_end_like_brute_force(desk, tmp_path):
    from geo.database.owner import owner_engine  # noqa: PLC0415

    writer = Writer(desk.url)

    def do(asked, caller=STEWARD):
        return writer._transact(caller, lambda connection: once(asked, str(uuid.uuid4()), connection, caller))

    actor = do(Create(record=ACTOR, values={"name": "Bureau", "kind": "DONOR", "point": LonLat(lon=-6, lat=12)})).id

    def write(number):
        chance = random.Random(number)
        own: dict[str, Any] = {}
        for _ in range(WRITES):
            if own and chance.random() < 0.6:
                row = chance.choice(list(own))
                if chance.random() < 0.3:
                    do(Retire(record=SERVICE, id=RowId(row), expected_version=own.pop(row)))
                else:
                    values = {"point": place(chance), "category": chance.choice(CATEGORIES)}
                    own[row] = do(
                        Update(record=SERVICE, id=RowId(row), expected_version=own[row], values=values), SECOND
                    ).version
            else:
                values = {"actor_id": actor, "name": "S", "category": chance.choice(CATEGORIES), "point": place(chance)}
                saved = do(Create(record=SERVICE, values=values))
                own[saved.id] = saved.version
        return own

    before = audit.verify(desk.url, tmp_path)[0]
    with ThreadPoolExecutor(WRITERS) as threads:
        left = [row for own in threads.map(write, range(WRITERS)) for row in own]
    writer.close()
    assert desk.one("SELECT count(*) FROM lakana.service WHERE id::text = ANY (%s)", left) == len(left)
    many, wrong = audit.verify(desk.url, tmp_path)
    assert (many - before, wrong) == (WRITERS * WRITES, [])
    # A deadlock is retried, but none should occur: each would cost a second.
    assert desk.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    with owner_engine(desk.url).connect() as connection:
        assert check_access(Land(connection))


def test_of_two_who_saw_the_same_one_is_told(desk):
    writer = Writer(desk.url)
    values = {"name": "Partagé", "kind": "NGO", "point": LonLat(lon=-6, lat=12)}
    made = writer._transact(
        STEWARD, lambda connection: once(Create(record=ACTOR, values=values), "p", connection, STEWARD)
    )

    def change(number):
        asked = Update(record=ACTOR, id=RowId(made.id), expected_version=1, values={"name": f"Nom {number}"})
        try:
            return writer._transact(STEWARD, lambda connection: once(asked, f"q{number}", connection, STEWARD)).version
        except Conflict as conflict:
            return -conflict.version

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(change, range(4))) == [-2, -2, -2, 2]
    writer.close()


def test_of_two_who_enter_one_name_one_is_told(desk):
    writer = Writer(desk.url)
    asked = Create(record=ORGANIZATION, values={"name": "ONG Double", "kind": "NGO"})

    def enter(number):
        try:
            return writer._transact(STEWARD, lambda connection: once(asked, f"d{number}", connection, STEWARD)).version
        except BadInput as told:
            return told.field

    with ThreadPoolExecutor(2) as threads:
        assert sorted(map(str, threads.map(enter, range(8)))) == ["1", *["name"] * 7]
    writer.close()


def test_of_two_who_enter_one_record_one_is_told(desk):
    """Each looked for a twin before the other's could be seen: both were entered."""
    writer = Writer(desk.url)
    values = {"name": "La même", "kind": "POLICE_BRIGADE", "point": LonLat(lon=-6.5, lat=12.5)}
    looked = threading.Barrier(2, timeout=1)

    def enter(number):
        def work(connection):
            made = once(Create(record=ACTOR, values=values), f"t{number}", connection, STEWARD)
            with suppress(threading.BrokenBarrierError):
                looked.wait()  # neither is committed before both have looked, or one waits for the other
            return made.version

        try:
            return writer._transact(STEWARD, work)
        except BadInput as told:
            return told.field

    with ThreadPoolExecutor(2) as threads:
        assert sorted(map(str, threads.map(enter, range(2)))) == ["1", "name"]
    writer.close()


def test_two_who_set_the_expected_reporters_are_both_served(desk):
    """Each ended what the other had just begun: 59 of 83 writes were INTERNAL."""
    writer = Writer(desk.url)
    towns = tuple(RowId(row[0]) for row in desk.rows("SELECT id::text FROM lakana.locality ORDER BY id LIMIT 40"))

    def set_all(number):
        chance, done = random.Random(number), 0
        for turn in range(12):
            since = f"{chance.randrange(2020, 2040)}-Q{chance.randrange(1, 5)}"
            asked = SetExpectedReporters(locality_ids=towns, from_period=Period(since), expected=chance.random() < 0.7)
            key = f"e{number} {turn}"
            done += writer._transact(STEWARD, lambda to: once(asked, key, to, STEWARD)).rows  # noqa: B023
        return done

    with ThreadPoolExecutor(2) as threads:
        assert [*threads.map(set_all, range(2))] == [480, 480]
    writer.close()
    overlaps = """SELECT count(*) FROM lakana.expected_reporter a JOIN lakana.expected_reporter b USING (locality_id)
    WHERE a.from_quarter < b.from_quarter AND coalesce(a.to_quarter, '9999') >= b.from_quarter"""
    assert desk.one(overlaps) == 0


ROWS = """SELECT FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id
WHERE h.id = %(shelter)s FOR UPDATE {nowait}"""


@pytest.fixture
def hidden(desk, office):
    """The ids of a confidential shelter and of its service."""
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))["id"]
    return made, desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made)


def test_who_is_refused_waits_for_nobody(desk, hidden):
    """How long a refusal took said who was writing: of hidden shelters polled so, 7 of 7 runners were named."""
    one, service = hidden
    other = Caller(Audience.PARTNER, "another", organization_id=str(uuid.uuid4()))
    with owner_transaction(desk.url) as connection:
        connection.exec_driver_sql(ROWS.format(nowait=""), {"shelter": one})
        for caller, version, refusal in ((other, 1, "Forbidden"), (STEWARD, 9, "Conflict")):
            of = {"expectedVersion": version}
            asked = (
                ("updateShelterOccupancy", {"id": one, "occupancy": 1, "capacity": 9}),
                ("verifyService", {"id": service}),
                *([("updateShelter", {"id": one, "changes": {"girls": True}})] if caller is STEWARD else []),
            )
            for mutation, given in asked:
                assert desk.write(caller, mutation, **of, **given)["__typename"] == refusal, mutation


def test_a_confidential_shelter_is_not_held_while_others_write_the_log(desk, hidden, partner):
    """A steward who wrote long entries made the rows of partners be held for 0.4 s, for all to feel."""
    one, service = hidden
    writer = Writer(desk.url)
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(1) as thread:
        for asked in (
            UpdateShelterOccupancy(id=RowId(one), expected_version=1, occupancy=3),
            VerifyService(id=RowId(service), expected_version=1),
        ):
            with owner_transaction(desk.url) as connection:
                connection.exec_driver_sql("SELECT audit.lock()")
                key = str(uuid.uuid4())
                done = thread.submit(writer._transact, partner, lambda to: once(asked, key, to, partner))  # noqa: B023
                while not connection.exec_driver_sql(waits).scalar():
                    assert not done.done()
                connection.exec_driver_sql(ROWS.format(nowait="NOWAIT"), {"shelter": one})
            assert done.result(timeout=10).id
    writer.close()


def test_whoever_waits_for_words_gives_the_turn_back_before_others_lose_patience(desk):
    writer = Writer(desk.url)
    asked = Create(record=ACTOR, values={"name": "Cabinet Essai", "kind": "NGO", "point": LonLat(lon=-8, lat=12.65)})

    def do():
        return writer._transact(STEWARD, lambda connection: once(asked, str(uuid.uuid4()), connection, STEWARD))

    with owner_transaction(desk.url) as connection:
        connection.execute(text("SELECT lakana.hold_words(true)"))
        began = time.monotonic()
        with pytest.raises(Unavailable, match="Too many writes wait"):
            do()
        assert time.monotonic() - began < PATIENCE_S
        assert connection.scalar(text("SHOW lock_timeout")) == "0"
    assert do().id
    writer.close()
