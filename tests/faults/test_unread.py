"""Answers that nobody reads: they take no place, little memory, and none for long."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from api.http.connection import PIPELINED, SEND_BUFFER_BYTES
from tests.faults.broken import until
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

ASSET = "/assets/graphiql/graphiql.min.js"
ASSET_BYTES = 977_984
QUESTION = {"query": "{ sources { name } }"}
PATIENT = "import api.http.connection as c; c.TAKE_S = 60"
HASTY = "import api.http.connection as c; c.TAKE_S = 1"
FRUGAL = f"import api.http.connection as c; c.TAKE_S = 60; c.UNREAD_BYTES = {4 * ASSET_BYTES}"
CONTROL = pytest.param(
    f"{PATIENT}; c.bound_unread = lambda listener: None; import api.http.shedding as s; "
    "s._leaving = lambda entry, send: send; import api.identity.concurrency as d; d.PATIENCE_S = 0; "
    "c.Connection._start_asgi_task = c.HttpToolsProtocol._start_asgi_task",
    True,
    marks=pytest.mark.control,
)


def unread(ends, base, address, times=1):
    """Ask for a large file over a connection of an address, several times at once, and read nothing."""
    line = ends.enter_context(socket.socket())
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    line.bind((address, 0))
    line.connect(("127.0.0.1", port_of(base)))
    line.sendall(f"GET {ASSET} HTTP/1.1\r\nhost: x\r\n\r\n".encode() * times)
    return line


def port_of(base):
    return int(base.rpartition(":")[2])


def kept_by_the_kernel(base):
    """Return the bytes that wait in the server's sockets, those that it has closed included."""
    own = f":{port_of(base):04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(line[4].partition(":")[0], 16) for line in lines if line[1].endswith(own) and line[3] != "0A")


def statuses(base, addresses, each=3, times=5):
    """Ask from several addresses, each several times at once."""
    seen: Counter[int] = Counter()

    def ask(address):
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(transport=transport, base_url=base, timeout=30) as client:
            for _ in range(times):
                seen[client.post("/graphql", json=QUESTION).status_code] += 1

    crowd = [threading.Thread(target=ask, args=(address,)) for address in addresses for _ in range(each)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return seen


@pytest.mark.parametrize(("before", "refuses"), [(PATIENT, False), CONTROL])
def test_who_reads_nothing_takes_nobodys_place(seeded_url, tmp_path, before, refuses, figure):
    """Two addresses of twenty connections each held every place while the kernel's buffers were full."""
    log = tmp_path / "log"
    with served(seeded_url, before=before, log=str(log)) as (base, _):
        with ExitStack() as ends:
            for address in ("127.0.0.2", "127.0.0.3"):
                for _ in range(20):
                    unread(ends, base, address, PIPELINED)
            time.sleep(1)
            seen = statuses(base, [f"127.0.0.{number}" for number in range(10, 18)])
            kept = kept_by_the_kernel(base)
        time.sleep(0.5)
    told = f"{seen[503]} of {seen.total()}, {kept / 1e6:.0f} MB"
    if refuses:
        figure("the same with the kernel's buffers, and places kept until the answer is sent", told, "(worse)")
        assert seen[503] > 0
    else:
        figure("40 connections of two addresses read nothing: others refused, and kept by the kernel", told, "0")
        assert seen == {200: seen.total()}
        assert kept <= 40 * 2 * SEND_BUFFER_BYTES
        assert "ASGI" not in log.read_text()


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux limits how long closed sockets wait")
def test_what_is_not_read_is_forgotten_in_time(seeded_url):
    """641 MB of 380 answers were still there 74 s later. What fits the buffer is closed and forgotten as well."""
    with served(seeded_url, before=HASTY) as (base, _), ExitStack() as ends:
        for _ in range(10):
            unread(ends, base, "127.0.0.2")
        until(lambda: 0 < kept_by_the_kernel(base) <= 10 * 2 * SEND_BUFFER_BYTES, 5)
        until(lambda: kept_by_the_kernel(base) == 0, 10)


def test_what_one_address_does_not_read_is_bounded(seeded_url):
    with served(seeded_url, before=FRUGAL) as (base, _), ExitStack() as ends:
        lines = [unread(ends, base, "127.0.0.2") for _ in range(12)]
        time.sleep(1)
        whole = [taken(line) >= ASSET_BYTES for line in lines]
        assert 4 <= sum(whole) <= 5  # a part of each is kept by the kernel
        assert statuses(base, ["127.0.0.2"]) == {200: 15}
        assert taken(unread(ends, base, "127.0.0.2")) >= ASSET_BYTES


def taken(line):
    """Read what there is, and return how many bytes."""
    line.settimeout(1)
    many = 0
    try:
        while piece := line.recv(1 << 20):
            many += len(piece)
    except OSError:
        pass
    return many
