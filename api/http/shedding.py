"""Load shedding: requests beyond what can be served soon are refused before any work is spent on them."""

from __future__ import annotations

import asyncio
from collections import Counter as Counts
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from prometheus_client import CollectorRegistry, Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import code_of
from api.http.graphql_request import PATHS
from api.identity.budget import network
from api.identity.concurrency import KEY, TOO_MANY, Door, Entry
from api.identity.sessions import session_cookie
from api.media_types import GRAPHQL, JSON, preferred
from geo.errors import Unavailable

EXPORTS = "/exports/"
OPEN_TO_ALL = frozenset({"/livez", "/readyz", "/metrics"})
RETRY_AFTER_S = 1
UPLOADS = frozenset({"/imports"})
"""Where files are sent to: larger bodies than any other request's, read by their route once it knows who sends them."""
TASK, GONE = "lakana.task", "lakana.gone"
LARGEST_READ_BYTES = 100_001
"""One byte more than a body may have: enough to refuse it."""
HELD_BYTES = 20_000_000
"""For unfinished requests from one address, heads and bodies: 200 of the largest."""

_TEXT = TOO_MANY.encode()
_ERROR = orjson.dumps({"errors": [{"message": TOO_MANY, "extensions": {"code": code_of(Unavailable(TOO_MANY))}}]})


_held: Counts[str] = Counts()
"""Bytes of unfinished requests, by address."""


def hold(address: str, size: int) -> bool:
    """Count so many more bytes of unfinished requests from an address, or fewer; return whether it may have them."""
    _held[address] += size
    if not _held[address]:
        del _held[address]
    return _held[address] <= HELD_BYTES


def is_upload(method: str, path: str) -> bool:
    """Return whether a request brings files."""
    return method == "POST" and path in UPLOADS


def client_left(scope: Scope) -> None:
    """Cancel the work for a request whose client has gone: its statement, and its work in another process.

    A write goes on: it is done completely or not at all.
    """
    task: asyncio.Task[None] | None = scope.get(TASK)
    if task is not None:
        scope[GONE] = True
        task.cancel()


class Doorkeeper:
    """Lets requests in as long as there is room for their sender.

    See :mod:`api.identity.concurrency`. A flood from one sender does not keep out those who place a child.

    Parameters
    ----------
    door
        The door that counts requests by sender.
    registry
        The registry of the counter of shed requests.

    """

    def __init__(self, door: Door, registry: CollectorRegistry) -> None:
        self._door = door
        self._shed = Counter("lakana_http_shed", "Requests turned away at the door.", registry=registry)

    async def let_in(self, scope: Scope, receive: Receive) -> Message | None:
        """Let a request in and return its body as one message; None if there is no room.

        The request then has its ``Entry``, whose place is to be given back.
        """
        entry = self._door.entry(scope.get("client"), _shown(scope))
        if entry.has_room():
            # Read the body first, so that a slow sender takes nobody's place.
            whole = await self._read(receive, network(scope["client"][0] if scope.get("client") else ""))
            if whole is not None and await entry.take():
                scope[KEY] = entry
                return whole
        self._shed.inc()
        return None

    async def let_in_unread(self, scope: Scope) -> bool:
        """Let in a request whose body is read by its route, piece by piece; return whether there was room."""
        entry = self._door.entry(scope.get("client"), _shown(scope))
        if entry.has_room() and await entry.take():
            scope[KEY] = entry
            return True
        self._shed.inc()
        return False

    async def _read(self, receive: Receive, address: str) -> Message | None:
        """Read a request's body as one message, and no more of it than the limit; None if its address sends too much.

        Where the client goes away, the message says so.
        """
        parts: list[bytes] = []
        read = 0
        try:
            while True:
                message = await receive()
                parts.append(message.get("body", b""))
                read += len(parts[-1])
                if not hold(address, len(parts[-1])):
                    return None
                if message["type"] != "http.request" or not message.get("more_body") or read >= LARGEST_READ_BYTES:
                    if message["type"] != "http.request":
                        return message
                    # A route that reads on would gather the rest while its request takes a place.
                    return {**message, "body": b"".join(parts), "more_body": False}
        finally:
            hold(address, -read)


def _shown(scope: Scope) -> bytes | None:
    """Return what a request shows of who asks: its key or token, or on a page its session."""
    header = next((value for name, value in scope["headers"] if name == b"authorization"), None)
    if header is not None or (token := session_cookie(scope)) is None:
        return header
    return token.encode()


class Shedding:
    """ASGI middleware: limits how many requests are in the server at a time, counted by sender.

    This is outside of all other layers: a shed request gets no id and no log line, which in a flood would cost more
    than the answer.

    Parameters
    ----------
    app
        The application.
    doorkeeper
        Lets requests in.

    """

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or turn it away."""
        if scope["type"] != "http" or scope["path"] in OPEN_TO_ALL:
            await self._app(scope, receive, send)
            return
        if is_upload(scope["method"], scope["path"]):
            whole, is_in, given = None, await self._doorkeeper.let_in_unread(scope), receive
        else:
            whole = await self._doorkeeper.let_in(scope, receive)
            is_in = whole is not None
            given = receive if whole is None else _once(whole, receive)
        if not is_in:
            await turn_away(scope, send)
            return
        entry: Entry = scope[KEY]
        if whole is not None and whole["type"] == "http.disconnect":
            entry.leave()
            return
        with until_client_leaves(scope):
            await self._app(scope, given, _leaving(entry, send))


@contextmanager
def until_client_leaves(scope: Scope) -> Iterator[None]:
    """Work for a request that was let in: its place is given back, and the work ends if its client leaves."""
    if scope["path"] in PATHS or scope["path"].startswith(EXPORTS):
        scope[TASK] = asyncio.current_task()
    try:
        yield
    except asyncio.CancelledError:
        if GONE not in scope:
            raise
    finally:
        scope[KEY].leave()


def _once(message: Message, receive: Receive) -> Receive:
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return message

    return give


def _leaving(entry: Entry, send: Send) -> Send:
    """Give the place back as the answer is ready: sending it waits for a client that may read nothing."""

    async def give(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.leave()
        await send(message)

    return give


async def turn_away(scope: Scope, send: Send) -> None:
    """Answer 503 to a request for which there is no room."""
    body, media_type = _TEXT, b"text/plain; charset=utf-8"
    if scope["path"] in PATHS:
        accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
        chosen = preferred(accepted.decode("latin-1"), (JSON, GRAPHQL)) or JSON
        body, media_type = _ERROR, f"{chosen}; charset=utf-8".encode()
    headers = [
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_AFTER_S).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
