"""Whom the attacks ask as: the whole application in process, with a key of each audience."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import httpx
import orjson
from pydantic import SecretStr

from api import app
from api.graphql.compile import document_cache
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from api.settings import Settings
from geo.audience import Audience
from geo.identity import keys
from geo.identity.scope import HOLDERS, Scope
from tests.persons import somebody

Keys = Mapping[Audience, str]
PEPPER = bytes(32)
ENOUGH = 10**9
SETTINGS = Settings(
    key_pepper=SecretStr(PEPPER.hex()),
    # Budgets are tested elsewhere; here they would only refuse requests.
    cost_per_minute=dict.fromkeys(("public", "partner", "planner", "custodian", "steward"), ENOUGH),
)
Run = Callable[[Coroutine[Any, Any, Any]], Any]
JSON = {"content-type": "application/json", "x-request-id": "attack"}
WITHOUT_CUSTODIAN = tuple(each for each in Audience if each is not Audience.CUSTODIAN)


@dataclass(frozen=True)
class Request:
    """A request, without the key of whoever sends it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=lambda: {"x-request-id": "attack"})
    content: bytes = b""

    def __str__(self) -> str:
        """Return what is asked, for the report of a difference."""
        return f"{self.method} {self.path} {self.content.decode(errors='replace')[:1500]}"


def posted(document: str, variables: Mapping[str, Any] | None = None, accept: str = "application/json") -> Request:
    """Return the request of a GraphQL operation by POST."""
    body = orjson.dumps({"query": document, "variables": variables or {}})
    return Request("POST", "/graphql", {**JSON, "accept": accept}, body)


def got(document: str, variables: Mapping[str, Any] | None = None) -> Request:
    """Return the request of a GraphQL operation by GET."""
    query = urlencode({"query": document, "variables": orjson.dumps(variables or {}).decode()})
    return Request("GET", f"/graphql?{query}")


BUSY_AT_MOST = 5
UNAVAILABLE = 503


class Client:
    """Sends requests to an application over a database, as any audience.

    One that ``keeps`` its answers gives the same request's answer again by :meth:`answer`: nothing changes its world.
    """

    def __init__(self, run: Run, url: str, keys: Keys, *, keeps: bool = False) -> None:
        self._run = run
        self._kept: dict[tuple[object, ...], httpx.Response] | None = {} if keeps else None
        self._keys = keys
        self.url = url
        with patch.object(app, "Operations", lambda _: _compiled()):
            self.app = app.create_app(SETTINGS, url)
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://lakana.test")

    def send(self, request: Request, audience: Audience = Audience.PUBLIC) -> httpx.Response:
        """Send a request and give the response; a map is asked for again where the machine was too busy to draw it."""
        headers = {**request.headers, **self._credentials(audience)}
        for _ in range(BUSY_AT_MOST if request.path.startswith("/maps/") else 1):
            response: httpx.Response = self._run(
                self._http.request(request.method, request.path, headers=headers, content=request.content)
            )
            if response.status_code != UNAVAILABLE:
                break
        if self._kept is not None:
            self._kept[_key(request, audience)] = response
        return response

    def answer(self, request: Request, audience: Audience) -> httpx.Response:
        """Return the response to a request: the one that is kept, or a new one."""
        known = (self._kept or {}).get(_key(request, audience))
        return self.send(request, audience) if known is None else known

    def _credentials(self, audience: Audience) -> dict[str, str]:
        return {"authorization": f"Bearer {self._keys[audience]}"} if audience in self._keys else {}

    def ask(
        self, document: str, variables: Mapping[str, Any] | None = None, audience: Audience = Audience.PUBLIC
    ) -> dict[str, Any]:
        """Ask a document and give the whole answer, again where the machine was too busy for one."""
        for _ in range(BUSY_AT_MOST):
            answer: dict[str, Any] = orjson.loads(self.send(posted(document, variables), audience).content)
            if not {each["extensions"]["code"] for each in answer.get("errors", ())} & {"TIMEOUT", "UNAVAILABLE"}:
                break
        return answer

    def close(self) -> None:
        """Close the client and the application's connections."""
        self.app.state.resources.close()
        self._run(self._http.aclose())


@cache
def _compiled() -> Operations:
    # Shared by all clients, and none is dropped: compiling takes longer than answering, and compiled operations contain no
    # world's data.
    with patch.object(document_cache, "REMEMBERED_BYTES", 2_000_000_000):
        return Operations(compiled_schema())


def _key(request: Request, audience: Audience) -> tuple[object, ...]:
    return audience, request.method, request.path, tuple(sorted(request.headers.items())), request.content


def make_keys(url: str, organization: str) -> Keys:
    """Make a key for each audience that has one, the partner's and the planner's for an organisation."""
    expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    members = {Audience.PARTNER, Audience.PLANNER}
    return {
        each: keys.create(
            url,
            PEPPER,
            f"attack {each.name}",
            Scope(each.name, organization if each in members else None),
            expires_at,
            somebody(url, each.name) if each.name in keys.BOUND else None,
        )
        for each in HOLDERS
    }
