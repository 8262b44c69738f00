"""The private PostgreSQL + PostGIS cluster: a server of our own that can be reached only by a local socket.

The data lies in ``<data_dir>/cluster``, the socket in a short folder under ``/tmp`` that is named by a hash of the data
folder: a socket's path is limited to about a hundred characters, and two clones must not share a socket. This module
needs only the standard library, so that ``scripts/install`` can call :func:`programs` before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from geo.cluster import postmaster
from geo.cluster.postgresql import Account, account, programs
from geo.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["discard", "programs", "running", "start", "status", "stop"]

ELSEWHERE = Path("/var/lib/lakana")
SOCKETS = Path("/tmp")  # noqa: S108  a folder of mode 700 is made in it, and one of somebody else is refused


def socket_folder(data_dir: Path) -> Path:
    """Return the socket folder of a data folder, whether it exists or not."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()
    return SOCKETS / f"lakana-{digest[:12]}"


def _url(data_dir: Path) -> str:
    return f"postgresql://lakana@/lakana?host={socket_folder(data_dir)}"


@contextmanager
def _locked(data_dir: Path, name: str, kind: int) -> Iterator[int]:
    # If we are root, the server's user must be able to pass through; the files in the folder have their own modes.
    data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    descriptor = os.open(data_dir / name, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield descriptor
    finally:
        os.close(descriptor)


def _own_socket_folder(data_dir: Path, user: Account) -> Path:
    """Make the socket's folder, or take it where it is the server's own.

    Raises
    ------
    SetupError
        Where the path is a symlink, no folder or somebody else's: in ``/tmp`` anybody may have put it there.

    """
    folder = socket_folder(data_dir)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise SetupError(f"{folder} is not the cluster's own folder of mode 700. Remove it and start again.")
    return folder


def _initialise(data_dir: Path, user: Account) -> None:
    """Create the cluster under a temporary name and rename it when it is complete, so that no partial one is found."""
    bin_dir = programs()
    seat = data_dir.resolve()
    if user.other and not user.may_enter(seat):
        ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
        seat = Path(tempfile.mkdtemp(prefix=f"{socket_folder(data_dir).name[7:]}-", dir=ELSEWHERE))
        seat.chmod(0o711)
    new = seat / "cluster.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    os.chown(new, user.uid, user.gid)
    fixed = ("--encoding=UTF8", "--username=lakana", "--auth-local=trust", "--auth-host=reject", "--pgdata", new)
    made = user.run(bin_dir / "initdb", "--locale=C.UTF-8", *fixed)
    if made.returncode:
        made = user.run(bin_dir / "initdb", "--locale=C", *fixed)
    if not made.returncode:
        made = user.run(bin_dir / "postgres", "--single", "-D", new, "postgres", given="CREATE DATABASE lakana\n")
    if made.returncode or "ERROR:" in made.stdout:
        raise SetupError(f"The cluster could not be made: {postmaster.last_line(made.stdout)}")
    new.rename(seat / "cluster")
    if seat != data_dir.resolve():
        (data_dir / "cluster").symlink_to(seat / "cluster")


def _ensure(data_dir: Path) -> None:
    with _locked(data_dir, "cluster.lock", fcntl.LOCK_EX):
        user = account()
        link = data_dir / "cluster"
        if not link.exists():
            link.unlink(missing_ok=True)
            _initialise(data_dir, user)
        home = link.resolve()
        if home.stat().st_uid != user.uid:
            raise SetupError(f"{home} belongs to another user; start Lakana as the user who first did.")
        sockets = _own_socket_folder(data_dir, user)
        found = postmaster.settle(home)
        if found is None:
            postmaster.launch(home, sockets, user)
        elif found.sockets != sockets:
            raise SetupError(f"{home} is in use by the server at {found.sockets}; stop that one first.")


def start(data_dir: Path) -> str:
    """Start the cluster of a data folder, creating it if needed, and leave it running until :func:`stop`.

    Returns
    -------
    str
        The owner's address, ready to connect to. If the cluster is running already, nothing else happens.

    Raises
    ------
    SetupError
        Where the machine lacks something; one line says what to do.

    """
    _ensure(data_dir)
    (data_dir / "cluster.kept").touch(mode=0o600)
    return _url(data_dir)


def status(data_dir: Path) -> str | None:
    """Return the owner's address of the running cluster, ``None`` where it does not run."""
    return _url(data_dir) if postmaster.find((data_dir / "cluster").resolve()) else None


def stop(data_dir: Path) -> bool:
    """Stop the cluster, closing its connections without losing data; return whether it was running."""
    if not data_dir.exists():
        return False
    with _locked(data_dir, "cluster.lock", fcntl.LOCK_EX):
        (data_dir / "cluster.kept").unlink(missing_ok=True)
        home = (data_dir / "cluster").resolve()
        ran = postmaster.halt(home)
        with suppress(OSError):
            socket_folder(data_dir).rmdir()
        return ran


def discard(data_dir: Path) -> None:
    """Stop the cluster and delete its data, wherever it lies: for throw-away clusters."""
    stop(data_dir)
    link = data_dir / "cluster"
    if link.is_symlink() and link.resolve().is_relative_to(ELSEWHERE):
        shutil.rmtree(link.resolve().parent, ignore_errors=True)
        link.unlink()
    shutil.rmtree(link, ignore_errors=True)


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Run the cluster while the context is open; the last user to leave stops it, unless :func:`start` keeps it up.

    A cluster that a killed process left running is stopped when the next user leaves.
    """
    with _locked(data_dir, "cluster.users", fcntl.LOCK_SH) as descriptor:
        _ensure(data_dir)
        try:
            yield _url(data_dir)
        finally:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not (data_dir / "cluster.kept").exists():
                    stop(data_dir)
