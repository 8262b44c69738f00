"""What ``deploy/`` describes, as processes of one machine under load, of which one after the other is killed.

Two servers behind HAProxy with the configuration of ``deploy/``, a primary with two replicas, one of which has each
acknowledged write, and Redis.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from geo.identity import keys
from geo.identity.scope import Scope
from tests.benchmarks.statements import NEAREST
from tests.faults.broken import until
from tests.faults.crowd import crowd, post
from tests.faults.test_replicas import CREATE, FIND, PEPPER, fill, has_all
from tests.redis_server import redis_server
from tests.served import served
from tests.standbys import primary_with_replicas

pytestmark = [pytest.mark.database, pytest.mark.slow]

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "haproxy.cfg"
PROXY = shutil.which("haproxy") or "/usr/sbin/haproxy"
LOAD = [post(NEAREST, {"lon": -5.0, "lat": 12.0})]
RECOVER_S = 5.0


def a_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def proxied(bases, log) -> Iterator[str]:
    """Run HAProxy in front of servers; its log goes to a file."""
    port, addresses = a_port(), [each.removeprefix("http://") for each in bases]
    names = {"LAKANA_BIND": f"127.0.0.1:{port}", "LAKANA_ONE": addresses[0], "LAKANA_TWO": addresses[1]}
    with log.open("w") as kept:
        process = subprocess.Popen(
            [PROXY, "-f", CONFIGURATION],
            env={**os.environ, **names, "LAKANA_THREE": f"127.0.0.1:{a_port()}"},
            stdout=kept,
            stderr=kept,
        )
    try:
        until(lambda: _is_up(f"http://127.0.0.1:{port}"), 20)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _is_up(base):
    try:
        return httpx.get(f"{base}/livez").status_code == 200
    except httpx.HTTPError:
        return False


@dataclass
class Seen:
    """What a client sees that asks, and one that writes, all the time: when, and whether it was answered as it should."""

    base: str
    key: str
    answers: list[tuple[float, bool]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    missing: int = 0
    revoked: list[str] = field(default_factory=list)
    served_though_revoked: int = 0
    is_over: bool = False

    def ask(self, document, bearer=None, **variables):
        headers = {"authorization": f"Bearer {bearer or self.key}"}
        asked = {"query": document, "variables": variables}
        return httpx.post(f"{self.base}/graphql", json=asked, headers=headers, timeout=3)

    def watch(self):
        while not self.is_over:
            try:
                good = httpx.get(f"{self.base}/graphql", params={"query": "{ sources { name } }"}, timeout=3)
                told = good.status_code == 200 and "errors" not in good.json()
            except httpx.HTTPError:
                told = False
            self.answers.append((time.monotonic(), told))
            time.sleep(0.02)

    def write(self):
        key = str(uuid.uuid4())
        while not self.is_over:
            try:
                told = self.ask(CREATE, key=key).json()["data"]["createScenario"]["id"]
            except (httpx.HTTPError, KeyError, TypeError, json.JSONDecodeError):
                time.sleep(0.05)
                continue  # again, under the same key
            self.written.append(told)
            self.read(told)
            key = str(uuid.uuid4())
            time.sleep(0.3)

    def read(self, written):
        try:
            told = self.ask(FIND, id=written).json()
        except (httpx.HTTPError, json.JSONDecodeError):
            return
        self.missing += "errors" not in told and told["data"]["node"] is None
        for key in self.revoked[:1]:
            try:
                self.served_though_revoked += self.ask(FIND, key, id=written).status_code == 200
            except httpx.HTTPError:
                continue

    def recovered_s(self, since):
        """Tell how long after a moment the last answer failed, and how many did."""
        bad = [at for at, good in self.answers if at > since and not good]
        return (max(bad) - since if bad else 0.0), len(bad)


@contextmanager
def running(target, *more):
    threads = [threading.Thread(target=each) for each in (target, *more)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        for each in threads:
            each.join()


def test_one_after_the_other_is_killed_under_load(tmp_path, figure):  # noqa: PLR0915  one scene
    if not Path(PROXY).exists():
        pytest.skip("no haproxy was found")
    with ExitStack() as stack:
        primary, replicas = stack.enter_context(primary_with_replicas(2, fill))
        primary.set("synchronous_standby_names", "ANY 1 (replica1, replica2)")
        redis = stack.enter_context(redis_server())
        hosts = ",".join(str(each.sockets) for each in (primary, *replicas))
        own = {
            "LAKANA_KEY_PEPPER": PEPPER,
            "LAKANA_READ_DATABASE_URLS": json.dumps([each.url for each in (primary, *replicas)]),
            "LAKANA_SHARED_URL": redis.url,
            "LAKANA_TRUSTED_PROXIES": '["127.0.0.1"]',
        }
        url = f"postgresql://lakana@/lakana?host={hosts}&target_session_attrs=primary"
        servers = [stack.enter_context(served(url, **own)) for _ in range(2)]
        log = tmp_path / "haproxy.log"
        base = stack.enter_context(proxied([each for each, _ in servers], log))
        end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        key, gone = (keys.create(primary.url, bytes.fromhex(PEPPER), "t", Scope("PLANNER"), end, None) for _ in "ab")
        seen = Seen(base, key)
        token = keys.Token.parse(gone)
        assert token
        keys.revoke(primary.url, token.prefix)
        seen.revoked.append(gone)

        def under_load(what, break_it, aim="≤ 5 s"):
            seen.is_over = False
            began: list[float] = []

            def breaks():
                time.sleep(2)
                began.append(time.monotonic())
                break_it()

            with running(breaks, seen.watch, seen.write):
                crowded = crowd(base, LOAD, seconds=8, clients=4)
                seen.is_over = True
            recovered_s, failed = seen.recovered_s(began[0])
            bad = crowded.unanswered + crowded.refused
            bad += sum(len(taken) for status, taken in crowded.answers_ms.items() if status != 200)
            figure(
                f"{what}: failed of {crowded.asked + len(seen.answers):,}; the last after",
                f"{bad + failed} ({100 * (bad + failed) / (crowded.asked + len(seen.answers)):.2f} %); {recovered_s:.1f} s",
                aim,
            )
            seen.answers.clear()
            return recovered_s

        assert under_load("nothing is broken", lambda: None) == 0
        assert under_load("one of two servers is killed", servers[1][1].kill) < RECOVER_S
        assert under_load("one of two replicas is killed", replicas[0].kill) < RECOVER_S
        replicas[0].start()
        until(lambda: has_all(replicas[0], primary), 20)
        assert under_load("Redis is killed", redis.kill) < RECOVER_S

        seen.is_over = False
        with running(seen.watch, seen.write):
            time.sleep(2)
            primary.kill()
            time.sleep(1)
            [ahead, other] = sorted(replicas, key=received, reverse=True)
            promoted_at = time.monotonic()
            ahead.run("SELECT pg_promote()")
            other.run(f"ALTER SYSTEM SET primary_conninfo = 'host={ahead.sockets} user=lakana application_name=other'")
            other.run("SELECT pg_reload_conf()")
            known = len(seen.written)
            until(lambda: len(seen.written) > known + 1, 30)
            writes_s = time.monotonic() - promoted_at
            time.sleep(3)
            seen.is_over = True
        recovered_s, _ = seen.recovered_s(promoted_at)
        there = [seen.ask(FIND, id=each).json()["data"]["node"] for each in seen.written]
        figure(
            "the primary is killed, a replica promoted: answers again after; writes again after",
            f"{recovered_s:.1f} s; {writes_s:.1f} s",
            "≤ 5 s",
        )
        figure(
            f"acknowledged writes lost of {len(there)}; missing in an answer; answers to a revoked key",
            f"{there.count(None)}; {seen.missing}; {seen.served_though_revoked}",
            "0; 0; 0",
        )
        assert (there.count(None), seen.missing, seen.served_though_revoked) == (0, 0, 0)
        assert recovered_s < RECOVER_S
        assert "query" not in log.read_text()
        assert "GET /graphql 200" in log.read_text()


def received(replica):
    [(position,)] = replica.run("SELECT pg_last_wal_receive_lsn() - '0/0'")
    return position
