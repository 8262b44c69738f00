"""What comes before the door: heads, pipelines and connections that would keep everybody waiting are cut short."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse

from api.app import Lately
from api.http import shedding
from api.http.connection import (
    BODY_PARTS,
    BYTES_A_PART,
    HEAD_BYTES,
    HEAD_LINES,
    PARAMETERS,
    PIPELINED,
    URL_BYTES,
    Connection,
)
from api.http.graphql_request import MAX_BRACKETS
from api.http.shedding import Doorkeeper, Shedding
from api.identity.concurrency import Door
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(scope="module")
def base(seeded_url):
    with served(seeded_url) as (base, _):
        yield base


def sent(base, data):
    """Send bytes as they are; everything that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2])), timeout=10) as line:
        answer = b""
        try:
            line.sendall(data)
            while part := line.recv(65_536):
                answer += part
        except TimeoutError:
            raise
        except OSError:
            pass
        return answer


CLOSE = "Connection: close"


def head(url="/livez", *headers):
    lines = [f"GET {url} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode()


WITHIN = {
    "an address": head("/livez?" + "a" * (URL_BYTES - 7), CLOSE),
    "parameters": head("/livez?" + "&".join("a" for _ in range(PARAMETERS + 1)), CLOSE),
    "headers": head("/livez", CLOSE, *(f"x-{n}: 1" for n in range(HEAD_LINES - 2))),
    "a header": head("/livez", CLOSE, "x: " + "a" * (HEAD_BYTES - 21)),
}
BEYOND = {
    "an address": head("/livez?" + "a" * URL_BYTES),
    "parameters": head("/livez?" + "&".join("a" for _ in range(PARAMETERS + 2))),
    "headers": head("/livez", CLOSE, *(f"x-{n}: 1" for n in range(HEAD_LINES - 1))),
    "a header": head("/livez", "accept: " + "," * HEAD_BYTES),
}


@pytest.mark.parametrize("what", WITHIN)
def test_a_head_as_large_as_it_may_be(base, what):
    assert sent(base, WITHIN[what]).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("what", BEYOND)
def test_a_head_that_is_larger(base, what):
    assert sent(base, BEYOND[what]).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n", b"400"),
        (b"GET /livez HTTP/1.1\r\nhost: a\r\nHost: b\r\nconnection: close\r\n\r\n", b"400"),
        (b"GET /livez HTTP/1.1\r\nHOST:\r\nconnection: close\r\n\r\n", b"200"),
        (b"GET /livez HTTP/1.0\r\n\r\n", b"200"),
    ],
)
def test_a_request_names_its_host_once(base, asked, status):
    """RFC 9112, section 3.2; those of HTTP/1.0 need not."""
    assert sent(base, asked).split(b" ")[1] == status


def test_a_header_without_end_is_not_gathered(base):
    began = time.monotonic()
    answer = sent(base, b"GET / HTTP/1.1\r\nx: " + b"a" * 40_000_000)
    assert b"200" not in answer[:20]
    assert time.monotonic() - began < 2
    assert httpx.get(f"{base}/livez").status_code == 200


def test_a_pipeline_is_cut(base):
    few = sent(base, head() * (PIPELINED - 1) + head("/livez", CLOSE))
    assert few.count(b"HTTP/1.1 200") == PIPELINED
    many = sent(base, head() * 12_000)
    assert many.count(b"HTTP/1.1 200") <= PIPELINED + 1


POST = (
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n"
)


def chunked(body, size):
    parts = (body[start : start + size] for start in range(0, len(body), size))
    return POST + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_a_body_in_crumbs_is_cut(base):
    """99,000 chunks of one byte, six times at once, kept everybody waiting for more than a second."""
    body = b'{"query": "{ __typename }", "x": "%s"}' % (b"a" * 90_000)
    assert sent(base, chunked(body, 4_096)).startswith(b"HTTP/1.1 200")
    began = time.monotonic()
    answer = sent(base, chunked(body, 1))
    assert not answer.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 1
    assert len(body) // BYTES_A_PART > BODY_PARTS


