"""A crowd of clients in a process of its own: as many requests a second as it is told, answered or not."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n")
TICK_S = 0.002
HELD_S = 0.1
CONNECTIONS_AT_MOST = 2_000


@dataclass(frozen=True)
class Seen:
    """What a crowd saw.

    Parameters
    ----------
    seconds
        How long it asked.
    ended_at
        When it stopped asking, in seconds of the epoch.
    answers_ms
        The milliseconds that each answer took, by status.
    unanswered
        Requests that were never answered: their connection was cut, or they waited for three seconds.
    refused
        Connections that nobody took.

    """

    seconds: float
    ended_at: float
    answers_ms: dict[int, list[float]]
    unanswered: int
    refused: int

    @property
    def asked(self) -> int:
        """How many requests were sent."""
        return self.unanswered + sum(len(each) for each in self.answers_ms.values())

    def rate(self, status: int = 200) -> float:
        """Answers of a status a second."""
        return len(self.answers_ms.get(status, ())) / self.seconds


def share_ms(taken_ms: list[float], share: float) -> float:
    """Return the milliseconds that a share of answers stays under."""
    return sorted(taken_ms)[int(share * (len(taken_ms) - 1))]


def crowd(base: str, requests: list[bytes], *, seconds: float, clients: int = 0, rate: float = 0.0) -> Seen:
    """Ask in turn: ``clients`` that each wait for their answer, or ``rate`` requests a second that wait for nobody."""
    port = int(base.rpartition(":")[2])
    asked = [each.decode() for each in requests]
    order = {"port": port, "seconds": seconds, "clients": clients, "rate": rate, "requests": asked}
    with tempfile.NamedTemporaryFile("r", suffix=".json") as told_in:  # an event loop may leave a pipe half written
        subprocess.run(
            [sys.executable, "-m", "tests.faults.crowd", told_in.name], input=json.dumps(order), text=True, check=True
        )
        told = json.load(told_in)
    answers = {int(status): taken for status, taken in told["answers_ms"].items()}
    return Seen(**{**told, "answers_ms": answers})


def post(document: str, variables: dict[str, Any] | None = None, headers: str = "") -> bytes:
    """Return the bytes of a request to ``/graphql``."""
    body = json.dumps({"query": document, "variables": variables or {}})
    return (
        f"POST /graphql HTTP/1.1\r\nhost: lakana\r\ncontent-type: application/json\r\n{headers}"
        f"content-length: {len(body)}\r\n\r\n{body}"
    ).encode()


class _Client(asyncio.Protocol):
    """A connection that asks one thing at a time."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd = crowd
        self._read = bytearray()
        self._due: float | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._crowd.came(self)

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self._due is not None

    def ask(self, request: bytes, due: float) -> None:
        """Send a request that should have been sent at ``due``."""
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0 or self._due is None:
            return
        found = LENGTH.search(self._read, 0, end + 2)
        assert found, bytes(self._read)
        if len(self._read) < end + 4 + int(found[1]):
            return
        taken_ms = (time.perf_counter() - self._due) * 1000
        self._crowd.answers_ms.setdefault(int(self._read[9:12]), []).append(taken_ms)
        self._due = None
        closes = b"\r\nconnection: close\r\n" in self._read[: end + 2]
        self._read.clear()
        if closes:
            self._transport.close()
            self._crowd.replace()
        else:
            self._crowd.at_hand(self)

    def connection_lost(self, _: Exception | None) -> None:
        if self._due is not None:
            self._crowd.unanswered += 1
        self._crowd.left(self)


class _Crowd:
    def __init__(self, port: int, requests: list[bytes], clients: int) -> None:
        self.answers_ms: dict[int, list[float]] = {}
        self.unanswered = self.refused = 0
        self._port = port
        self._requests = requests
        self._next = count()
        self._waits = clients > 0
        self._free: list[_Client] = []
        self._due: deque[float] = deque()
        self._clients: set[_Client] = set()
        self._open = 0
        self._over = False
        self._tasks: set[asyncio.Future[None]] = set()

    def _request(self) -> bytes:
        return self._requests[next(self._next) % len(self._requests)]

    def came(self, client: _Client) -> None:
        """Put a new client to work."""
        self._clients.add(client)
        self.at_hand(client)

    def at_hand(self, client: _Client) -> None:
        """Put a client to work that has its answer."""
        if self._over and not self._due:
            return
        if self._waits and not self._over:
            client.ask(self._request(), time.perf_counter())
        elif self._due:
            client.ask(self._request(), self._due.popleft())
        else:
            self._free.append(client)

    def left(self, client: _Client) -> None:
        """Forget a client whose connection was closed."""
        self._open -= 1
        self._clients.discard(client)
        if client in self._free:
            self._free.remove(client)

    def replace(self) -> None:
        """Open another connection in place of one that the server closes."""
        if not self._over:
            task = asyncio.ensure_future(self._connect())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        self._open += 1
        try:
            await asyncio.get_running_loop().create_connection(lambda: _Client(self), "127.0.0.1", self._port)
        except OSError:
            self._open -= 1
            self.refused += 1

    async def run(self, seconds: float, clients: int, rate: float) -> float:
        # Enough for all that wait at a time if answers come in time; if they do not, more are opened.
        for _ in range(clients or min(int(rate * HELD_S), CONNECTIONS_AT_MOST)):
            await self._connect()
        began = time.perf_counter()
        sent = 0
        while (now := time.perf_counter()) < began + seconds:
            while not clients and began + sent / rate <= now:
                sent += 1
                if self._free:
                    self._free.pop().ask(self._request(), time.perf_counter())
                    continue
                self._due.append(time.perf_counter())
                if self._open < CONNECTIONS_AT_MOST:
                    self.replace()
            await asyncio.sleep(TICK_S)
        return time.perf_counter() - began

    async def finish(self) -> None:
        """Wait for the last answers; who has none after three seconds gets none."""
        self._over = True
        for _ in range(300):
            if not self._due and not any(each.waits for each in self._clients):
                break
            await asyncio.sleep(0.01)
        self.unanswered += len(self._due) + sum(each.waits for each in self._clients)


async def _main() -> Seen:
    order = json.load(sys.stdin)
    crowd = _Crowd(order["port"], [each.encode() for each in order["requests"]], order["clients"])
    seconds = await crowd.run(order["seconds"], order["clients"], order["rate"])
    ended_at = time.time()
    await crowd.finish()
    return Seen(seconds, ended_at, crowd.answers_ms, crowd.unanswered, crowd.refused)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(asdict(uvloop.run(_main()))), encoding="utf-8")
