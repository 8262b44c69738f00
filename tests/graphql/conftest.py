"""What the tests of the API stand on: a seeded database, its public pool, and a client without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from api.app import create_app
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from api.settings import Settings
from geo.audience import ANYBODY, Audience, Caller
from geo.database.owner import owner_transaction
from geo.database.read_pool import ReadPool
from geo.service import Resources

UNREAD = """
ALTER TABLE lakana.service DISABLE TRIGGER names_insert;
ALTER TABLE lakana.service DISABLE TRIGGER numbers_insert
"""
"""Nobody looks for what made-up names and numbers tell of a shelter, which is half of what a row by the thousand costs."""
Run = Callable[[Coroutine[Any, Any, Any]], Any]
PARTNER = Caller(Audience.PARTNER, "a partner")


@contextmanager
def talking(run: Run, url: str, timeout_s: float = 5, **settings: Any) -> Iterator[Callable[..., httpx.Response]]:
    """Give a way to send requests to an application of this database, whose public budget is out of the way."""
    app = create_app(Settings(cost_per_minute={"public": 10**9}, **settings), url)
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://lakana.test", timeout=timeout_s)

    def send(method: str, path: str, **options: Any) -> httpx.Response:
        response: httpx.Response = run(client.request(method, path, **options))
        return response

    yield send
    run(client.aclose())
    app.state.resources.close()


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="session")
def resources(seeded_url: str) -> Iterator[Resources]:
    resources = Resources(seeded_url, 2)
    yield resources
    resources.close()


@pytest.fixture(scope="session")
def pool(resources: Resources) -> ReadPool:
    """The public's."""
    return resources.of(Audience.PUBLIC)


@pytest.fixture(scope="session")
def operations() -> Operations:
    return Operations(compiled_schema())


@pytest.fixture(scope="session")
def ask_as(run, resources, operations) -> Callable[..., dict[str, Any]]:
    """Run a document as a caller and give the whole response."""

    def ask_as(caller: Caller, document: str, **variables: Any) -> dict[str, Any]:
        operation = operations.get(document, None)
        response = run(operation.answer(operation.variables(variables), caller, resources))
        answer: dict[str, Any] = orjson.loads(response.body)
        return answer

    return ask_as


@pytest.fixture(scope="session")
def ask(ask_as) -> Callable[..., dict[str, Any]]:
    """Run a document as the public and give the whole response."""
    return partial(ask_as, ANYBODY)


@pytest.fixture(scope="session")
def ask_partner(ask_as) -> Callable[..., dict[str, Any]]:
    """Run a document as somebody who may read how many places shelters have."""
    return partial(ask_as, PARTNER)


@pytest.fixture(scope="session")
def rows(seeded_url: str) -> Callable[..., list[dict[str, Any]]]:
    """Run SQL as the owner, to count by another way."""

    def rows(sql: str, **values: Any) -> list[dict[str, Any]]:
        with owner_transaction(seeded_url) as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    return rows


@pytest.fixture(scope="session")
def http(run, seeded_url) -> Iterator[Callable[..., httpx.Response]]:
    """Send a request to the application, whole with its middleware."""
    with talking(run, seeded_url, cors_origins=("https://front.example",)) as send:
        yield send