NOTHING = b'{"query": "{ __typename }"}'
BEHIND = {
    "a trailer": chunked(NOTHING, 4_096)[:-2] + b"x-a: b\r\n\r\n",
    "a key in a trailer": chunked(NOTHING, 4_096)[:-2] + b"authorization: Bearer lakana_x\r\n\r\n",
    "a trailer without end": chunked(NOTHING, 4_096)[:-2] + b"x-a: " + b"a" * 40_000_000,
    "the name of a trailer without end": chunked(NOTHING, 4_096)[:-2] + b"a" * 40_000_000,
    "words beside a chunk's size": chunked(NOTHING, 4_096)[:-5] + b"0;x=" + b"a" * 1_000_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("what", BEHIND)
def test_nothing_but_a_body_comes_behind_a_head(base, what):
    """A trailer without end was joined anew with each part: everybody waited for seconds."""
    began = time.monotonic()
    answer = sent(base, BEHIND[what])
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    assert time.monotonic() - began < 2
    assert httpx.get(f"{base}/livez").status_code == 200


def test_words_beside_a_chunks_size_may_be_short(base):
    assert sent(base, POST + b"%x;x=y\r\n%s\r\n0;z\r\n\r\n" % (len(NOTHING), NOTHING)).startswith(b"HTTP/1.1 200")


def test_heads_that_are_begun_hold_no_more_than_an_address_may(seeded_url):
    """1,000 heads of 155 kB that were never finished held 155 MB."""
    begun, rest = b"GET /livez HTTP/1.1\r\nconnection: close\r\nx: " + b"a" * 9_000, b"\r\nhost: x\r\n\r\n"
    with (
        served(seeded_url, before="import api.http.shedding as s; s.HELD_BYTES = 250_000") as (base, _),
        ExitStack() as ends,
    ):

        def begin(address):
            where = ("127.0.0.1", int(base.rpartition(":")[2]))
            line = ends.enter_context(socket.create_connection(where, timeout=0.3, source_address=(address, 0)))
            line.sendall(begun)
            return line

        waiting = [line for line in [begin("127.0.0.2") for _ in range(40)] if not is_closed(line)]
        assert 15 <= len(waiting) <= 250_000 // 9_000
        for line in (waiting[0], begin("127.0.0.3")):
            line.sendall(rest)
            assert line.recv(100).startswith(b"HTTP/1.1 200")
        ends.pop_all().close()
        assert [sent(base, begun + rest)[:12] for _ in range(40)] == [b"HTTP/1.1 200"] * 40


def is_closed(line):
    """Whether the server has ended a connection; an open one waits for the rest."""
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_bodies_that_are_begun_hold_no_more_than_an_address_may(monkeypatch):
    """4,000 bodies that were never finished held 400 MB."""
    monkeypatch.setattr(shedding, "HELD_BYTES", 250_000)
    app = Shedding(PlainTextResponse("done"), Doorkeeper(Door(8), CollectorRegistry()))
    statuses = []

    async def begin(address):
        given: list[dict[str, Any]] = [{"type": "http.request", "body": b"a" * 99_000, "more_body": True}]

        async def receive():
            if not given:
                await asyncio.sleep(60)
            return given.pop()

        async def send(message):
            statuses.append((address, message.get("status")))

        scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": [], "client": (address, 1)}
        await app(scope, receive, send)

    async def crowd():
        begun = [asyncio.ensure_future(begin("192.0.2.1")) for _ in range(4)] + [
            asyncio.ensure_future(begin("192.0.2.9"))
        ]
        await asyncio.sleep(0.2)
        for each in begun:
            each.cancel()
        await asyncio.gather(*begun, return_exceptions=True)

    asyncio.run(crowd())
    assert ("192.0.2.1", 503) in statuses
    assert {address for address, _ in statuses} == {"192.0.2.1"}
    assert not shedding._held


def test_a_body_of_very_many_lists(base):
    lists = ",".join("[]" for _ in range(MAX_BRACKETS))
    for body in (f"[{lists}]", f'{{"query": 1, "x": [{lists}]}}'):
        answer = httpx.post(f"{base}/graphql", content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, "lists and objects" in answer.text) == (400, True)


def test_one_address_has_a_quarter_of_the_connections(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (40, 40))
    monkeypatch.setattr("uvicorn.protocols.http.httptools_impl.HttpToolsProtocol.connection_made", lambda *_: None)
    monkeypatch.setattr("uvicorn.protocols.http.httptools_impl.HttpToolsProtocol.connection_lost", lambda *_: None)
    aborted, loop = [], SimpleNamespace(call_later=lambda *_: SimpleNamespace(cancel=lambda: None))

    def opened(address):
        one: Any = Connection.__new__(Connection)
        one.client, one.loop, one.cycle = (address, 1), loop, None
        one.connection_made(SimpleNamespace(abort=lambda: aborted.append(address)))
        return one

    lines = [opened("192.0.2.1") for _ in range(11)]
    opened("192.0.2.2")
    assert aborted == ["192.0.2.1"]
    for each in lines:
        each.connection_lost(None)
    assert "192.0.2.1" not in Connection._open


def test_figures_and_readiness_are_found_once_for_all():
    found = 0

    async def find():
        nonlocal found
        found += 1
        await asyncio.sleep(0.01)
        return PlainTextResponse("ready")

    async def crowd():
        lately = Lately(find, 0)
        return await asyncio.gather(*(lately.get() for _ in range(200)))

    assert {each.body for each in asyncio.run(crowd())} == {b"ready"}
    assert found == 1
