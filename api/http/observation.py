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

from api.errors import INTERNAL, WENT_WRONG, log_internal
from api.http.logs import Sparing
from api.metrics import QUIET, Metrics

GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger("lakana")


class Observe:
    """ASGI middleware: gives each request an id, logs it, counts it, and answers 500 for uncaught errors."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._sparing = Sparing(_tell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8).encode()
        structlog.contextvars.bind_contextvars(request_id=request_id.decode())
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            log_internal(error)
            if status:
                raise
            await _fail(send_with_id)
        finally:
            self._note(scope, status, time.perf_counter() - started)
            structlog.contextvars.clear_contextvars()

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        path = getattr(route, "path", "unknown")
        self._metrics.requests.labels(path, status).inc()
        self._metrics.seconds.labels(path).observe(seconds)
        if path not in QUIET and (not is_refusal(status) or self._sparing.lets(status)):
            log.info("request", method=scope["method"], route=path, status=status, ms=round(seconds * 1000, 1))


def is_refusal(status: int) -> bool:
    """Return whether an answer of this status has cost its sender little or nothing: of many, few are logged."""
    return 400 <= status < 500 or status == 503  # noqa: PLR2004


def _tell(status: int, more: int) -> None:
    log.info("refused", status=status, more=more)


async def _fail(send: Send) -> None:
    error = {"message": WENT_WRONG, "extensions": {"code": INTERNAL}}
    body = orjson.dumps({"errors": [error]})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
