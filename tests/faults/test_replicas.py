"""Reading from replicas: two servers, a primary and two replicas that really stream, held up, killed and started again.

No answer is older than what was acknowledged before its question, whichever server and replica is asked.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import signal
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager
from functools import partial

import httpx
import pytest

from geo.database import owner
from geo.database.replicas import TRUSTED_S, Replicas
from geo.identity import keys
from geo.identity.scope import Scope
from geo.metering import nobody
from seeds import seeding
from tests.benchmarks.statements import NEAREST
from tests.faults.broken import until
from tests.faults.crowd import crowd, post
from tests.faults.sizes import FULL
from tests.served import served
from tests.standbys import primary_with_replicas

pytestmark = [pytest.mark.database, pytest.mark.slow]

PEPPER = "00" * 32
ASK = [post(NEAREST, {"lon": -5.0, "lat": 12.0})]
ROUNDS = 40 if FULL else 12
CREATE = """mutation ($key: String!) {
  createScenario(input: {idempotencyKey: $key, name: "Un foyer", category: SAFE_SHELTER,
    changes: [{add: {name: "Kadiolo", point: {lon: -5.76667, lat: 10.55}, capacity: 20}}]}) {
    ... on ScenarioCreated { id } ... on WriteError { message } } }"""
FIND = "query ($id: ID!) { node(id: $id) { id } }"
UNSETTLED = "import geo.database.replicas as r; r.Replicas.settle = lambda self: __import__('asyncio').sleep(0)"


def fill(url):
    owner.upgrade(url)
    seeding.seed(url, seeding.USUAL)


@pytest.fixture(scope="module")
def databases():
    with primary_with_replicas(2, fill) as (primary, replicas):
        yield primary, replicas


@pytest.fixture
def whole(databases):
    """The databases, all running and none held up; as they are afterwards, too."""
    primary, replicas = databases
    yield primary, replicas
    for each in replicas:
        each.stop()
        each.start()
        each.run("ALTER SYSTEM RESET recovery_min_apply_delay")
        each.run("SELECT pg_reload_conf()")
        until(partial(has_all, each, primary), 20)


def has_all(replica, primary):
    return position(replica) >= position(primary)


def position(server):
    [(found,)] = server.run(
        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0'"
    )
    return found


class Servers:
    """Two servers of one primary, each with the same replicas."""

    def __init__(self, stack, primary, replicas, before="pass"):
        urls = json.dumps([each.url for each in replicas])
        own = {"LAKANA_KEY_PEPPER": PEPPER, "LAKANA_READ_DATABASE_URLS": urls}
        self.url = primary.url
        self.bases = [stack.enter_context(served(primary.url, before, **own))[0] for _ in range(2)]
        self.key = self.new_key()
        time.sleep(1)  # the replicas come into service

    def new_key(self):
        end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        return keys.create(self.url, bytes.fromhex(PEPPER), "test", Scope("PLANNER"), end, None)

    def ask(self, server, document, bearer=None, **variables):
        headers = {"authorization": f"Bearer {bearer or self.key}"}
        asked = {"query": document, "variables": variables}
        return httpx.post(f"{self.bases[server]}/graphql", json=asked, headers=headers, timeout=10)

    def write(self):
        """Write something at the first server; tell its id, and the seconds until it was acknowledged."""
        began = time.monotonic()
        told = self.ask(0, CREATE, key=str(uuid.uuid4())).json()
        return told["data"]["createScenario"]["id"], time.monotonic() - began

    def missing(self, times=6):
        """Write, and ask both servers often at once; tell how many answers lack it, and the seconds it took."""
        written, took = self.write()
        found = [self.ask(server, FIND, id=written).json()["data"]["node"] for server in (1, 0) for _ in range(times)]
        return found.count(None), took


def asked(replica):
    """Tell how many connections there are that ask a replica for the public and planners."""
    return len(replica.run("SELECT 1 FROM pg_stat_activity WHERE usename IN ('lakana_public', 'lakana_planner')"))


@contextmanager
def two_servers(primary, replicas, before="pass"):
    with ExitStack() as stack:
        yield Servers(stack, primary, replicas, before)


def test_no_acknowledged_write_is_missing_from_an_answer(whole, figure):
    primary, replicas = whole
    with two_servers(primary, replicas) as servers:
        seen = [servers.missing() for _ in range(ROUNDS)]
        assert all(asked(each) > 0 for each in replicas)
        usual = sorted(took for _, took in seen)[ROUNDS // 2]
        replicas[0].set("recovery_min_apply_delay", "150ms")
        slow = [servers.missing() for _ in range(ROUNDS)]
        replicas[0].set("recovery_min_apply_delay", "3s")
        lagging = [servers.missing() for _ in range(ROUNDS)]
        assert {many for many, _ in seen + slow + lagging} == {0}
        assert min(took for _, took in slow) > 0.1
        assert min(took for _, took in lagging) >= TRUSTED_S
    figure(
        f"two servers, two replicas, one lags by 0, 0.15 and 3 s: acknowledged writes missing in {36 * ROUNDS} answers",
        "0",
        "0",
    )
    figure(
        "a write is acknowledged after (median; while a replica lags by 3 s)",
        f"{1e3 * usual:.0f} ms; {1e3 * sorted(took for _, took in lagging)[ROUNDS // 2]:.0f} ms",
        "",
    )


@pytest.mark.control
def test_writes_would_be_missing_if_they_were_acknowledged_at_once(whole):
    primary, replicas = whole
    with two_servers(primary, replicas, UNSETTLED) as servers:
        replicas[0].set("recovery_min_apply_delay", "300ms")
        assert sum(servers.missing()[0] for _ in range(ROUNDS)) > 0


@pytest.mark.parametrize("way", ["killed", "held"])
def test_a_replica_that_is_gone_is_left_out_and_taken_back(whole, way, figure):
    primary, replicas = whole
    one = replicas[0]
    with two_servers(primary, replicas) as servers:
        threading.Timer(2, one.kill if way == "killed" else lambda: one.signal(signal.SIGSTOP)).start()
        seen = crowd(servers.bases[0], ASK, seconds=5, clients=4)
        many = len(seen.answers_ms[200])
        slowest = max(seen.answers_ms[200])
        figure(
            f"a replica is {way} under four clients: answers that failed; the slowest answer",
            f"{seen.unanswered + sum(len(v) for k, v in seen.answers_ms.items() if k != 200)} of {many:,}; {slowest:.0f} ms",
            "0; ≤ 1,500 ms",
        )
        assert seen.unanswered == seen.refused == 0
        assert set(seen.answers_ms) == {200}
        assert slowest < 1_500
        assert servers.missing()[0] == 0
        if way == "killed":
            one.start()
        else:
            one.signal(signal.SIGCONT)
        began = time.monotonic()
        until(lambda: answers(servers) and asked(one) > 0, 20)
        figure(f"a replica that was {way} is asked again after", f"{time.monotonic() - began:.1f} s", "")
        assert servers.missing()[0] == 0


def answers(servers):
    return all(
        httpx.post(f"{servers.bases[0]}/graphql", json={"query": "{ sources { name } }"}).status_code == 200
        for _ in range(4)
    )


def test_a_revoked_key_is_refused_at_once(whole):
    primary, replicas = whole
    with two_servers(primary, replicas) as servers:
        replicas[0].set("recovery_min_apply_delay", "3s")
        for _ in range(3):
            key = servers.new_key()
            token = keys.Token.parse(key)
            assert token
            assert servers.ask(1, FIND, key, id="x").status_code != 401
            keys.revoke(primary.url, token.prefix)
            assert {servers.ask(server, FIND, key, id="x").status_code for server in (0, 1)} == {401}


def test_what_is_no_replica_of_this_database_is_never_asked(whole):
    """The primary itself, for which no write waits either, and nobody."""
    primary, replicas = whole
    looked(primary, [replicas[1].url], trusted=[True], is_waited_for=False)
    looked(primary, [replicas[1].url, primary.url], trusted=[True, False], is_waited_for=False)
    looked(primary, [replicas[1].url, "postgresql://lakana@/lakana?host=/nowhere"], [True, False], is_waited_for=True)


def looked(primary, urls, trusted, is_waited_for):
    async def scene():
        replicas = Replicas(urls, primary.url)
        async with replicas.running(nobody, nobody):
            await asyncio.sleep(2)
            assert [each.is_trusted for each in replicas] == trusted
            began = time.monotonic()
            await replicas.settle()
            assert (time.monotonic() - began >= TRUSTED_S) == is_waited_for
        replicas.close()

    asyncio.run(scene())


def test_only_replicas_of_the_new_primary_are_asked_after_a_promotion():
    """One left behind may have what the new primary never had, and be further in a log that is another one by then."""
    with primary_with_replicas(3, owner.upgrade) as (primary, (new, left, follower)):
        new.run("SELECT pg_promote()")
        follower.run(f"ALTER SYSTEM SET primary_conninfo = 'host={new.sockets} user=lakana application_name=follower'")
        follower.run("SELECT pg_reload_conf()")
        primary.run("CREATE TABLE lost AS SELECT generate_series(1, 10000)")
        until(partial(has_all, left, primary), 20)
        until(partial(has_all, follower, new), 20)
        assert position(left) > position(new)
        new.run("CHECKPOINT")
        until(partial(has_all, follower, new), 20)
        follower.run("CHECKPOINT")
        looked(new, [left.url, follower.url], trusted=[False, True], is_waited_for=True)
