"""Presence, as a 3W or 5W says who does what where: an organisation in an area by sector and period."""

from __future__ import annotations

from typing import Any

from geo.vocabulary import Sector
from seeds.columns import cells
from seeds.columns.kind import Field, Kind, area_fields
from seeds.columns.terms import SECTORS, term
from seeds.loading import area_matching, organizations
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.troubles import Refused, RowTrouble

KIND = Kind(
    "presence",
    ("présence (qui fait quoi où)", "presence (who does what where)"),
    (
        *organizations.FIELDS,
        *area_fields(),
        Field(
            "sector",
            ("secteur", "sector"),
            term(Sector, SECTORS),
            ("cluster", "secteur", "sector", "cluster/secteur", "groupe sectoriel"),
            ("#sector+name", "#sector", "#sector+cluster"),
            required=True,
        ),
        Field(
            "starts_on",
            ("début", "start"),
            cells.date,
            ("date début", "date de début", "début", "start date", "start"),
            ("#date+start",),
        ),
        Field(
            "ends_on", ("fin", "end"), cells.date, ("date fin", "date de fin", "fin", "end date", "end"), ("#date+end",)
        ),
        Field(
            "reported_on",
            ("jour de la liste", "day of the list"),
            cells.date,
            ("reported_on", "reportedOn", "jour de la liste"),
            ("#date+reported",),
        ),
    ),
)
STAGED = {
    **organizations.STAGED,
    **area_matching.STAGED,
    "sector": "lakana.sector",
    "starts_on": "date",
    "ends_on": "date",
    "reported_on": "date",
}


def stage(row: Read, options: Options) -> list[Any]:
    """Return what is staged of a row."""
    starts_on, ends_on = row.values.get("starts_on"), row.values.get("ends_on")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Refused(RowTrouble.ENDS_BEFORE, value=f"{starts_on} / {ends_on}")
    sector, day = row.values["sector"].name, row.values.get("reported_on", options.as_of)
    return [*organizations.stage(row, options), *area_matching.staged(row), sector, starts_on, ends_on, day]


def merge(merging: Merging) -> None:
    """Merge presence by organisation, area, sector and period; rows that say the same are one."""
    area_matching.match(merging, scheme=merging.options.scheme)
    merging.tell(merging.file("without_area").all())
    named = organizations.merge_named(merging)
    if named.new:
        merging.note(RowTrouble.ORGANIZATIONS_ADDED, many=named.new)
    counted = merging.file("presence_merged").one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    merging.report.folded += counted.folded


LOADER = Loader(KIND, STAGED, stage, merge)
