"""Folders and clusters that are gone afterwards."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from geo.cluster import postmaster, private
from geo.database.owner import owner_transaction

HASTY = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "autovacuum": "off",
}
"""Settings of a cluster that nobody needs once its machine has crashed, and whose databases live for seconds."""
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 12_000_000_000
"""Bytes that four workers may need: a copy of the seeds has 38 MB."""


def _in_memory() -> Path | None:
    """Return a file system in memory, if there is room: there a database is copied in 27 ms, on a disk in 180 ms."""
    if not MEMORY.is_mount() or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    available = re.search(r"^MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return MEMORY if available and int(available[1]) * 1024 > ROOM else None


@contextmanager
def open_folder() -> Iterator[Path]:
    """Return a folder that PostgreSQL's own user may enter, which temporary folders of mode 700 are not."""
    with tempfile.TemporaryDirectory(prefix="lakana-test-", dir=_in_memory()) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextmanager
def running_cluster(*, hasty: bool = False) -> Iterator[str]:
    """Return the owner's address of a cluster; a hasty one never waits for a disk."""
    with open_folder() as folder:
        data_dir = folder / "data"
        try:
            with ExitStack() as stack:
                with mock.patch.dict(postmaster.SETTINGS, HASTY if hasty else {}):
                    url = stack.enter_context(private.running(data_dir))
                yield url
        finally:
            private.discard(data_dir)


def server_log(url: str) -> Path | None:
    """Return the log of PostgreSQL, where it is ours to read."""
    with owner_transaction(url) as connection:
        folder, file = connection.exec_driver_sql(
            "SELECT current_setting('data_directory'), pg_current_logfile()"
        ).one()
    return Path(folder, file) if file and Path(folder, file).exists() else None
