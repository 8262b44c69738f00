"""Crosswalks: which areas of one division lie in which of another, wholly or by what share."""

from __future__ import annotations

from itertools import product
from typing import Any

from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.columns.kind import LEVELS, Field, Kind
from seeds.loading import demand
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.matching import divisions
from seeds.readers.table import Cell
from seeds.troubles import CellTrouble, Refused


def share(cell: Cell, notation: Notation) -> float:
    """Return a share above 0, 1 included.

    Examples
    --------
    >>> share("0,25", Notation(decimal=","))
    0.25

    """
    value = cells.number(cell, notation)
    if not 0 < value <= 1:
        raise Refused(CellTrouble.NO_SHARE)
    return value


KIND = Kind(
    "crosswalk",
    ("correspondance d’aires", "crosswalk of areas"),
    (
        Field("from_code", ("code de l’aire", "code of the area"), cells.code, ("from", "de"), required=True),
        Field(
            "to_code",
            ("code de l’aire qui la contient", "code of the area that holds it"),
            cells.code,
            ("to", "à"),
            required=True,
        ),
        Field("share", ("part qu’elle contient", "share that it holds"), share, ("share", "part")),
        Field(
            "complete",
            ("ces parts font l’aire entière", "these parts make up the whole area"),
            cells.yes_or_no,
            ("complete", "complet", "entière"),
        ),
    ),
)
STAGED = {
    "from_code": "text",
    "to_code": "text",
    "share": "double precision",
    "is_complete": "boolean",
    "from_id": "uuid",
    "to_id": "uuid",
}


def stage(row: Read, _options: Options) -> list[Any]:
    """Return what is staged of a row; without a share the area is held whole."""
    values = row.values
    return [values["from_code"], values["to_code"], values.get("share", 1.0), values.get("complete", False), None, None]


def merge(merging: Merging) -> None:
    """Merge a crosswalk; areas without an outline that parts make up get theirs.

    A code is written as the API writes it, ``COD-AB@2018:ML0401``; one without its division is of the one in use, or of
    the one that the options name.
    """
    own = divisions.chosen(merging.connection, merging.options.scheme, merging.options.edition)
    merging.file("crosswalk_identified", scheme=own.scheme, edition=own.edition)
    merging.tell(merging.file("crosswalk_troubles").all())
    counted = merging.file("crosswalk_merged").one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    drawn = merging.file("crosswalk_outlines").rowcount
    drawn_of = (
        "SELECT DISTINCT a.scheme, a.edition FROM staged s JOIN lakana.admin_area a ON a.id = s.to_id "
        "WHERE s.is_complete ORDER BY 1, 2"
    )
    for (scheme, edition), level in product(merging.run(drawn_of).all(), reversed(LEVELS)):
        drawn += merging.file("area_outlines", scheme=scheme, edition=edition, level=level).rowcount
    if counted.new or counted.changed or drawn:
        merging.run("SELECT lakana.settle_places()")
        demand.refresh(merging)


LOADER = Loader(KIND, STAGED, stage, merge)
