"""No exception lives longer than its raise: one that is kept grows with each, and keeps what its frames hold alive."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil
import traceback
from collections.abc import Callable, Iterator
from types import ModuleType, TracebackType
from typing import Any

import httpx
import psycopg2
import pytest

import api
import geo
import maps
import seeds
from api.app import create_app
from geo.audience import Audience
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.statements import Job, Statement
from geo.errors import Timeout, Unavailable
from tests.identity.conftest import QUESTION, bearer
from tests.identity.issuer import AUDIENCE

ROUNDS = 10
SLOW = Job(Statement("SELECT 'slept' FROM pg_sleep(0.15)", (), {}), ())


def modules() -> Iterator[ModuleType]:
    for package in (api, geo, maps, seeds):
        yield package
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in each.name and not each.name.startswith("maps.screenshots"):
                yield importlib.import_module(each.name)


def kept(value: Any, depth: int = 3) -> bool:
    """Return whether a value is an exception or holds one."""
    if isinstance(value, BaseException):
        return True
    if depth and isinstance(value, dict):
        return any(kept(each, depth - 1) for each in value.values())
    if depth and isinstance(value, list | tuple | set | frozenset):
        return any(kept(each, depth - 1) for each in value)
    return False


def test_no_module_and_no_class_keeps_an_exception():
    found = []
    for module in modules():
        for name, value in vars(module).items():
            members = vars(value).items() if isinstance(value, type) and value.__module__ == module.__name__ else ()
            found += [f"{module.__name__}.{name}"] if kept(value) else []
            found += [f"{module.__name__}.{name}.{member}" for member, held in members if kept(held)]
    assert found == []


def test_the_search_finds_one_that_is_kept():
    assert kept({"a": [Unavailable("x")]})
    assert not kept({"a": [Unavailable]})


class Alive:
    """What exceptions there are, and tracebacks of ours, that were not there at the beginning."""

    def __init__(self) -> None:
        self._before = {id(each) for each in self._all()}

    @staticmethod
    def _all() -> list[Any]:
        for _ in range(3):
            gc.collect()
        return [each for each in gc.get_objects() if isinstance(each, BaseException | TracebackType)]

    def now(self) -> list[str]:
        return [
            "".join(traceback.format_exception_only(each)) if isinstance(each, BaseException) else str(each.tb_frame)
            for each in self._all()
            if id(each) not in self._before
        ]


@pytest.fixture
def alive() -> Callable[[], list[str]]:
    return Alive().now


def frames_with(text: str) -> int:
    """Count the values in frames of tracebacks that hold a text."""
    gc.collect()
    tracebacks = [each for each in gc.get_objects() if isinstance(each, TracebackType)]
    values = [value for each in tracebacks for value in list(each.tb_frame.f_locals.values())]
    return sum(isinstance(value, str | bytes) and text in str(value) for value in values)


@pytest.mark.database
def test_a_provider_that_is_away_leaves_no_exception_and_no_token(client, issuer, alive):
    token = issuer.token()
    issuer.keys = {}
    send = client(oidc_issuer="http://127.0.0.1:1", oidc_audience=AUDIENCE)
    for _ in range(ROUNDS):
        answer = send(headers=bearer(token))
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
    del answer
    assert frames_with(token) == 0
    assert alive() == []


@pytest.mark.database
def test_a_database_that_is_gone_leaves_none(settings, run, tmp_path, key, alive):
    token = key()
    app = create_app(settings(), f"postgresql://lakana@/none?host={tmp_path}")

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test") as http:
            for _ in range(ROUNDS):
                assert (await http.post("/graphql", json=QUESTION, headers=bearer(token))).status_code == 503
                assert (await http.post("/graphql", json=QUESTION)).status_code == 503
                assert (await http.get("/readyz")).status_code == 503

    run(ask())
    app.state.resources.close()
    assert frames_with(token) == 0
    assert alive() == []


@pytest.mark.database
def test_connections_that_broke_and_statements_that_came_too_late_leave_none(url, alive):
    pool = Pool(login_url(url, Audience.PUBLIC), 1, 100)

    def end_all() -> None:
        connection = psycopg2.connect(url)
        connection.autocommit = True
        connection.cursor().execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE usename = 'lakana_public' AND datname = current_database()"
        )
        connection.close()

    async def go() -> None:
        for _ in range(5):
            answers = await pool.run([SLOW] * 3, "one")
            # On a busy machine a connection may open late.
            assert all(isinstance(each, Timeout | Unavailable) for each in answers)
            end_all()

    asyncio.run(go())
    pool.close()
    assert alive() == []
