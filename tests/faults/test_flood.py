"""Four times as many requests as can be served: the rest is told so at once, and nobody else notices."""

from __future__ import annotations

import http.client
import random
import re
import resource
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.statements import BOX, NEAREST
from tests.faults.crowd import Seen, crowd, post, share_ms
from tests.faults.sizes import CAPACITY_S, FLOOD_S, FLOOD_SHARE
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

SHED_MS, ALIVE_MS, MEMORY_MB, NORMAL_S = 100, 50, 600, 5
SHED = (429, 503)
TIMES = 4
TRIES = 3
MEMORY_CAP = 2 << 30
"""For the memory that the process may write to. The stacks of its threads count in full, used or not."""

UNBOUNDED = "import geo.processes.admission_queue; geo.processes.admission_queue.WAITING_EACH = 10**9; geo.processes.admission_queue.WAIT_S = 60"


def questions() -> list[bytes]:
    chance = random.Random(7)
    asked = []
    for _ in range(100):
        lon, lat = chance.uniform(-12, 3), chance.uniform(10, 23)
        asked.append(post(NEAREST, {"lon": lon, "lat": lat}))
        asked.append(post(BOX, {"west": lon, "south": lat, "east": lon + 0.9, "north": lat + 0.9}))
    return asked


def memory_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


class Watch(threading.Thread):
    """Somebody who asks whether the server is alive, and one question, again and again, on a new connection each."""

    def __init__(self, base: str, pid: int) -> None:
        super().__init__()
        self._port = int(base.rpartition(":")[2])
        self._pid = pid
        self._over = threading.Event()
        self._question = post(NEAREST, {"lon": -5.0, "lat": 12.0}).partition(b"\r\n\r\n")[2]
        self.alive_ms: list[float] = []
        self.served: list[tuple[float, bool]] = []
        self.peak_mb = 0.0

    def run(self) -> None:
        while not self._over.wait(0.02):
            began = time.perf_counter()
            assert self._ask("GET", "/livez") == 200
            self.alive_ms.append((time.perf_counter() - began) * 1000)
            self.served.append((time.time(), self._ask("POST", "/graphql", self._question) == 200))
            self.peak_mb = max(self.peak_mb, memory_mb(self._pid))

    def _ask(self, method: str, path: str, body: bytes | None = None) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request(method, path, body, {"content-type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def normal_after_s(self, since: float) -> float:
        """Return the seconds until ten questions in a row were answered."""
        row = 0
        for at, was_served in self.served:
            row = row + 1 if at >= since and was_served else 0
            if row == 10:
                return at - since
        return float("inf")

    def end(self) -> None:
        self._over.set()
        self.join()


@dataclass(frozen=True)
class Flood:
    """What a flood did."""

    capacity: float
    seen: Seen
    shed_ms: list[float]
    watch: Watch
    normal_s: float

    @property
    def holds(self) -> bool:
        """Whether everything was as promised."""
        return bool(
            self.shed_ms
            and share_ms(self.shed_ms, FLOOD_SHARE) <= SHED_MS
            and share_ms(self.watch.alive_ms, FLOOD_SHARE) <= ALIVE_MS
            and self.watch.peak_mb <= MEMORY_MB
            and self.normal_s <= NORMAL_S
            and self.seen.unanswered == 0
            and not set(self.seen.answers_ms) - {200, *SHED}
        )


def flood(base: str, pid: int) -> Flood:
    asked = questions()
    crowd(base, asked, seconds=1, clients=16)
    capacity = crowd(base, asked, seconds=CAPACITY_S, clients=16).rate()
    watch = Watch(base, pid)
    watch.start()
    try:
        seen = crowd(base, asked, seconds=FLOOD_S, rate=TIMES * capacity)
        time.sleep(1)
        while watch.normal_after_s(seen.ended_at) > NORMAL_S and time.time() < seen.ended_at + 2 * NORMAL_S:
            time.sleep(0.1)
    finally:
        watch.end()
    shed_ms = [taken for status in SHED for taken in seen.answers_ms.get(status, ())]
    return Flood(capacity, seen, shed_ms, watch, watch.normal_after_s(seen.ended_at))


def test_a_flood_is_shed_and_nobody_else_notices(seeded_url, figure):
    """The best of three, since other programs of the machine take its processors too."""
    with served(seeded_url) as (base, server):
        resource.prlimit(server.pid, resource.RLIMIT_DATA, (MEMORY_CAP, MEMORY_CAP))
        found, tried = flood(base, server.pid), 1
        while not found.holds and tried < TRIES:
            found, tried = flood(base, server.pid), tried + 1
    seen, watch = found.seen, found.watch
    offered = seen.asked / seen.seconds
    figure(
        f"flood, try {tried} of {TRIES}: offered / capacity", f"{offered:,.0f}/s / {found.capacity:,.0f}/s", f"{TIMES}×"
    )
    figure("flood: still served meanwhile", f"{seen.rate():,.0f}/s", "")
    figure(
        f"flood: {len(found.shed_ms):,} shed with 503, 99 % within (the slowest)",
        f"{share_ms(found.shed_ms, 0.99):.0f} ms ({max(found.shed_ms):.0f} ms)",
        f"≤ {SHED_MS} ms",
    )
    figure(
        "flood: /livez, 99 % within (the slowest)",
        f"{share_ms(watch.alive_ms, 0.99):.0f} ms ({max(watch.alive_ms):.0f} ms)",
        f"≤ {ALIVE_MS} ms",
    )
    figure("flood: server memory at most", f"{watch.peak_mb:.0f} MB", f"≤ {MEMORY_MB} MB")
    figure("flood: served as before, after its end", f"{found.normal_s:.1f} s", f"≤ {NORMAL_S} s")
    assert offered > 0.9 * TIMES * found.capacity, "the crowd was too slow to be a flood"
    assert found.holds


@pytest.mark.control
def test_without_bounds_a_flood_is_not_shed(seeded_url, figure):
    with served(seeded_url, before=UNBOUNDED) as (base, server):
        found = flood(base, server.pid)
    taken = [each for answers in found.seen.answers_ms.values() for each in answers]
    figure(
        "the same without bounds: 99 % answered within",
        f"{share_ms(taken, 0.99):,.0f} ms, {found.seen.unanswered:,} never",
        "(worse)",
    )
    assert not found.holds
    assert share_ms(taken, 0.99) > 5 * SHED_MS or found.seen.unanswered
