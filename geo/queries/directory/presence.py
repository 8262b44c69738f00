"""Where organisations are present by sector and period, as lists of who does what where (3W) say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Select, Uuid, exists, func, literal_column, select

from geo.arguments import AreaCode, Period, RowId, argument, check_id, period
from geo.database.tables import SECTOR, admin_area, organization, presence
from geo.notations.quarters import moved
from geo.queries.base.area_codes import ALL, coded_area
from geo.queries.base.question import Binds, Page, bind, in_area
from geo.queries.base.row_sets import organizations
from geo.vocabulary import Sector


def presences() -> Select[Any]:
    """Return every presence, ``listed_id`` as the id of its organisation, NULL where that is not in the directory."""
    listed = organizations().where(organization.c.id == presence.c.organization_id).correlate(presence)
    told = (each for each in presence.c if each.name != "organization_id")
    return select(*told, listed.with_only_columns(organization.c.id).scalar_subquery().label("listed_id"))


def presence_of(organization_id: Any) -> Select[Any]:
    """Return the presence of an organisation; ``name_key`` is that of the area, by which it is listed."""
    rows = presences()
    told = (each for each in rows.selected_columns if each.name != "name_key")
    by_area = rows.with_only_columns(*told, admin_area.c.name_key)
    by_area = by_area.join_from(presence, admin_area, admin_area.c.id == presence.c.area_id)
    return by_area.where(presence.c.organization_id == organization_id)


@dataclass(frozen=True, kw_only=True)
class Presences(Page):
    """Presence by the name of the organisation: of an area, a sector, an organisation and a period, or all."""

    area_code: AreaCode | None = coded_area("The area; presence in areas inside of it is listed too.", ALL)
    sector: Sector | None = argument("Only in this sector.", default=None)
    organization_id: RowId | None = argument(
        "Only of this organisation of the directory; nothing where it is not listed there.", check_id, default=None
    )
    during: Period | None = argument(
        "Only what has a day in this year or quarter. A list that does not say since when, or until when, does not "
        "exclude any.",
        period,
        default=None,
    )

    def matching(self) -> Select[Any]:
        """Return the presence that matches."""
        rows = presences()
        if self.area_code is not None:
            rows = rows.where(in_area(presence.c.area_id))
        if self.sector is not None:
            rows = rows.where(presence.c.sector == bind("sector", SECTOR))
        if self.organization_id is not None:
            own = bind("organization_id", Uuid(as_uuid=False))
            known = exists(organizations().where(organization.c.id == own).subquery().select())
            rows = rows.where(presence.c.organization_id == own, known)
        if self.during is not None:
            lasts = func.daterange(presence.c.starts_on, presence.c.ends_on, literal_column("'[]'"))
            asked = func.daterange(bind("during_from", Date), bind("during_before", Date))
            rows = rows.where(lasts.op("&&")(asked))
        return rows

    def binds(self) -> Binds:
        """Return the values, with the first day of the period and the day after its last."""
        values = super().binds()
        if self.during is not None:
            values["during_from"], values["during_before"] = _days(self.during)
        if self.organization_id is not None:
            values["organization_id"] = check_id("organization_id", self.organization_id)
        return values


def _days(during: Period) -> tuple[dt.date, dt.date]:
    """Return the first day of a year or quarter, and the day after its last.

    Examples
    --------
    >>> [str(each) for each in _days("2023-Q4")], [str(each) for each in _days("2023")]
    (['2023-10-01', '2024-01-01'], ['2023-01-01', '2024-01-01'])

    """
    first = during if "-" in during else f"{during}-Q1"
    after = moved(first, 1 if "-" in during else 4)
    begins, ends = (dt.date(int(each[:4]), 3 * int(each[-1]) - 2, 1) for each in (first, after))
    return begins, ends
