"""The exact place of one confidential shelter, disclosed to a custodian for a stated purpose, and logged."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.arguments import check_id
from geo.coordinates import LonLat
from geo.errors import BadInput
from geo.texts import prose

LEAST_PURPOSE = 10


@dataclass(frozen=True, slots=True)
class Told:
    """A disclosed place, and the id of its entry in the audit log."""

    place: LonLat
    entry_id: str


@dataclass(frozen=True, kw_only=True)
class Locate:
    """Disclose the exact place of a confidential shelter.

    The call is logged even if nothing is found, because the shelter is public, retired or unknown. One holder may make
    twenty calls an hour.
    """

    shelter_id: str
    purpose: str

    def __post_init__(self) -> None:
        """Check the id and the purpose."""
        check_id("shelter_id", self.shelter_id)
        if len(prose("purpose", self.purpose)) < LEAST_PURPOSE:
            raise BadInput("purpose", f"say in at least {LEAST_PURPOSE} characters what the place is needed for.")

    def apply(self, connection: Connection) -> Told | None:
        """Return the place, EPSG:4326, or ``None`` where no confidential shelter of that id has one."""
        row = connection.execute(
            text("SELECT entry_id::text, lon, lat FROM exact.locate(CAST(:id AS uuid), :purpose)"),
            {"id": check_id("shelter_id", self.shelter_id), "purpose": prose("purpose", self.purpose)},
        ).one()
        return None if row.lon is None else Told(LonLat(lon=row.lon, lat=row.lat), row.entry_id)
