"""The log has no room: a line is lost and counted, and nobody who logs is disturbed."""

from __future__ import annotations

import re
import socket

import httpx
import pytest

from tests.faults.broken import until
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

FULL_ONCE = """
import errno, geo.audit, geo.processes.beside
geo.processes.beside.AGAIN_S = 0.2
write, tried = geo.audit.append_lines, []
def full_once(path, lines):
    if path.name == geo.audit.FILE:
        tried.append(lines)
        if len(tried) == 1:
            raise OSError(errno.ENOSPC, "no room")
    write(path, lines)
geo.audit.append_lines = full_once
"""


def test_a_full_disk_that_holds_the_log_ends_nothing(seeded_url, tmp_path, figure):
    """The task that anchors the audit log failed at reporting its failure and ended for good, as all others did."""
    before = f"exec({FULL_ONCE!r})"
    with served(seeded_url, before=before, log="/dev/full", LAKANA_DATA_DIR=str(tmp_path)) as (base, _):
        where = ("127.0.0.1", int(base.rpartition(":")[2]))
        with socket.create_connection(where, timeout=5) as line:  # an answer that could not be logged ended it
            for _ in range(3):
                line.sendall(b"GET /schema.graphql HTTP/1.1\r\nhost: x\r\nif-none-match: *\r\n\r\n")
                assert answer(line).startswith(b"HTTP/1.1 200")
        until((tmp_path / "audit.anchors").exists, 10)
        lost = re.search(r"^lakana_log_lines_lost_total (\d+)", httpx.get(f"{base}/metrics").text, re.MULTILINE)
    assert lost
    assert int(lost[1]) >= 4  # the failure and three requests
    figure("the log's disk is full: answers on one connection, tasks that go on", "3 of 3, all", "all")


def answer(line):
    whole = b""
    while b"\r\n\r\n" not in whole:
        piece = line.recv(65_536)
        assert piece, "the connection was closed"
        whole += piece
    head, _, body = whole.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length
    while len(body) < int(length[1]):
        body += line.recv(65_536)
    return head
