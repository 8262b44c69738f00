"""An import of places is undone beside writers: both wait in one order, so neither is ended as a deadlock."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.audience import Audience, Caller
from geo.coordinates import LonLat
from geo.database.owner import owner_transaction
from geo.database.writer import Writer
from geo.errors import BadInput
from geo.vocabulary import ServiceCategory
from geo.writes.actors import ACTOR
from geo.writes.imports import StandsFirm, UndoImport
from geo.writes.records import Create
from geo.writes.shelters import CreateShelter
from geo.writes.write import hold_category, once
from seeds.loading import importing, undoing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from tests.importing.country import cercles

pytestmark = pytest.mark.database

STEWARD = Caller(Audience.STEWARD, "steward")
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


ACTOR_OF = {"name": "ONG Kanuya", "kind": "DONOR", "point": LonLat(lon=0.5, lat=10.5)}


@pytest.fixture
def url(copy_migrated, write):
    """A country with villages and a shelter, without a confidential one: else no steward takes a place back."""
    url = copy_migrated()
    for kind, name, content, options in (
        ("areas", "cercles.geojson", cercles(), Options(scheme="COD-AB", edition="1")),
        ("localities", "villages.csv", VILLAGES.format("Bla", "San"), Options(scheme="L")),
    ):
        importing.run(url, LOADERS[kind], [write(content, name)], options)
    by_steward(url, shelter(url, by_steward(url, Create(record=ACTOR, values=ACTOR_OF)).id))
    return url


def asked(url, question, *values):
    with owner_transaction(url) as connection:
        return connection.exec_driver_sql(question, values).scalar()


def until_waiting(url, many):
    end = time.monotonic() + 30
    while asked(url, WAITING) < many and time.monotonic() < end:
        time.sleep(0.05)


VILLAGES = (
    "code,name,lat,lon,population,under_18,population_year\n1,{},10.51,0.52,900,400,2020\n2,{},11.5,1.54,90,40,2020\n"
)


def villages(url, write):
    """Load two villages more, and return the import with the id of one of them."""
    report = importing.run(url, LOADERS["localities"], [write(VILLAGES.format("Kita", "Koro"))], Options(scheme="M"))
    assert report.new == 2
    return report.import_id, asked(url, "SELECT id::text FROM lakana.locality WHERE (scheme, code) = ('M', '1')")


def shelter(url, actor=None, locality=None):
    """Return the write that enters a shelter, in a locality or in none."""
    values = {
        "actor_id": actor or asked(url, "SELECT id::text FROM lakana.actor LIMIT 1"),
        "name": "Foyer Un" if actor else "Foyer Deux",
        "point": LonLat(lon=1.54, lat=11.5) if actor else LonLat(lon=0.52, lat=10.51),
        "confidential": False,
        "capacity": 10,
        "girls": True,
        "boys": True,
    }
    return CreateShelter(values=values if locality is None else values | {"locality_id": locality})


def by_steward(url, write):
    writer = Writer(url)
    try:
        return writer._transact(STEWARD, lambda connection: once(write, str(uuid.uuid4()), connection, STEWARD))
    finally:
        writer.close()


@pytest.mark.parametrize("undo", [lambda url, its: by_steward(url, UndoImport(id=its)), undoing.run])
def test_who_refers_to_a_place_and_who_takes_it_back_wait_in_one_order(url, write, undo):
    """The shelter refers to the village and waits for its category; undoing wrote the distances and waited for the village."""
    its, locality = villages(url, write)
    before = asked(url, DEADLOCKS)
    with ThreadPoolExecutor(2) as threads:
        with owner_transaction(url) as first:
            hold_category(first, ServiceCategory.SAFE_SHELTER)
            entered = threads.submit(by_steward, url, shelter(url, locality=locality))
            until_waiting(url, 1)
            undone = threads.submit(undo, url, its)
            until_waiting(url, 2)
        assert entered.result().version == 1
        with pytest.raises(StandsFirm, match="1 of locality referred to by service"):
            undone.result()
    assert asked(url, DEADLOCKS) == before


def test_who_comes_second_refers_to_no_place_that_is_gone(url, write):
    its, locality = villages(url, write)
    before = asked(url, DEADLOCKS)
    with ThreadPoolExecutor(2) as threads:
        with owner_transaction(url) as first:
            hold_category(first, ServiceCategory.SAFE_SHELTER)
            undone = threads.submit(by_steward, url, UndoImport(id=its))
            until_waiting(url, 1)
            entered = threads.submit(by_steward, url, shelter(url, locality=locality))
            until_waiting(url, 2)
        assert undone.result().rows > 2
        with pytest.raises(BadInput, match="no locality of that id"):
            entered.result()
    assert asked(url, DEADLOCKS) == before
