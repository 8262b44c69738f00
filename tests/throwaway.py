"""Folders and clusters that are gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from geo.cluster import postmaster, private
from geo.database.owner import owner_transaction

HASTY = {"fsync": "off", "full_page_writes": "off"}
"""Settings of a cluster that nobody needs once its machine has crashed."""


@contextmanager
def open_folder() -> Iterator[Path]:
    """Return a folder that PostgreSQL's own user may enter, which temporary folders of mode 700 are not."""
    with tempfile.TemporaryDirectory(prefix="lakana-test-") as name:
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
