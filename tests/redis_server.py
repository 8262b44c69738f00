"""A Redis of the test's own, as Debian brings it: on a socket in a folder that is gone afterwards."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")


class RedisServer:
    """A server that can be killed, held and started again at the same address; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis"
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert PROGRAM
        given = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir", str(self._socket.parent)]
        self._process = subprocess.Popen([PROGRAM, *given], stdout=subprocess.DEVNULL)
        latest = time.monotonic() + 10
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:
                    line.connect(str(self._socket))
            except OSError:
                assert time.monotonic() < latest
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def hold(self) -> None:
        """Let it say nothing, and keep its connections, as behind a broken network."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    if PROGRAM is None:
        pytest.skip("no redis-server was found")
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()
