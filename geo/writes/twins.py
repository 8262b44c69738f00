"""Refusing what looks entered already: a record of the same name and kind, of the same body, at the same place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, func, select

from geo.errors import BadInput

SAME_PLACE_M = 100.0
ANOTHER = (
    "True where it is another one than the record that bears its name at its place: without it, what looks entered "
    "already is refused."
)


def refuse_twin(connection: Connection, table: Table, values: dict[str, Any], *same: str) -> None:
    """Refuse a new record that is in the directory already, unless its values say that it is ``another``.

    It is where a record has the same folded name and the same values of ``same``, within 100 m. A confidential site has
    no point, so it never is.

    Raises
    ------
    BadInput
        Names the record that is there.

    """
    if values.pop("another", False):
        return
    twin = connection.scalar(
        select(table.c.id)
        .where(
            table.c.name_key == func.lakana.fold(values["name"]),
            table.c.point.is_(None)
            if values["point"] is None
            else func.ST_DWithin(table.c.point, func.ST_GeogFromText(values["point"]), SAME_PLACE_M),
            *(table.c[each].is_not_distinct_from(values.get(each)) for each in same),
        )
        .limit(1)
    )
    if twin is not None:
        raise BadInput(
            "name",
            f"one of that name stands at this place already, {twin}: change that one, or give `another: true` where "
            "this is another.",
        )
