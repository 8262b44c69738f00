"""Floods of what pages, maps and programs ask for: nothing is dearer than ten times its price, or holds the loop long."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from api.app import create_app
from api.graphql.compile.tariff import POINT_MS
from api.identity.budget import Account
from api.settings import Settings
from geo.queries.tiles.tile import LAYERS
from tests.attacks.client import Request
from tests.attacks.routes import FORMS, paths
from tests.attacks.size import SIZE

pytestmark = pytest.mark.database

TIMES = 10
"""What a request may take of a processor or the database beside its price."""
ANY_MS = 6.0
"""What an answer takes that holds nothing, with the client that asks for it in the same thread."""
HELD_MS = 40.0
"""How long a piece of work may hold the event loop of others. A page of 700 rows for people held it for 70."""
CHANCE = random.Random(8)
ALL = ",".join(LAYERS)
ORDERS = list(itertools.islice(itertools.permutations(list(LAYERS)[:6]), 1_000))
FORMED = {"content-type": "application/x-www-form-urlencoded"}
FORM = {"lat": "12.6", "incident": "TRAFFICKING", "age": "9"}


def tile(zoom, layers=ALL):
    """The path of a tile of the country, by chance."""
    side = 1 << zoom
    column, row = (int(CHANCE.uniform(*each) * side) for each in ((0.465, 0.512), (0.43, 0.47)))
    return f"/tiles/{layers}/{zoom}/{column}/{row}.mvt"


def posted(path, form):
    """A form that is sent to a page."""
    return Request("POST", path, FORMED, form.encode())


def features(name, form, edge):
    """The path of all features of a collection in a box that is another one each time."""
    return f"/ogc/collections/{name}/items?limit=1000&f={form}&bbox=-13,9,{5 + edge / 100},26"


FLOODS: dict[str, Any] = {
    **{f"tiles of zoom {zoom}": partial(lambda zoom, _: tile(zoom), zoom) for zoom in (0, 3, 5, 8, 11, 14)},
    "tiles of the whole earth": lambda _: (
        f"/tiles/{ALL}/14/{CHANCE.randrange(1 << 14)}/{CHANCE.randrange(1 << 14)}.mvt"
    ),
    "one tile in other orders": lambda each: f"/tiles/{','.join(ORDERS[each])}/5/15/14.mvt",
    "contents of tiles": lambda each: f"/tiles/{','.join(ORDERS[each])}.json",
    "style": lambda each: f"/tiles/style.json?lang={('fr', 'en', 'bm')[each % 3]}",
    **{
        f"{name} of OGC as {form}": partial(features, name, form)
        for name in ("services", "actors", "localities", "areas")
        for form in ("json", "html")
    },
    "pages of one feature": lambda each: f"/ogc/collections/areas/items?limit=1&cursor={each}",
    "features that are not there": lambda each: f"/ogc/collections/areas/items/{each}",
    "the form": lambda _: "/nearest",
    "the answer of the form": lambda each: posted("/nearest", urlencode({**FORM, "lon": -7.9 + each / 10})),
    "an export as CSV": lambda each: f"/exports/services.csv?{urlencode({'first': 90 + each})}",
    "an export as XLSX": lambda _: "/exports/localities.xlsx",
}


ROUNDS = 4 if SIZE.step > 1 else 31
OF_ROUTES = 3 if SIZE.step > 1 else 7


@pytest.fixture(scope="module")
def app(seeded_url):
    app = create_app(Settings(cost_per_minute={"public": 10**9}), seeded_url)
    yield app
    app.state.resources.close()


async def longest_hold(over):
    """Return the most seconds of a processor that this thread takes between two turns of its loop."""
    most, before = 0.0, time.thread_time()
    while not over.is_set():
        await asyncio.sleep(0)
        now = time.thread_time()
        most, before = max(most, now - before), now
    return most


async def sent(client, asked):
    """Send a request, or get a path."""
    if isinstance(asked, str):
        return await client.get(asked)
    return await client.request(asked.method, asked.path, headers=asked.headers, content=asked.content)


async def flooded(app, asked, rounds):
    """Return of each request its status, and the seconds of the loop that it took and held."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test", timeout=60) as client:
        for number in range(rounds):
            over = asyncio.Event()
            took = time.thread_time()
            answer = await sent(client, asked(number))
            took = time.thread_time() - took
            holding = asyncio.create_task(longest_hold(over))
            await sent(client, asked(number + rounds))
            over.set()
            yield answer.status_code, took * 1_000, await holding * 1_000


