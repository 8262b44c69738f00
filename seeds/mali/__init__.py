"""Mali: real areas, towns, census figures and organisations; an illustrative directory. See ``SOURCES.md``."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import Connection, select, text

from geo import audit
from geo.database.owner import owner_transaction, vacuum
from geo.database.tables import admin_area, source
from geo.errors import BadInput
from geo.progress import Progress, silent
from geo.writes import zones
from seeds.mali import (
    areas,
    codes,
    demand,
    directory,
    ground,
    incidents,
    localities,
    pathways,
    scale,
    shelters,
    sources,
    trainings,
    workshop,
)
from seeds.packs import manifest, settings

FOLDER = Path(__file__).parent
PACK = manifest.read(FOLDER)
"""The settings of the country; its files are read by the readers of this package."""

STEPS = (
    "areas",
    "towns",
    "demand points",
    "organisations",
    "directory and distances",
    "shelters",
    "pathways and trainings",
    "incidents",
)


def _is_there(connection: Connection) -> bool:
    """Return whether Mali is in the database; other countries may be there before it."""
    ours = admin_area.c.scheme == codes.COD, admin_area.c.level == 0
    found = select(admin_area.c.id).where(*ours, admin_area.c.code.in_((codes.NATION, codes.FORMER_NATION)))
    return connection.execute(found.limit(1)).first() is not None


def seed(url: str, *, seed: int = 1, services: int = 0, progress: Progress = silent) -> None:
    """Load Mali into a migrated database, all or nothing; what is there already stays as it is.

    Parameters
    ----------
    url
        The owner's address.
    seed
        The number that the illustrative rows are drawn by: the same number gives the same rows.
    services
        How many further services to make, for measuring.
    progress
        Told of each step.

    Raises
    ------
    BadInput
        Where Mali is there already, seeded by another number or from other files.

    """
    with owner_transaction(url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.seed'))"))
        with audit.bulk(connection, "country", name="Mali", seed=seed, services=services):
            if not _is_there(connection):
                _load(connection, seed, progress)
            else:
                _check_same(connection, seed)
                settings.name_levels(connection, PACK)
                ground.load(connection)
            if services:
                scale.load(connection, seed, services, progress)
    vacuum(url)


def _load(connection: Connection, seed: int, progress: Progress) -> None:
    chance = random.Random(seed)  # noqa: S311  illustration, not secrecy
    localities.towns.cache_clear()
    done = iter(range(1, len(STEPS) + 1))

    def step(*loaded: str) -> None:
        if loaded:  # a vacuum after a seeding that was rolled back leaves "no rows", and plans that take minutes
            connection.execute(text(f"ANALYZE {', '.join(f'lakana.{each}' for each in loaded)}"))
        number = next(done)
        progress(STEPS[number - 1], number, len(STEPS))

    sources.load(connection, seed)
    areas.load(connection)
    settings.apply(connection, PACK)
    areas.load_outlines(connection)
    ground.load(connection)
    step("admin_area", "area_within", "area_crosswalk", "area_population", "ground")
    points = demand.plan(connection)
    localities.load(connection)
    zones.make(connection)
    step("locality", "locality_name", "area_set", "zone", "zone_area")
    demand.load(connection, points)
    step("demand_point", "demand_block")
    workshop.load(connection)
    step()
    made = directory.make(chance)
    with_places = shelters.make(made)
    directory.load(connection, made)
    step()
    shelters.load(connection, with_places)
    step()
    pathways.load(connection)
    trainings.load(connection, made, seed)
    step()
    incidents.load(connection, incidents.make(chance))
    step()


def _check_same(connection: Connection, seed: int) -> None:
    key = sources.illustrative_key(seed)
    if connection.execute(select(source.c.id).where(source.c.key == key)).first() is None:
        raise BadInput(
            "seed", "Mali is there already, from other files or seeded by another number; use an empty database."
        )
