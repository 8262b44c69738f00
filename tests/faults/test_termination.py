"""SIGTERM: what has been asked is answered, and nobody new is let in."""

from __future__ import annotations

import signal
import socket
import threading
import time

import httpx
import psycopg2
import pytest

from tests.benchmarks.statements import NEAREST
from tests.faults.broken import until
from tests.faults.crowd import crowd, post
from tests.faults.sizes import FULL
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

IN_FLIGHT = 8
ROUNDS = 5 if FULL else 1
AT_ONCE = "import api.cli.serve; api.cli.serve.DRAIN_S = 0.1"
ABRUPT = "from api.http.connection import Connection as c; del c.shutdown, c.on_headers_complete"


def waiting(url):
    """Count the statements that wait for a lock."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        [many] = cursor.fetchone()
    connection.close()
    return many


def held(url, base, process):
    """Ask what waits for a lock, end the server, then give the lock back; tell the statuses, 0 for what was cut."""
    lock = psycopg2.connect(url)
    lock.cursor().execute("LOCK TABLE lakana.travel_estimate IN ACCESS EXCLUSIVE MODE")
    statuses, threads = [], []

    def ask():
        try:
            statuses.append(httpx.post(f"{base}/graphql", json={"query": "{ travelEstimates { mode } }"}).status_code)
        except httpx.HTTPError:
            statuses.append(0)

    for _ in range(IN_FLIGHT):
        threads.append(threading.Thread(target=ask))
        threads[-1].start()
    until(lambda: waiting(url) == IN_FLIGHT, 10)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert not listening(base)
    lock.close()
    for thread in threads:
        thread.join()
    process.wait(10)
    return statuses


def test_what_waits_in_the_database_is_answered(seeded_url, figure):
    # One address may use half of the connections.
    with served(seeded_url, LAKANA_CONNECTIONS=str(2 * IN_FLIGHT)) as (base, process):
        assert held(seeded_url, base, process) == [200] * IN_FLIGHT
        assert process.returncode == 0


@pytest.mark.control
def test_it_would_be_cut_without_waiting(seeded_url):
    with served(seeded_url, before=AT_ONCE, LAKANA_CONNECTIONS=str(2 * IN_FLIGHT)) as (base, process):
        assert 200 not in held(seeded_url, base, process)


def ended_under_load(url):
    with served(url) as (base, process):
        threading.Timer(1.5, process.send_signal, [signal.SIGTERM]).start()
        seen = crowd(base, [post(NEAREST, {"lon": -5.0, "lat": 12.0})], seconds=3, clients=32)
        process.wait(10)
    assert len(seen.answers_ms[200]) > 100
    assert seen.refused
    return seen


def test_no_request_is_cut_under_load(seeded_url, figure):
    seen = [ended_under_load(seeded_url) for _ in range(ROUNDS)]
    answered = sum(len(taken) for each in seen for taken in each.answers_ms.values())
    cut = sum(each.unanswered for each in seen)
    figure(f"SIGTERM under 32 clients, {ROUNDS} times: requests cut", f"{cut} of {answered:,}", "0")
    assert cut == 0


def last_word(url, before="pass"):
    """Ask on an open connection as soon as the server lets nobody new in; tell the status, 0 where it has hung up."""
    with served(url, before=before) as (base, process), httpx.Client(base_url=base) as client:
        assert client.get("/livez").status_code == 200
        process.send_signal(signal.SIGTERM)
        while listening(base):
            time.sleep(0.002)
        try:
            return client.get("/livez").status_code
        except httpx.HTTPError:
            return 0


def listening(base):
    try:
        socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2]))).close()
    except ConnectionRefusedError:
        return False
    return True


def test_what_is_asked_while_the_server_leaves_is_answered(seeded_url):
    assert 200 in [last_word(seeded_url) for _ in range(3)]


@pytest.mark.control
def test_it_would_not_be_without_a_last_word(seeded_url):
    assert 200 not in [last_word(seeded_url, ABRUPT) for _ in range(3)]
