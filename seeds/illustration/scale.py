"""Any number of further services, for measuring: made inside the database, spread around the demand points."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.database.loading import keep_hours
from geo.progress import Progress, silent
from seeds.illustration.country import Country, statement
from seeds.loading.distances import worked_out_once

BATCH = 100_000
HOURS = "Mo-Fr 08:00-16:00"


def load(
    connection: Connection, country: Country, source_id: str, seed: int, services: int, progress: Progress = silent
) -> None:
    """Insert what is missing of this many services, then work out what is nearest to whom once."""
    keep_hours(connection, [HOURS])
    own: dict[str, str | None] = {"seed": f"{country.code} {seed}", "nation": country.nation_id, "source_id": source_id}
    own |= {"hours": HOURS, "phone": country.phone(0)}
    with worked_out_once(connection, progress):
        for first in range(1, services + 1, BATCH):
            last = min(first + BATCH - 1, services)
            connection.execute(text(statement("scale")), {**own, "first": first, "last": last})
            progress("services", last, services)
