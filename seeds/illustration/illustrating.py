"""Illustrative rows into the database, once a country: drawn by a number, which their source remembers."""

from __future__ import annotations

import random

from sqlalchemy import Connection, text

from geo import audit
from geo.database.loading import insert_rows
from geo.database.tables import source
from geo.errors import BadInput
from geo.progress import Progress, silent
from seeds.illustration import directory, incidents, scale, shelters, trainings, words
from seeds.illustration.country import Country, read, statement
from seeds.illustration.settings import Illustration
from seeds.loading.ids import stable_id

STEPS = ("directory and distances", "shelters and trainings", "incidents")


def load(
    connection: Connection,
    nation: str,
    settings: Illustration,
    *,
    seed: int = 1,
    services: int = 0,
    progress: Progress = silent,
) -> None:
    """Make the illustrative rows of a country, unless they are there.

    Parameters
    ----------
    connection
        The owner's, in a transaction.
    nation
        The id of the nation in use.
    settings
        What its pack says of them.
    seed
        The number that they are drawn by: the same number gives the same rows in the same country.
    services
        How many further services to make, for measuring.
    progress
        Told of each step.

    Raises
    ------
    BadInput
        If there are rows drawn by another number, or there are no localities.

    """
    country = read(connection, nation, settings)
    known = connection.execute(text(statement("illustrated")), {"nation": nation}).one_or_none()
    if known is not None and not known.key.endswith(f" seed {seed}"):
        raise BadInput("seed", f"{known.key}: the country has rows that were drawn by another number already.")
    with audit.bulk(connection, "illustration", name=country.code, seed=seed, services=services):
        source_id = known.id if known else _make(connection, country, seed, progress)
        if services:
            scale.load(connection, country, source_id, seed, services, progress)


def _make(connection: Connection, country: Country, seed: int, progress: Progress) -> str:
    """Make the rows, and return the id of their source."""
    chance = random.Random(seed)  # noqa: S311  illustration, not secrecy
    progress(STEPS[0], 1, len(STEPS))
    source_id = _source(connection, country, seed)
    made = directory.make(country, chance, source_id, directory.organizations_without_actors(connection))
    with_places = shelters.make(made)
    directory.load(connection, made)
    progress(STEPS[1], 2, len(STEPS))
    shelters.load(connection, with_places)
    trainings.load(connection, made, seed)
    progress(STEPS[2], 3, len(STEPS))
    incidents.load(connection, incidents.make(country, chance), source_id)
    return source_id


def _source(connection: Connection, country: Country, seed: int) -> str:
    made = {
        "id": stable_id("source", "illustrative", country.code),
        "key": f"illustrative {country.code} seed {seed}",
        "name": country.words(words.SOURCE),
        "licence": "Apache-2.0",
        "illustrative": True,
    }
    insert_rows(connection, source, [made])
    return str(made["id"])
