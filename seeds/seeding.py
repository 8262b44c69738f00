"""A pack into the database: its files by the importers, its settings, and illustrative rows where it asks for them."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select, text

from geo.database.owner import owner_transaction, vacuum
from geo.database.tables import admin_area
from geo.errors import BadInput
from geo.progress import Progress, silent
from geo.vocabulary import ServiceCategory
from geo.writes.write import hold_category, hold_words
from seeds.illustration import illustrating
from seeds.packs import loading, manifest, settings
from seeds.packs.loading import Begin
from seeds.packs.manifest import Pack
from seeds.reports.report import Report

USUAL = Path(__file__).with_name("mali")
"""The pack of an empty database of which nobody says anything."""


def is_empty(url: str) -> bool:
    """Return whether the database holds no area yet."""
    with owner_transaction(url) as connection:
        return connection.execute(select(admin_area.c.id).limit(1)).first() is None


def seed(
    url: str, folder: Path = USUAL, *, seed: int = 1, services: int = 0, progress: Progress = silent
) -> list[Report]:
    """Load a pack into a migrated database; loading it again changes what has changed in it.

    A country that is new comes whole or not at all, and who writes waits. Of one that is there already each file is
    loaded for itself, beside whoever writes.

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
        One of each file.

    Raises
    ------
    BadInput
        If the manifest or a file is not as it should be, there are no illustrative rows to number, or those that are
        there were drawn by another number.

    """
    pack = manifest.read(folder)
    if services and pack.illustration is None:
        raise BadInput("services", "this pack has no illustrative rows; leave it out.")
    with owner_transaction(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.seed'))"))
        if is_new := settings.nation(connection, pack) is None:
            _hold_writers(connection)
            reports = _load(lambda: nullcontext(connection), pack, seed, services, progress)
    if not is_new:
        reports = _load(partial(owner_transaction, url), pack, seed, services, progress)
    vacuum(url)
    return reports


def _hold_writers(connection: Connection) -> None:
    """Wait for those who write, in their order: what is logged on the way is held until all is there."""
    hold_words(connection, hidden=True)
    for each in ServiceCategory:
        hold_category(connection, each)


def _load(begin: Begin, pack: Pack, seed: int, services: int, progress: Progress) -> list[Report]:
    reports = loading.load(begin, pack, progress)
    if pack.illustration is not None:
        with begin() as connection:
            nation = settings.nation(connection, pack)
            if nation is not None:
                numbers = {"seed": seed, "services": services}
                illustrating.load(connection, nation, pack.illustration, **numbers, progress=progress)
    return reports
