"""Clients that send or take too slowly: they are given up, and meanwhile take nobody's place."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress

import httpx
import psycopg2
import pytest

from api.http.connection import PIPELINED
from tests.faults.crowd import post
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

PATIENCE_S = 0.5
HASTY = f"import api.http.connection as c; c.SEND_S = c.TAKE_S = {PATIENCE_S}"
PATIENT = "import api.http.connection as c; c.SEND_S = c.TAKE_S = 60"
PLACE_FIRST = """
import api.http.shedding as shedding
async def let_in(self, scope, receive):
    entry = self._door.entry(scope["client"], None)
    if entry.has_room() and await entry.take():
        scope[shedding.KEY] = entry
        return await self._read(receive, "")
    return None
shedding.Doorkeeper.let_in = let_in
"""
ADMITTED_UNREAD = f"exec({PLACE_FIRST!r})"
QUESTION = "{ sources { name } }"
MORE_THAN_ARE_LET_IN = 60


@pytest.fixture(scope="module")
def base(seeded_url):
    with served(seeded_url, before=HASTY) as (base, _):
        yield base


def connect(base, receive_bytes=0):
    line = socket.socket()
    if receive_bytes:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    line.settimeout(0.05)
    line.connect(("127.0.0.1", int(base.rpartition(":")[2])))
    return line


def is_given_up(line, trickle=b"", within_s=4 * PATIENCE_S):
    """Send a little again and again; tell whether the server closes the connection in time."""
    began = time.monotonic()
    while time.monotonic() < began + within_s:
        try:
            line.sendall(trickle)
            if line.recv(100) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


TOO_SLOW = {
    "nothing": (b"", b""),
    "empty lines": (b"", b"\r\n"),
    "headers": (b"POST /graphql HTTP/1.1\r\n", b"x-more: 1\r\n"),
    "a body": (
        b"POST /graphql HTTP/1.1\r\nhost: lakana.test\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n",
        b" ",
    ),
    "a chunked body": (
        b"POST /graphql HTTP/1.1\r\nhost: lakana.test\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        b"1\r\n \r\n",
    ),
}


@pytest.mark.parametrize("name", TOO_SLOW)
def test_who_sends_too_slowly_is_given_up(base, name):
    first, trickle = TOO_SLOW[name]
    with connect(base) as line:
        line.sendall(first)
        assert is_given_up(line, trickle)


def taken(line):
    """Take what the server has sent; give how many bytes until it ended the connection."""
    many = 0
    with suppress(ConnectionResetError):
        while piece := line.recv(1 << 20):
            many += len(piece)
    return many


@pytest.mark.parametrize("late", [True, False])
def test_who_takes_too_slowly_is_given_up(base, late):
    asset = "/assets/graphiql/graphiql.min.js"
    size = len(httpx.get(base + asset).content)
    with connect(base, receive_bytes=4096) as line:
        line.sendall(f"GET {asset} HTTP/1.1\r\nhost: x\r\n\r\n".encode() * PIPELINED)
        time.sleep(4 * PATIENCE_S if late else 0)
        line.settimeout(10)
        assert (taken(line) < PIPELINED * size) is late


def test_who_reads_slowly_is_waited_for(base):
    """As over a telephone's connection, for eight times as long as nothing may be read."""
    asset = "/assets/graphiql/graphiql.min.js"
    size = len(httpx.get(base + asset).content)
    many = 0
    with connect(base, receive_bytes=8_192) as line:
        line.settimeout(5)
        line.sendall(f"GET {asset} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        began = time.monotonic()
        while piece := line.recv(16_384):
            many += len(piece)
            time.sleep(max(0.0, began + 8 * PATIENCE_S * many / size - time.monotonic()))
    assert many > size


@pytest.mark.control
def test_both_would_wait_for_ever(seeded_url):
    with served(seeded_url, before=PATIENT) as (base, _), connect(base) as line:
        line.sendall(TOO_SLOW["headers"][0])
        assert not is_given_up(line, TOO_SLOW["headers"][1])


def test_who_waits_for_a_long_answer_is_not(base, seeded_url):
    lock = psycopg2.connect(seeded_url)
    lock.cursor().execute("LOCK TABLE lakana.source IN ACCESS EXCLUSIVE MODE")
    with connect(base) as line:
        line.sendall(post(QUESTION))
        time.sleep(3 * PATIENCE_S)
        lock.close()
        line.settimeout(5)
        assert line.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("path", ["/nearest", "/exports/services.csv", "/signin"])
def test_what_a_body_has_too_much_is_not_waited_for(seeded_url, path):
    """A page that read on took a place for as long, and memory for 50 MB."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900000\r\n\r\n".encode()
    )
    with served(seeded_url, before=PATIENT) as (base, _):
        slow = [connect(base) for _ in range(MORE_THAN_ARE_LET_IN)]
        for line in slow:
            line.sendall(head + b" " * 100_100)
        time.sleep(0.3)
        answer = httpx.post(f"{base}/graphql", json={"query": QUESTION})
        for line in slow:
            line.close()
    assert answer.status_code == 200


def test_a_body_that_is_broken_off_is_no_fault_of_ours(base):
    for path in ("/nearest", "/signin", "/exports/services.csv"):
        with connect(base) as line:
            line.sendall(f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nab".encode())
            time.sleep(0.1)
    time.sleep(0.3)
    figures = httpx.get(f"{base}/metrics").text
    assert 'status="200"' in figures  # control: requests are counted
    assert 'status="500"' not in figures


def test_far_more_than_is_taken_ends_the_connection(base):
    with connect(base) as line:
        line.settimeout(10)
        line.sendall(b"POST /nearest HTTP/1.1\r\nhost: x\r\ncontent-length: 50000000\r\n\r\n")
        with pytest.raises(OSError):
            line.sendall(b" " * 50_000_000)


@pytest.mark.parametrize(("before", "status"), [(PATIENT, 200), (f"{PATIENT}; {ADMITTED_UNREAD}", 503)])
def test_slow_bodies_take_nobodys_place(seeded_url, before, status):
    """Unless a place were taken before the body is read."""
    with served(seeded_url, before=before) as (base, _):
        slow = [connect(base) for _ in range(MORE_THAN_ARE_LET_IN)]
        for line in slow:
            line.sendall(TOO_SLOW["a body"][0] + b"{")
        time.sleep(0.3)
        answer = httpx.post(f"{base}/graphql", json={"query": QUESTION})
        for line in slow:
            line.close()
    assert answer.status_code == status
    if status == 503:
        assert answer.headers["retry-after"] == "1"
        [error] = json.loads(answer.content)["errors"]
        assert error["extensions"] == {"code": "UNAVAILABLE"}
