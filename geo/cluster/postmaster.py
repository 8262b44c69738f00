"""Starting, finding and stopping the server of the private cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from geo.cluster.postgresql import Account, programs
from geo.errors import SetupError

READY_S, STOP_S, POLL_S = 60, 30, 0.02
FOLDER_LINE, STATE_LINE = 4, 7
"""Line numbers in ``postmaster.pid``, from 0 (PostgreSQL's ``src/include/utils/pidfile.h``)."""
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    # One of our servers may open about sixty connections: eight for each audience and the gate, and those that write.
    "max_connections": "200",
    "shared_buffers": "512MB",
    "fsync": "on",
    # JIT-compiling a plan takes longer than any of our statements.
    "jit": "off",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "%a.log",
    "log_truncate_on_rotation": "on",
    # A statement and its values reveal where somebody looked for help: none reaches a log.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    # Nor do the details of an error: a refused row, or the statement that ran when a process was killed.
    "log_error_verbosity": "terse",
}
# Kept so that we can reap a server that ends: a zombie still has a process id.
_children: dict[int, subprocess.Popen[bytes]] = {}


class Postmaster(NamedTuple):
    """A running server: its process, the folder of its socket, and whether it takes connections."""

    pid: int
    sockets: Path
    ready: bool


def _is_postmaster(pid: int, home: Path) -> bool:
    """Return whether a process is the server of this data: process ids are reused, and a zombie has one too."""
    alive = _works_in(pid, home)
    for ended in [number for number, child in _children.items() if child.poll() is not None]:
        del _children[ended]
    return alive


def _works_in(pid: int, home: Path) -> bool:
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self/cwd").exists():
        shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], check=False, capture_output=True, text=True)
        return "postgres" in shown.stdout
    with suppress(FileNotFoundError, ProcessLookupError):
        try:
            return (process / "cwd").resolve(strict=True) == home.resolve()
        except PermissionError:
            # Root in a container may not read another process's folder, only its arguments; a zombie has none.
            return os.fsencode(home.resolve()) in (process / "cmdline").read_bytes().split(b"\0")
    return False


def find(home: Path) -> Postmaster | None:
    """Return the running server of this data, ``None`` if it is not running."""
    try:
        lines = (home / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    if pid <= 0 or not _is_postmaster(pid, home):
        return None
    folder = Path(lines[FOLDER_LINE]) if len(lines) > FOLDER_LINE else Path()
    return Postmaster(pid, folder, len(lines) > STATE_LINE and lines[STATE_LINE].strip() == "ready")


def last_line(said: str) -> str:
    """Return the line of a program's output that says why it failed."""
    lines = [line for line in said.splitlines() if "FATAL" in line] or said.strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"


def _clear_leftovers(home: Path, sockets: Path) -> None:
    """Remove the files of a killed server, whose process id may be another process's by now.

    ``postmaster.pid`` stays, with our own process id, the new server's parent: PostgreSQL regards that as stale, and
    still checks the shared memory it names for the old server's last processes.
    """
    for leftover in sockets.glob(".s.PGSQL.*"):
        leftover.unlink()
    with suppress(FileNotFoundError), (home / "postmaster.pid").open("r+") as file:
        rest = file.read().splitlines()[1:]
        file.seek(0)
        file.write("\n".join([str(os.getpid()), *rest, ""]))
        file.truncate()


def launch(home: Path, sockets: Path, user: Account) -> None:
    """Start the server and return when it is ready.

    Raises
    ------
    SetupError
        If it does not get ready; the text quotes the last line of its output.

    """
    bin_dir = programs(int((home / "PG_VERSION").read_text()))
    chosen = [f"--{name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": str(sockets)}.items()]
    deadline = time.monotonic() + READY_S
    while True:
        _clear_leftovers(home, sockets)
        with tempfile.TemporaryFile() as said:
            # In a session of its own, so that Ctrl-C reaches only us; we stop the server after open requests.
            child = subprocess.Popen(
                [bin_dir / "postgres", "-D", home, *chosen],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                **user.options(),
            )
            _children[child.pid] = child
            while child.poll() is None and time.monotonic() < deadline:
                if (found := find(home)) and found.pid == child.pid and found.ready:
                    return
                time.sleep(POLL_S)
            said.seek(0)
            words = said.read().decode(errors="replace")
        if child.poll() is None:
            child.send_signal(signal.SIGQUIT)
            child.wait()
        # The last processes of a killed server take a moment to notice that it is gone.
        if time.monotonic() > deadline or "still in use" not in words:
            raise SetupError(f"The database server did not start: {last_line(words)}. Its log: {home / 'log'}")
        time.sleep(0.2)


def settle(home: Path) -> Postmaster | None:
    """Wait until the server is either ready or gone, and return it, ``None`` if it is gone."""
    deadline = time.monotonic() + READY_S
    while (found := find(home)) and not found.ready:
        if time.monotonic() > deadline:
            raise SetupError(f"The database server (process {found.pid}) neither starts nor stops.")
        time.sleep(POLL_S)
    return found


def halt(home: Path) -> bool:
    """Stop the server, closing its connections without losing data; return whether it was running."""
    found = find(home)
    if found is None:
        return False
    # PostgreSQL’s fast shutdown. A server that recovers from a crash may miss it; then the immediate shutdown, after
    # which the next start recovers as from a crash.
    for number in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(found.pid, number)
        deadline = time.monotonic() + STOP_S
        while time.monotonic() < deadline:
            if not _is_postmaster(found.pid, home):
                return True
            time.sleep(POLL_S)
    raise SetupError(f"The database server (process {found.pid}) does not stop.")
