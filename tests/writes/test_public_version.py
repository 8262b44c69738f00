"""The public's version becomes another with each write that changes what the public may read, and with no other; maps hang on it."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Iterator

import httpx
import psycopg2
import pytest
from starlette.applications import Starlette

from api.app import create_app
from api.identity.budget import MAP_COST
from api.settings import Settings
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.writes.midnight import tell_places
from tests.writes.conftest import CUSTODIAN, PLANNER, STEWARD, Desk
from tests.writes.hiding import GATE, PLACE, hide, shelter

pytestmark = pytest.mark.database

WATCHED = """
SELECT c.relname, count(*) AS triggers, bool_and(encode(t.tgargs, 'escape') LIKE shown.list || '%%') AS whole
FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname LIKE 'note_public_%%',
  LATERAL (SELECT string_agg(format('r.%%I', attname), ', ' ORDER BY attnum) AS list FROM pg_attribute
           WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
             AND has_column_privilege('lakana_public', attrelid, attnum, 'SELECT')) AS shown
WHERE c.relnamespace = 'lakana'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND shown.list IS NOT NULL GROUP BY c.relname
"""
# A view is watched by its tables, all of whose columns that it reads are public.
READ_BY_VIEWS = """
SELECT DISTINCT t.relname, has_column_privilege('lakana_public', t.oid, d.refobjsubid::smallint, 'SELECT')
FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid JOIN pg_depend d ON d.objid = r.oid AND d.refobjsubid > 0
JOIN pg_class t ON t.oid = d.refobjid AND t.oid <> v.oid
WHERE v.relnamespace = 'lakana'::regnamespace AND v.relkind = 'v' AND has_any_column_privilege('lakana_public', v.oid, 'SELECT')
"""


def version(desk: Desk) -> int:
    found: int = desk.one("SELECT lakana.public_version()")
    return found


@pytest.fixture
def rises(desk) -> Callable[[Callable[[], object]], bool]:
    def rises(write: Callable[[], object]) -> bool:
        before = version(desk)
        write()
        return version(desk) != before

    return rises


@pytest.fixture
def secret(desk, office) -> tuple[str, str]:
    """The ids of a confidential shelter and of its service; who runs it is in no directory."""
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, occupancy=3, **GATE))
    return made["id"], desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])


def of_shelter(desk, one):
    told = desk.ask(STEWARD, "query ($id: ID!) { node(id: $id) { ... on Shelter { version } } }", id=one)
    return told["version"]


def update(desk, one, **changes):
    desk.done(STEWARD, "updateShelter", id=one, expectedVersion=of_shelter(desk, one), changes=changes)


def test_whatever_the_public_reads_is_watched_in_each_column(desk):
    """A table or a column that a later migration grants to the public calls lakana.follow_public again."""
    found = {name: (triggers, whole) for name, triggers, whole in desk.rows(WATCHED)}
    assert len(found) > 30
    assert {name for name, told in found.items() if told != (4, True)} == set()
    read = desk.rows(READ_BY_VIEWS)
    assert {name for name, _ in read} <= set(found)
    assert all(public for _, public in read)


def test_a_hidden_write_leaves_it(desk, rises, office, secret, partner, ngo):
    shelter_id, service_id = secret
    own = Caller(Audience.PARTNER, "partner", organization_id=ngo)
    seconds = {"id": shelter_id, "expectedVersion": of_shelter(desk, shelter_id)}
    assert not rises(lambda: desk.done(own, "updateShelterOccupancy", **seconds, occupancy=9))
    assert not rises(lambda: desk.done(own, "updateShelterOccupancy", **seconds, occupancy=10))  # full
    today = dt.datetime.now(dt.UTC).date().isoformat()
    visited = {"id": service_id, "expectedVersion": 1, "verifiedOn": today}
    assert not rises(lambda: desk.done(own, "verifyService", **visited))
    assert not rises(lambda: update(desk, shelter_id, point={"lon": -5.72, "lat": 11.39}))
    assert not rises(lambda: update(desk, shelter_id, capacity=31, occupancy=4))
    assert not rises(lambda: update(desk, shelter_id, frontGate="Permanence, +223 76 00 11 33"))
    assert not rises(lambda: desk.ask(
        CUSTODIAN, 'query ($id: ID!) { exactLocation(shelterId: $id, purpose: "une mesure urgente") { __typename } }',
        id=shelter_id))  # fmt: skip


def test_a_write_that_names_an_actor_out_of_the_directory_leaves_it(desk, rises, office, secret, sikasso, ngo):
    """It comes into the table and goes again within the transaction."""
    assert desk.one("SELECT count(*) FROM lakana.actor WHERE id = %s", office) == 0
    given = {"name": "ONG Sabunyuma", "kind": "NGO", "point": sikasso, "organizationId": ngo}
    made: list[str] = []
    assert not rises(lambda: made.append(desk.done(STEWARD, "createActor", **given)["id"]))
    changed = {"id": made[0], "expectedVersion": 1, "changes": {"name": "ONG Sabunyuma Sikasso"}}
    assert not rises(lambda: desk.done(STEWARD, "updateActor", **changed))
    assert not rises(lambda: update(desk, secret[0], actorId=made[0]))
    assert not rises(lambda: desk.done(STEWARD, "retireActor", id=made[0], expectedVersion=2))


def test_so_does_an_organization_that_nobody_is_told_of(desk, rises):
    made: list[str] = []
    organization = {"name": "Association Nyeleni", "kind": "NGO"}
    assert not rises(lambda: made.append(desk.done(STEWARD, "createOrganization", **organization)["id"]))
    changes = {"name": "Association Nyeleni ni Kanu"}
    assert not rises(lambda: desk.done(STEWARD, "updateOrganization", id=made[0], expectedVersion=1, changes=changes))


def test_what_partners_and_planners_read_leaves_it(desk, rises, seen, partner):
    changes = [{"close": {"serviceId": seen[1]}}]
    given = {"name": "Essai", "category": "SAFE_SHELTER", "changes": changes}
    assert not rises(lambda: desk.done(PLANNER, "createScenario", **given))
    proposal = {"shelter": {"id": seen[0], "changes": {"girls": False}}}
    asked = {"proposal": proposal, "expectedVersion": 1, "reason": "Le foyer a changé"}
    assert not rises(lambda: desk.done(partner, "proposeChange", **asked))
    places = {"id": seen[0], "expectedVersion": of_shelter(desk, seen[0])}
    assert not rises(lambda: desk.done(partner, "updateShelterOccupancy", **places, occupancy=4))


def test_keys_raw_counts_and_the_log_leave_it(desk, rises):
    for statement in (
        "UPDATE raw.incident_count SET count = count + 1",
        "INSERT INTO identity.person (audience, name, issuer, subject) VALUES ('PLANNER', 'Awa', 'https://id.example', 'awa')",
        "UPDATE lakana.service SET capacity = 77 WHERE confidential",
        "UPDATE lakana.service SET name = name",
        "UPDATE lakana.locality SET population = population",
        "DELETE FROM lakana.actor WHERE false",
    ):
        assert not rises(lambda said=statement: desk.rows(f"{said}; SELECT 1")), statement


def test_each_public_write_raises_it(desk, rises, office, seen, partner, sikasso):
    shelter_id, _ = seen
    service = {"actorId": office, "name": "Écoute", "category": "CASE_MANAGEMENT", "point": sikasso}
    made: list[str] = []
    assert rises(lambda: made.append(desk.done(STEWARD, "createService", **service)["id"]))
    change = {"id": made[0], "expectedVersion": 1, "changes": {"phone": "+223 76 99 88 55"}}
    assert rises(lambda: desk.done(STEWARD, "updateService", **change))
    assert not rises(lambda: update(desk, shelter_id, capacity=12))
    yesterday = (dt.datetime.now(dt.UTC).date() - dt.timedelta(1)).isoformat()
    visited = {"id": made[0], "expectedVersion": 2, "verifiedOn": yesterday}
    assert rises(lambda: desk.done(partner, "verifyService", **visited))
    assert not rises(lambda: update(desk, shelter_id, occupancy=11))
    assert rises(lambda: update(desk, shelter_id, occupancy=12))  # it is full
    assert rises(lambda: update(desk, shelter_id, capacity=13))  # it is not
    changes = {"name": "ONG Zanbugu · Lafia kura"}
    assert rises(lambda: desk.done(STEWARD, "updateActor", id=office, expectedVersion=1, changes=changes))
    assert rises(lambda: desk.done(STEWARD, "retireService", id=made[0], expectedVersion=3))
    judge = {"name": "Juge Tintin", "kind": "JUVENILE_JUDGE", "point": sikasso}
    assert rises(lambda: made.append(desk.done(STEWARD, "createActor", **judge)["id"]))
    assert rises(
        lambda: desk.done(STEWARD, "updateActor", id=made[1], expectedVersion=1, changes={"kind": "NGO"})
    )  # it leaves the directory
    for statement in (
        "UPDATE lakana.admin_area SET name_fr = name_fr || ' ' WHERE level = 0",
        "DELETE FROM lakana.published_count WHERE ctid = (SELECT min(ctid) FROM lakana.published_count)",
        "TRUNCATE lakana.holiday",
    ):
        assert rises(lambda said=statement: desk.rows(f"{said}; SELECT 1")), statement


def test_hiding_and_what_is_told_at_midnight_raise_it(desk, rises, office, seen):
    assert rises(lambda: hide(desk, seen[0]))
    service = desk.one("SELECT id::text FROM lakana.service WHERE confidential ORDER BY id LIMIT 1")
    desk.rows(
        "INSERT INTO exact.places (service_id, verified_on, told_from) VALUES (%s, '2026-08-17', '2026-10-01')"
        " ON CONFLICT (service_id) DO UPDATE SET verified_on = excluded.verified_on, told_from = excluded.told_from"
        " RETURNING 1",
        service,
    )
    assert rises(lambda: tell_places(desk.url))
    assert not rises(lambda: tell_places(desk.url))


def test_nobody_waits_for_another_who_writes_and_none_is_lost(desk):
    """Of eight that are open at once each takes a row of its own; later ones use those again."""
    names = desk.rows("SELECT id::text FROM lakana.admin_area ORDER BY id LIMIT 8")
    states, rows = [version(desk)], []
    for _ in range(2):
        together = threading.Barrier(8, timeout=20)

        def write(one: str, together: threading.Barrier = together) -> None:
            with owner_transaction(desk.url) as connection:
                connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
                connection.exec_driver_sql(
                    "UPDATE lakana.admin_area SET name_fr = name_fr || 'x' WHERE id = %s", (one,)
                )
                together.wait()  # all hold theirs

        threads = [threading.Thread(target=write, args=(one,)) for (one,) in names]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        rows.append(desk.one("SELECT count(*) FROM lakana.public_version"))
        states.append(version(desk))
    assert len(states) == len(set(states)) == 3
    assert rows == [8, 8]


def test_what_is_undone_does_not_raise_it(desk):
    before = version(desk)
    with psycopg2.connect(desk.url) as connection, connection.cursor() as cursor:
        cursor.execute("SAVEPOINT a; UPDATE lakana.admin_area SET name_fr = name_fr || 'y'; ROLLBACK TO a")
        connection.commit()
        assert version(desk) == before
        cursor.execute("UPDATE lakana.admin_area SET name_fr = name_fr || 'y' WHERE level = 0")
        connection.commit()
    connection.close()
    assert version(desk) != before


@pytest.fixture
def app(desk) -> Iterator[Starlette]:
    app = create_app(Settings(), desk.url)
    yield app
    app.state.resources.close()


def test_a_hidden_write_leaves_a_kept_map_and_a_public_one_does_not(desk, app, office, secret, partner):
    """A map after any write cost 2,001 points, else 25: so each hidden write was told, and between whose it stood."""
    public = desk.done(STEWARD, "createShelter", **shelter(office, name="Foyer Kelenkelen"))
    spent, tags = [20_000], list[str]()

    def opened() -> tuple[int, bytes]:
        async def ask() -> tuple[httpx.Response, httpx.Response]:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://t", timeout=60) as c:
                page, other = await c.get("/maps/overview.html"), await c.get("/nothing")
                tags.append(page.headers["etag"])
                return page, other

        answer, told = asyncio.run(ask())
        assert answer.status_code == 200
        spent.append(int(told.headers["ratelimit"].split("r=")[1].partition(";")[0]))
        return spent[-2] - spent[-1], answer.content

    first, drawn = opened()
    kept, same = opened()
    assert (first > MAP_COST > 100 > kept, drawn) == (True, same)
    places = {"id": secret[0], "expectedVersion": of_shelter(desk, secret[0])}
    desk.done(partner, "updateShelterOccupancy", **places, occupancy=1)
    assert opened() == (kept, same)
    update(desk, secret[0], point=PLACE | {"lon": -5.73})
    assert opened() == (kept, same)
    hide(desk, public["id"])
    after, other = opened()
    assert after > MAP_COST
    assert (b"Foyer Kelenkelen" in same, b"Foyer Kelenkelen" in other) == (True, False)
    assert [each == tags[0] for each in tags] == [True] * 4 + [False]
