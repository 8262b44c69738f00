"""A pack into the database: by the importers, and where it says so by readers of its own with illustrative rows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from geo.database.owner import owner_transaction
from geo.database.tables import admin_area
from geo.errors import BadInput
from geo.progress import Progress, silent
from seeds import mali
from seeds.packs import loading, manifest
from seeds.reports.report import Report

USUAL = mali.FOLDER
"""The pack of an empty database of which nobody says anything."""


def is_empty(url: str) -> bool:
    """Return whether the database holds no area yet."""
    with owner_transaction(url) as connection:
        return connection.execute(select(admin_area.c.id).limit(1)).first() is None


def seed(url: str, folder: Path, *, seed: int = 1, services: int = 0, progress: Progress = silent) -> list[Report]:
    """Load a pack into a migrated database.

    Parameters
    ----------
    url
        The owner's address.
    folder
        The pack's.
    seed, services
        The number that illustrative rows are drawn by, and how many further services to make; only for a pack that has
        illustrative rows.
    progress
        Told of each step.

    Returns
    -------
    list of Report
        One of each file that the importers read.

    Raises
    ------
    BadInput
        If the manifest or a file is not as it should be, or there are no illustrative rows to number.

    """
    pack = manifest.read(folder)
    if pack.readers is not None:
        mali.seed(url, seed=seed, services=services, progress=progress)
        return []
    if services:
        raise BadInput("services", "this pack has no illustrative rows; leave it out.")
    return loading.load(url, pack, progress)
