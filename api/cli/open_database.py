"""The database that the settings name, started where it is ours, with the schema of this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.settings import Settings


@contextmanager
def open_database() -> Iterator[tuple[Settings, str]]:
    """Open it, with the settings, for a command."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415

    loaded = settings.load()
    with database(loaded) as url:
        upgrade(url)
        yield loaded, url
