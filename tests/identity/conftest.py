"""What the tests of identities stand on: an organisation with an area, the application, and keys to it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.identity.oidc import Provider
from api.settings import Settings
from geo.database import owner, tables
from geo.identity import keys
from geo.identity.scope import Scope
from tests.database.land import Land
from tests.identity.issuer import AUDIENCE, Issuer
from tests.persons import somebody

PEPPER = "5a" * 32
ORGANIZATION, AREA = "Association Lumière", "T:A"
SCOPES = {
    "PARTNER": Scope("PARTNER", ORGANIZATION),
    "PLANNER": Scope("PLANNER"),
    "CUSTODIAN": Scope("CUSTODIAN"),
    "STEWARD": Scope("STEWARD"),
}
QUESTION = {"query": "{ sources { name } }"}


@pytest.fixture(scope="session")
def run() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="session")
def url(copy_migrated: Callable[[], str]) -> str:
    """A database with one organisation and one area."""
    url = copy_migrated()
    with owner.owner_transaction(url) as connection:
        land = Land(connection)
        land.area("A")
        land.add(tables.organization, name=ORGANIZATION, kind="NGO", source_id=land.source)
    return url


@pytest.fixture
def key(url: str) -> Callable[..., str]:
    """Make a key for an audience."""

    def key(audience: str = "PARTNER", **given: Any) -> str:
        end = given.get("expires_at", dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        scope = given.get("scope", SCOPES[audience])
        whose = given.get("person", somebody(url) if scope.audience in keys.BOUND else None)
        return keys.create(url, bytes.fromhex(PEPPER), "test", scope, end, whose)

    return key


@pytest.fixture
def settings(tmp_path) -> Callable[..., Settings]:
    def settings(**given: Any) -> Settings:
        return Settings(**{"data_dir": tmp_path, "key_pepper": PEPPER} | given)

    return settings


@pytest.fixture
def client(run, url, settings) -> Iterator[Callable[..., Callable[..., httpx.Response]]]:
    """Make an application and give the function that sends it a request."""
    opened = []

    def client(*, host: str = "192.0.2.1", **given: Any) -> Callable[..., httpx.Response]:
        app = create_app(settings(**given), url)
        lifespan = app.router.lifespan_context(app)
        run(lifespan.__aenter__())
        opened.append(lifespan)

        def send(method: str = "POST", path: str = "/graphql", *, host: str = host, **options: Any) -> httpx.Response:
            async def ask() -> httpx.Response:
                transport = httpx.ASGITransport(app=app, client=(host, 1234))
                async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test") as http:
                    if method == "POST" and "content" not in options:
                        options.setdefault("json", QUESTION)
                    return await http.request(method, path, **options)

            answer: httpx.Response = run(ask())
            return answer

        return send

    yield client
    for lifespan in opened:
        run(lifespan.__aexit__(None, None, None))


@pytest.fixture
def issuer(monkeypatch) -> Iterator[Issuer]:
    """A provider on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Issuer() as issuer:
        yield issuer


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def named(run, issuer, clock):
    """Return whom a token names."""
    provider = Provider(issuer.url, AUDIENCE, clock)
    return lambda token: run(provider.identity(token))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def code(answer: httpx.Response) -> str:
    [error] = answer.json()["errors"]
    return str(error["extensions"]["code"])
