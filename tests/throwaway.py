"""Folders and clusters that are gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.cluster import private


@contextmanager
def open_folder() -> Iterator[Path]:
    """Return a folder that PostgreSQL's own user may enter, which temporary folders of mode 700 are not."""
    with tempfile.TemporaryDirectory(prefix="lakana-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextmanager
def running_cluster() -> Iterator[str]:
    """Return the owner's address of a cluster."""
    with open_folder() as folder:
        data_dir = folder / "data"
        try:
            with private.running(data_dir) as url:
                yield url
        finally:
            private.discard(data_dir)
