"""A primary of the test's own, and streaming replicas of it that really run: made, held up, killed, promoted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

from geo.cluster import postmaster, private
from geo.cluster.postgresql import account, programs
from tests.throwaway import open_folder


def processes_of(home: Path) -> list[int]:
    """Return a server's processes, the first one first."""
    first = int((home / "postmaster.pid").read_text().splitlines()[0])
    with suppress(FileNotFoundError):
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *(int(each) for each in children)]
    return [first]


class Server:
    """A database server in a folder, with its socket beside it."""

    def __init__(self, home: Path, sockets: Path) -> None:
        self.home, self.sockets = home, sockets
        self.url = f"postgresql://lakana@/lakana?host={sockets}"

    def signal(self, number: int) -> None:
        for pid in processes_of(self.home):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """Kill it with all its processes, as a loss of power would."""
        pids = processes_of(self.home)
        os.kill(pids[0], signal.SIGSTOP)  # so that it starts no new process meanwhile
        for pid in reversed(processes_of(self.home)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while postmaster.find(self.home):
            time.sleep(0.01)

    def start(self) -> None:
        postmaster.launch(self.home, self.sockets, account())

    def stop(self) -> None:
        with suppress(FileNotFoundError, ValueError):
            self.signal(signal.SIGCONT)
        postmaster.halt(self.home)

    def run(self, statement: str) -> list[tuple]:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def set(self, name: str, value: str) -> None:
        self.run(f"ALTER SYSTEM SET {name} = '{value}'")
        self.run("SELECT pg_reload_conf()")


def copy_of(primary: Server, folder: Path, name: str) -> Server:
    """Make a streaming replica of a primary, and start it."""
    home, sockets = folder / name, folder / f"{name}-socket"
    for each in (home, sockets):
        each.mkdir(mode=0o700)
        os.chown(each, account().uid, account().gid)
    made = account().run(
        programs() / "pg_basebackup",
        *("-h", primary.sockets, "-U", "lakana", "-D", home, "--checkpoint=fast", "-X", "stream"),
        *("-d", f"application_name={name}", "--write-recovery-conf"),
    )
    assert made.returncode == 0, made.stdout
    server = Server(home, sockets)
    server.start()
    return server


@contextmanager
def primary_with_replicas(many: int, fill: Callable[[str], None]) -> Iterator[tuple[Server, list[Server]]]:
    """Give a primary, filled, and its replicas."""
    with open_folder() as folder:
        data_dir = folder / "data"
        replicas: list[Server] = []
        try:
            with private.running(data_dir) as url:
                fill(url)
                primary = Server((data_dir / "cluster").resolve(), private.socket_folder(data_dir))
                replicas += [copy_of(primary, folder, f"replica{number}") for number in range(1, many + 1)]
                yield primary, replicas
        finally:
            for each in replicas:
                each.stop()
            private.discard(data_dir)