@pytest.fixture
def points(monkeypatch):
    """What is charged or owed, as it is."""
    points = []
    charge, owe = Account.charge, Account.owe

    def charged(self, cost, later=0):
        charge(self, cost, later)
        points.append(cost)

    def owed(self, *given, **more):
        added = owe(self, *given, **more)
        points.append(added)
        return added

    monkeypatch.setattr(Account, "charge", charged)
    monkeypatch.setattr(Account, "owe", owed)
    return points


def measured(run, app, asked, points, rounds=ROUNDS):
    """Return the statuses of a flood, its price and what it took of the loop and held it, in ms."""

    async def ask():
        return [each async for each in flooded(app, asked, rounds)]

    points.clear()
    seen = run(ask())[1:]  # the first reads documents and prepares statements
    price_ms = sum(points) / (2 * rounds) * POINT_MS
    took_ms, held_ms = (statistics.median(each[place] for each in seen) for place in (1, 2))
    return {status for status, _, _ in seen}, price_ms, took_ms, held_ms


@pytest.mark.parametrize("name", FLOODS)
def test_no_flood_is_dearer_than_its_price_or_holds_others(run, app, points, figure, name):
    statuses, price_ms, took_ms, held_ms = measured(run, app, FLOODS[name], points)
    assert statuses <= {200, 204, 404}
    figure(f"{name}: the loop, for a price of {price_ms:.1f} ms", f"{took_ms:.1f} ms, held for {held_ms:.1f}")
    assert took_ms <= max(ANY_MS, TIMES * price_ms)
    assert held_ms <= HELD_MS


def discovered(app):
    """Yield a flood of every request that a route takes, with what it is called; a new route is among them.

    Each asks in the languages by turns, so that nothing that is kept for all answers alone.
    """
    for method, path in paths(app):
        if method in {"GET", "DELETE"}:
            yield f"{method} {path}", partial(lambda method, path, each: in_turn(method, path, b"", each), method, path)
        for form in FORMS.get(path, ("",)) if method == "POST" else ():
            one = partial(lambda path, form, each: in_turn("POST", path, form.encode(), each), path, form)
            yield f"POST {path} {form[:40]}", one


def in_turn(method, path, content, each):
    """A request in one of the languages."""
    return Request(method, f"{path}?lang={('fr', 'en', 'bm')[each % 3]}", FORMED if content else {}, content)


def test_no_route_is_dearer_than_its_price_or_holds_others(run, app, points, figure):
    """Every route, found from the application: the desk, the packs and the small messages were in no flood."""
    wrong, dearest, routes = [], 0.0, 0
    for name, asked in discovered(app):
        for rounds in (OF_ROUTES, 3 * OF_ROUTES):  # once more where it seems so: others work on this machine
            statuses, price_ms, took_ms, held_ms = measured(run, app, asked, points, rounds)
            broken = statuses - {503} == set() or statuses & {500}  # a map may be too much for a busy machine
            is_wrong = broken or took_ms > max(ANY_MS, TIMES * price_ms) or held_ms > HELD_MS
            if not is_wrong:
                break
        routes += 1
        dearest = max(dearest, took_ms / max(price_ms, ANY_MS / TIMES))
        if is_wrong:
            wrong.append((name, statuses, round(price_ms, 1), round(took_ms, 1), round(held_ms, 1)))
    figure(f"{routes} floods of every route: the dearest beside its price", f"{dearest:.1f} times", f"{TIMES}")
    assert routes > len(app.routes) / 2
    assert wrong == []
