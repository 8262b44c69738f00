"""People who may use the service, as stewards may know them: those of organisations that the directory lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import DateTime, Select, Text, Uuid, column, select, table

from geo.database.tables import SCHEMA
from geo.queries.base.question import Page

known_person = table(
    "known_person",
    *(column(name, Uuid(as_uuid=False)) for name in ("id", "organization_id", "area_id")),
    *(column(name, Text) for name in ("name", "name_key", "audience", "person")),
    *(column(name, DateTime(timezone=True)) for name in ("created_at", "revoked_at", "link_until")),
    schema=SCHEMA,
)


def people() -> Select[Any]:
    """Return every person that stewards may know of."""
    return select(known_person)


@dataclass(frozen=True, kw_only=True)
class People(Page):
    """People by name."""

    def matching(self) -> Select[Any]:
        """Return them all."""
        return people()
