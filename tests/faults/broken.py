"""Servers of a test's own, and ways to break them. Only processes of the given data folder are ever touched."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg2

from geo.cluster import private

QUESTION = {"query": "{ sources { name } }"}
POLL_S = 0.01


def postmaster_of(data_dir: Path) -> int:
    """Return the number of the database server's first process."""
    return int((data_dir / "cluster/postmaster.pid").read_text().splitlines()[0])


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started, by any of its threads."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in tasks for child in each.read_text().split()]


def kill(data_dir: Path) -> None:
    """Kill the database server with all its processes, as a loss of power would."""
    first = postmaster_of(data_dir)
    os.kill(first, signal.SIGSTOP)  # so that it starts no new process meanwhile
    for pid in [*children_of(first), first]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: private.status(data_dir) is None, 10)


def kill_a_backend(data_dir: Path, url: str) -> None:
    """Kill one of the processes that serve us, at which PostgreSQL ends all others and starts again."""
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'lakana' LIMIT 1")
        (pid,) = cursor.fetchone()
    # Not in a transaction of ours, which would be aborted as well.
    connection.close()
    assert pid in children_of(postmaster_of(data_dir))
    os.kill(pid, signal.SIGKILL)


def end_backends(_data_dir: Path, url: str) -> None:
    """End all connections that serve us."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'lakana'"
        )
        assert cursor.fetchone()[0] > 0
    connection.close()


def restart(data_dir: Path, _url: str) -> None:
    """Stop the database server and start it again."""
    private.stop(data_dir)
    private.start(data_dir)


def answers(url: str) -> bool:
    """Tell whether the database takes a new connection and answers."""
    try:
        connection = psycopg2.connect(url, connect_timeout=2)
    except psycopg2.Error:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error:
        return False
    finally:
        connection.close()
    return True


def until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait until something holds, and give the seconds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() < began + seconds, f"not within {seconds} s"
        time.sleep(POLL_S)
    return time.monotonic() - began


def serves(client: httpx.Client, times: int = 10) -> bool:
    """Tell whether the service is ready and answers a question, as often in a row as it has connections and more."""
    return client.get("/readyz").status_code == 200 and all(
        client.post("/graphql", json=QUESTION).status_code == 200 for _ in range(times)
    )
