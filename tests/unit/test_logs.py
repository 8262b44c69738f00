"""The log: whoever is refused writes at most one line a second of each kind."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from api.http import logs, observation
from api.http.logs import Sparing, SparingFilter
from api.http.observation import Observe, Observer
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
        app = Observe(PlainTextResponse("no", status), Observer(metrics))

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
        app = Observe(PlainTextResponse("", status), Observer(Metrics()))

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


class Stream(io.StringIO):
    """Keeps what is written, and how often."""

    times = 0

    def write(self, text: str) -> int:
        self.times += 1
        return super().write(text)


def test_lines_of_the_event_loop_are_written_together():
    stream = Stream()

    async def come() -> None:
        lines = logs.Lines(stream)
        for number in range(1_000):
            lines.write(f"{number}\n")
        assert stream.times == 0
        await asyncio.sleep(2 * logs.TOGETHER_S)

    asyncio.run(come())
    assert stream.getvalue() == "".join(f"{number}\n" for number in range(1_000))
    assert stream.times == 1


def test_many_are_written_before_and_other_threads_wait_for_nothing():
    stream = Stream()
    lines = logs.Lines(stream)

    async def come() -> None:
        lines.write("1\n")
        await asyncio.to_thread(lines.write, "2\n")
        assert stream.getvalue() == "1\n2\n"
        lines.write("x" * logs.TOGETHER_CHARACTERS + "\n")
        assert stream.times == 2

    asyncio.run(come())
    lines.write("3\n")
    assert stream.getvalue().endswith("x\n3\n")


def test_none_is_lost_at_the_end():
    program = """
import asyncio, sys
from api.http.logs import Lines
async def come(): Lines(sys.stdout).write("the last\\n")
asyncio.run(come())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "the last\n"
