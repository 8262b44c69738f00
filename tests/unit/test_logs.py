"""The log: whoever is refused writes at most one line a second of each kind."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from api.http import logs, observation
from api.http.logs import Sparing, SparingFilter
from api.http.observation import Observe
from api.metrics import Metrics


class Log:
    """Keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **values: Any) -> None:
        self.lines.append((event, values))


@pytest.mark.parametrize("status", [400, 401, 404, 429, 503])
def test_a_thousand_refusals_are_two_lines(monkeypatch, status):
    """One address wrote 9.6 MB in 40 s with bad keys and requests above its budget, which cost it nothing."""
    log, metrics = Log(), Metrics()
    monkeypatch.setattr(observation, "log", log)

    async def come() -> None:
        app = Observe(PlainTextResponse("no", status), metrics)

        async def unused(*_: Any) -> Any: ...

        for _ in range(1_000):
            await app({"type": "http", "method": "GET", "path": "/", "headers": []}, unused, unused)
        await asyncio.sleep(1.1)

    asyncio.run(come())
    assert [event for event, _ in log.lines] == ["request", "refused"]
    assert log.lines[1][1] == {"status": status, "more": 999}
    assert f'lakana_http_requests_total{{route="unknown",status="{status}"}} 1000.0'.encode() in metrics.text()


@pytest.mark.parametrize("status", [200, 304, 500])
def test_what_was_paid_for_or_is_our_fault_has_a_line_each(monkeypatch, status):
    log = Log()
    monkeypatch.setattr(observation, "log", log)

    async def come() -> None:
        app = Observe(PlainTextResponse("", status), Metrics())

        async def unused(*_: Any) -> Any: ...

        for _ in range(10):
            await app({"type": "http", "method": "GET", "path": "/", "headers": []}, unused, unused)

    asyncio.run(come())
    assert [event for event, _ in log.lines] == ["request"] * 10


def test_kinds_are_counted_apart_and_a_second_after_the_last_line_comes_the_next():
    told: list[tuple[str, int]] = []

    async def come() -> list[bool]:
        sparing = Sparing(lambda kind, more: told.append((kind, more)), 0.05)
        first = [sparing.lets(kind) for kind in "aabaa"]
        await asyncio.sleep(0.07)
        later = [sparing.lets(kind) for kind in "ab"]
        await asyncio.sleep(0.12)
        return [*first, *later, sparing.lets("a")]

    assert asyncio.run(come()) == [True, False, True, False, False, False, True, True]
    assert told == [("a", 3), ("a", 1)]


def test_so_are_warnings_of_the_server(monkeypatch):
    """Each request that is no HTTP wrote one."""
    kept: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: kept.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("a server of this test")
    logger.propagate = False
    logger.addHandler(handler)
    logger.addFilter(SparingFilter(logger))

    async def come() -> None:
        for _ in range(100):
            logger.warning("Invalid HTTP request received.")
        logger.error("Ours.")
        logger.error("Ours.")
        await asyncio.sleep(1.1)

    asyncio.run(come())
    said = logs.MORE % ("Invalid HTTP request received.", 99)
    assert kept == ["Invalid HTTP request received.", "Ours.", "Ours.", said]


def test_metrics_tell_no_single_request_s_time():
    metrics = Metrics()
    metrics.seconds.labels("/graphql").observe(0.123456789)
    metrics.seconds.labels("/graphql").observe(1.0)
    assert b'lakana_http_request_seconds_sum{route="/graphql"} 1.1\n' in metrics.text()
    assert b'lakana_http_request_seconds_count{route="/graphql"} 2.0\n' in metrics.text()
