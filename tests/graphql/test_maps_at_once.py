"""An office opens one map at once: it is drawn once, and who is refused is not charged for a map."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from api.app import create_app
from api.graphql.compile.tariff import POINT_MS
from api.identity import budget
from api.identity.budget import COST_PER_MINUTE, MAP_COST, REQUEST_COST
from api.identity.concurrency import WAITING
from api.maps import kinds, routes
from api.pages.drawn_maps import KEPT_BYTES, KEPT_S, DrawnMap, DrawnMaps
from api.settings import Settings
from geo.audience import ANYBODY, Audience
from geo.database.owner import owner_transaction
from geo.database.read_pool import ReadPool
from geo.errors import Unavailable
from geo.service import Resources
from maps.kinds import MapKind

pytestmark = pytest.mark.database

OVERVIEW, COVERAGE = "/maps/overview.html", "/maps/coverage.html"
QUOTA = COST_PER_MINUTE[Audience.PUBLIC]


@pytest.fixture
def app(seeded_url) -> Iterator[Starlette]:
    app = create_app(Settings(), seeded_url)
    yield app
    app.state.resources.close()


def opened(app: Starlette, *paths: str) -> list[httpx.Response]:
    """Return the answers to requests of one address, all made at once."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test", timeout=60) as client:
            return await asyncio.gather(*(client.get(path) for path in paths))

    return asyncio.run(ask())


def told_spent(answers: list[httpx.Response]) -> int:
    return QUOTA - min(int(each.headers["ratelimit"].split("r=")[1].partition(";")[0]) for each in answers)


def spent(app: Starlette) -> int:
    """Return what the address has spent; a map does not say so itself, for a cache may show it to others."""
    return told_spent(opened(app, "/nothing")) - REQUEST_COST


def test_an_office_has_its_map_drawn_once(app):
    """Of 20 people behind one address 3 got it, 6 got 503 and 11 got 429."""
    answers = opened(app, *[OVERVIEW] * 20, *[f"{COVERAGE}?lang=en"] * 10)
    assert [each.status_code for each in answers] == [200] * 30
    assert len({each.text for each in answers}) == 2
    assert len({each.headers["content-security-policy"] for each in answers}) == 2
    assert 2 * MAP_COST < spent(app) < 3 * MAP_COST


def test_ten_maps_in_a_row_are_never_refused_however_busy_the_machine_is(app, monkeypatch):
    """What they took was charged by the clock: on a busy machine the third map was refused."""
    monkeypatch.setattr(budget, "POINT_MS", POINT_MS / 1_000)
    paths = [f"{COVERAGE}?metres={kilometres}000" for kilometres in range(1, 11)]
    assert [opened(app, path)[0].status_code for path in paths] == [200] * 10
    assert [opened(app, path)[0].status_code for path in paths] == [200] * 10, "they are kept, and cost their bytes"
    eleventh = opened(app, f"{COVERAGE}?metres=11000")[0]
    assert eleventh.status_code == 429


def test_another_question_is_another_map(app):
    paths = (OVERVIEW, f"{OVERVIEW}?lang=en", COVERAGE, f"{COVERAGE}?metres=2000", f"{COVERAGE}?lang=en")
    answers = [opened(app, path)[0] for path in paths]
    assert len({each.text for each in answers}) == len(paths)


def test_who_gets_no_turn_is_not_charged_for_a_map(app, seeded_url, monkeypatch):
    """The six whom the queue refused had paid 2,000 each, and the others had nothing left."""
    monkeypatch.setattr(routes, "PATIENCE_S", 0.0)
    busy = create_app(Settings(), seeded_url)

    async def never(*_: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setitem(kinds.MAKING, MapKind.OVERVIEW, replace(kinds.MAKING[MapKind.OVERVIEW], ask=never))

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=busy)
        async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test") as client:
            first = asyncio.create_task(client.get(OVERVIEW))
            await asyncio.sleep(0.5)
            others = await asyncio.gather(*(client.get(f"{COVERAGE}?metres={n}000") for n in range(1, 6)))
            first.cancel()
            return others

    answers = asyncio.run(ask())
    busy.state.resources.close()
    assert {each.status_code for each in answers} == {503}
    assert told_spent(answers) == MAP_COST + 6 * REQUEST_COST


