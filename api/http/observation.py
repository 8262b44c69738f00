"""For every request: an id, a log line, and metrics. No argument and no query string is kept.

Of requests that are refused with one status, one a second has a line of its own; another line says how many more there
were.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caching import Header
from api.errors import INTERNAL, WENT_WRONG, log_internal
from api.http.answer import Answer, headers_of
from api.http.logs import Sparing
from api.metrics import QUIET, Metrics

GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger("lakana")


class Observer:
    """Gives requests their ids, counts them, and writes a line of each."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._sparing = Sparing(_tell)

    def begin(self, given_id: bytes) -> bytes:
        """Return the id of a request, the client's own if it may be one; all that is logged for it has it."""
        request_id = given_id if GIVEN_ID.fullmatch(given_id) else secrets.token_hex(8).encode()
        structlog.contextvars.bind_contextvars(request_id=request_id.decode())
        return request_id

    def end(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request, and write its line."""
        self._metrics.count(path, status, seconds)
        if path not in QUIET and (not is_refusal(status) or self._sparing.lets(status)):
            log.info("request", method=method, route=path, status=status, ms=round(seconds * 1000, 1))
        structlog.contextvars.clear_contextvars()


class Observe:
    """ASGI middleware: gives each request an id, logs it, counts it, and answers 500 for uncaught errors."""

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self._app = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = told_of(self._observer.begin(headers_of(scope).get(b"x-request-id", b"")))
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            log_internal(error)
            if status:
                raise
            await went_wrong().send(send_with_id)
        finally:
            route: Any = scope.get("route")
            path = getattr(route, "path", "unknown")
            self._observer.end(scope["method"], path, status, time.perf_counter() - started)


def told_of(request_id: bytes) -> list[Header]:
    """Return the headers that every answer has."""
    return [(b"x-request-id", request_id), (b"x-content-type-options", b"nosniff")]


def is_refusal(status: int) -> bool:
    """Return whether an answer of this status has cost its sender little or nothing: of many, few are logged."""
    return 400 <= status < 500 or status == 503  # noqa: PLR2004


def _tell(status: int, more: int) -> None:
    log.info("refused", status=status, more=more)


def went_wrong() -> Answer:
    """Return the answer to a request that met an error of ours."""
    error = {"message": WENT_WRONG, "extensions": {"code": INTERNAL}}
    body = orjson.dumps({"errors": [error]})
    return Answer(500, [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())], body)
