"""Incidents: what localities reported for a quarter, by type, in returns that are whole; aggregates only.

A table has one row a type, with its count, or one row a return, with a column for each type. What the report says of it
repeats no count: nobody but the release reads these (``docs/security.md``).
"""

from __future__ import annotations

from typing import Any

from geo.notations.quarters import running
from geo.vocabulary import IncidentType, Locale, label
from geo.writes.counts import MOST_INCIDENTS, closed_periods
from seeds.columns import cells, periods
from seeds.columns.cells import Censored, Notation
from seeds.columns.kind import Field, Kind
from seeds.columns.terms import INCIDENT_TYPES, term
from seeds.loading import locality_matching
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.readers.table import Cell
from seeds.troubles import CellTrouble, CountTrouble, Refused


def incidents(cell: Cell, notation: Notation) -> int | Censored:
    """Return a count from 0 to 100,000, or one that was withheld; raises as :func:`seeds.columns.cells.count` does."""
    many = cells.count(cell, notation)
    if (many.below if isinstance(many, Censored) else many) > MOST_INCIDENTS:
        raise Refused(CellTrouble.TOO_MANY, most=MOST_INCIDENTS)
    return many


def _of_type(each: IncidentType) -> Field:
    """Return the column of a type in a table with one row a return."""
    words = (label(each, Locale.FR), label(each, Locale.EN))
    return Field(each.name.lower(), words, incidents, (*words, *INCIDENT_TYPES.get(each, "").split("|")), quoted=False)


KIND = Kind(
    "incidents",
    ("incidents déclarés", "reported incidents"),
    (
        *locality_matching.FIELDS,
        Field(
            "quarter",
            ("trimestre", "quarter"),
            periods.quarter,
            ("trimestre", "quarter", "période", "period", "periode"),
            ("#date+quarter", "#period", "#date"),
            required=True,
            example="2024-Q4",
        ),
        Field("year", ("année", "year"), cells.year, ("année", "year", "an"), ("#date+year",)),
        Field(
            "incident_type",
            ("type d’incident", "type of incident"),
            term(IncidentType, INCIDENT_TYPES),
            ("type d’incident", "incident type", "type incident", "type", "forme", "violation"),
            ("#indicator+type", "#event+type"),
        ),
        Field(
            "count",
            ("nombre", "count"),
            incidents,
            ("nombre", "count", "nombre d’incidents", "nombre de cas", "cas", "total", "effectif", "incidents"),
            ("#indicator+value", "#event+num", "#affected"),
            quoted=False,
            example=10,
        ),
        *map(_of_type, IncidentType),
        Field(
            "reported_by",
            ("déclaré par", "reported by"),
            cells.line,
            ("déclaré par", "reported by", "organisme", "structure", "source", "organisation", "organization"),
            ("#org+reporter", "#org"),
        ),
    ),
    one_of=(
        (frozenset({"locality_name"}), frozenset({"locality_code"})),
        (frozenset({"incident_type", "count"}), *(frozenset({each.name.lower()}) for each in IncidentType)),
    ),
    sealed=True,
    unnamed=True,
)
STAGED = {
    **locality_matching.STAGED,
    "quarter": "text",
    "types": "lakana.incident_type[]",
    "counts": "integer[]",
    "belows": "integer[]",
    "reported_by": "text",
}


def stage(row: Read, _options: Options) -> list[Any]:
    """Return what is staged of a row: its locality, its quarter, what it counts by type, and who reported it."""
    values = row.values
    year, number = values["quarter"]
    year = year or values.get("year")
    if year is None:
        raise Refused(CountTrouble.WITHOUT_YEAR)
    quarter = f"{year}-Q{number}"
    if quarter > running():
        raise Refused(CountTrouble.QUARTER_TO_COME)
    said = _said(values)
    counts = [None if isinstance(each, Censored) else str(each) for each in said.values()]
    belows = [str(each.below) if isinstance(each, Censored) else None for each in said.values()]
    own = [quarter, [each.name for each in said], counts, belows, values.get("reported_by")]
    return [*locality_matching.staged(row), *own]


def _said(values: Any) -> dict[IncidentType, int | Censored]:
    """Return the counts of a row by type; none where there was nothing to report."""
    if "incident_type" in values:
        if "count" not in values:
            raise Refused(CellTrouble.MISSING, field="count")
        return {values["incident_type"]: values["count"]}
    by_column = {each: values[each.name.lower()] for each in IncidentType if each.name.lower() in values}
    if not by_column and values.get("count") != 0:
        raise Refused(CountTrouble.WITHOUT_TYPE)
    return by_column


def merge(merging: Merging) -> None:
    """Record returns, each whole, in the place of the one that was there; nothing where a row was refused.

    Whether a return that was there says the same is not told: the report would read counts back. Returns are counted
    and not their rows, which tell how many types they name.
    """
    locality_matching.match(merging, scheme=merging.options.scheme)
    for number, each in enumerate(merging.report.files):
        columns = [own.name for own in IncidentType if each.recognition.has(own.name.lower())]
        if columns and not each.recognition.has("incident_type"):
            merging.tell(merging.file("incident_blanks", number=number, columns=columns).all())
    merging.tell(merging.file("incident_troubles", closed=list(closed_periods(merging.connection))).all())
    if merging.report.refused:
        if merging.options.accept_partial:
            merging.note(CountTrouble.WHOLE_RETURNS)
        return
    absent = merging.file("incident_absent").scalars().all()
    if absent:
        merging.note(CountTrouble.TYPES_ABSENT, types=", ".join(absent))
    merging.run("DROP TABLE IF EXISTS returned")
    merging.file("incident_returned")
    merging.run("SELECT raw.record(jsonb_agg(to_jsonb(returned)), CAST(:source_id AS uuid)) FROM returned")
    counted = merging.file("incident_traced").one()
    merging.report.new, merging.report.changed = counted.new, counted.replaced
    if counted.replaced:
        merging.note(CountTrouble.RETURNS_REPLACED, many=counted.replaced)


LOADER = Loader(KIND, STAGED, stage, merge, partly=False)