def test_a_bad_choice_costs_no_map(app):
    answers = opened(app, f"{OVERVIEW}?lang=de", f"{COVERAGE}?category=MAGIC")
    assert [each.status_code for each in answers] == [400, 400]
    assert told_spent(answers) == 2 * REQUEST_COST


def test_what_is_written_is_on_the_next_map(copy_seeded):
    """A shelter that has become confidential is on no map that is drawn before and given after."""
    url = copy_seeded()
    resources = Resources(url, 2)

    async def state_after(statement: str) -> str:
        with owner_transaction(url) as connection:
            connection.exec_driver_sql(statement)
        return await resources.public_state.read()

    hidden = "SELECT pg_current_xact_id()"  # as every write does
    public = "UPDATE lakana.admin_area SET name_fr = name_fr || 'x' WHERE level = 0"
    try:
        found = [asyncio.run(state_after(each)) for each in (hidden, hidden, public, hidden, public)]
    finally:
        resources.close()
    assert found[0] == found[1] != found[2] == found[3] != found[4] != found[0]


def test_kept_maps_are_bounded_by_a_minute_and_by_bytes():
    clock = SimpleNamespace(now=0.0)
    maps = DrawnMaps(lambda: clock.now)
    maps.keep("a", DrawnMap(b"a" * (KEPT_BYTES // 2), "", at_s=0.0))
    assert maps.kept("a")
    clock.now = KEPT_S + 1
    assert maps.kept("a") is None
    maps.keep("b", DrawnMap(b"b" * (KEPT_BYTES // 2 + 1), "", at_s=clock.now))
    assert "a" not in maps._kept
    maps.keep("c", DrawnMap(b"c" * (KEPT_BYTES + 1), "", at_s=clock.now))
    assert maps.kept("c") is None
    assert maps.kept("b")


def test_a_holder_waits_behind_no_other_s_line():
    """Who waits for a turn to draw a map may have many before it; others take turns of their own."""

    async def come() -> None:
        maps = DrawnMaps()
        left: list[str] = []
        with maps.drawing("map", "a"):
            assert await maps.find("map", "b", lambda: left.append("b")) is None
            waiting = asyncio.create_task(maps.find("map", "a", lambda: left.append("a")))
            await asyncio.sleep(0)
            assert left == ["a"]  # the door
            assert not waiting.done()
            with maps.drawing("map"):
                other = asyncio.create_task(maps.find("map", "b", lambda: None))
                await asyncio.sleep(0)
                drawn = maps.keep("map", DrawnMap(b"", ""))
            assert await other is drawn
        assert await waiting is drawn
        assert (maps._drawing, maps._waiting) == ({}, {})

    asyncio.run(come())


def test_so_many_wait_for_a_map():
    async def come() -> None:
        maps = DrawnMaps()
        with maps.drawing("map"):
            waiting = [asyncio.create_task(maps.find("map", "a", lambda: None)) for _ in range(WAITING)]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable):
                await maps.find("map", "a", lambda: None)
            other = asyncio.create_task(maps.find("map", "b", lambda: None))
            await asyncio.sleep(0)
            assert not other.done()
        assert await asyncio.gather(*waiting, other) == [None] * (WAITING + 1)

    asyncio.run(come())


def test_each_who_opens_a_map_asks_in_their_own_turn(app, monkeypatch):
    """All maps asked as one holder, so that whoever kept its line at the database full kept everybody from maps."""
    pool, turns = app.state.resources.of(Audience.PUBLIC), set()
    run = ReadPool.run

    async def noted(asked: ReadPool, jobs: Any, turn: str, *more: Any) -> Any:
        if asked is pool:
            turns.add(turn)
        return await run(asked, jobs, turn, *more)

    monkeypatch.setattr(ReadPool, "run", noted)

    async def ask() -> list[int]:
        clients = [httpx.ASGITransport(app=app, client=(f"192.0.2.{each}", 1)) for each in (1, 2)]
        answers = []
        for each, transport in enumerate(clients):
            async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test", timeout=60) as client:
                answers.append((await client.get(f"{COVERAGE}?metres={each + 3}000")).status_code)
        return answers

    assert asyncio.run(ask()) == [200, 200]
    assert {"192.0.2.1", "192.0.2.2"} <= turns
    assert ANYBODY.turn not in turns
