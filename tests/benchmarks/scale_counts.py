"""A made-up nation of any size, and what trends, hotspots, siting and maps of all of it take."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text

from geo.database import owner

MADE = Path(__file__).with_suffix(".sql")
MEASURED_TO = ("SAFE_SHELTER", "LEGAL_AID")
"""The categories whose distances are worked out: the questions here ask for no others."""
REFRESHED = text("SELECT lakana.refresh_access(CAST(:category AS lakana.service_category), NULL)")


def make(
    url: str, *, points: int, services: int, actors: int = 20_000, measured_to: Iterable[str] = MEASURED_TO
) -> None:
    """Fill an empty database with a nation of so many demand points, of which one in a hundred is no locality."""
    owner.upgrade(url)
    with owner.owner_transaction(url) as connection:
        sizes = {"points": points, "services": services, "actors": actors}
        connection.execute(text(MADE.read_text()), sizes)
        connection.execute(text("ANALYZE"))
        for category in measured_to:
            connection.execute(REFRESHED, {"category": category})
    owner.vacuum(url)
