"""Refusing what looks entered already: a record of the same name and kind, of the same body, at the same place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, String, Table, cast, func, literal, select

from geo.errors import BadInput

SAME_PLACE_M = 100.0
ANOTHER = (
    "True where it is another one than the record that bears its name at its place: without it, what looks entered "
    "already is refused."
)


def refuse_duplicate(connection: Connection, table: Table, values: dict[str, Any], former: Any, *same: str) -> None:
    """Refuse a record that another one is already, unless its values say that it is ``another``.

    It is where a record has the same folded name and the same values of ``same``, within 100 m. A confidential site has
    no point, so it never is. A change of anything else is none of this. Of two who enter the same at once one waits.

    Parameters
    ----------
    connection
        The connection of the write.
    table
        Where records of its kind are.
    values
        Its values, of a change only those that change; ``another`` is taken out.
    former
        The current row of a change, or None.
    same
        The columns that tell two records of one name and place apart.

    Raises
    ------
    BadInput
        Names the record that is there.

    """
    telling = {"name", "point", *same}
    if values.pop("another", False) or not telling & values.keys():
        return
    whole = {each: values[each] if each in values else getattr(former, each, None) for each in telling}
    _hold(connection, table, whole["name"], *(whole[each] for each in same))
    place = getattr(whole["point"], "desc", whole["point"])  # that of a row comes as a WKBElement
    twin = connection.scalar(
        select(table.c.id)
        .where(
            table.c.name_key == func.lakana.fold(whole["name"]),
            table.c.point.is_(None)
            if place is None
            else func.ST_DWithin(table.c.point, cast(literal(place, String), table.c.point.type), SAME_PLACE_M),
            *(table.c[each].is_not_distinct_from(whole[each]) for each in same),
            *([] if former is None else [table.c.id != former.id]),
        )
        .limit(1)
    )
    if twin is not None:
        raise BadInput(
            "name",
            f"one of that name stands at this place already, {twin}: change that one, or give `another: true` where "
            "this is another.",
        )


def _hold(connection: Connection, table: Table, name: Any, *same: Any) -> None:
    """Wait for others who enter a record of this name and these values, until theirs can be seen."""
    values = [str(getattr(each, "name", each)) for each in same]
    key = func.hashtext(func.concat_ws("/", func.lakana.fold(name), *values))
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"lakana.twins of {table.name}"), key)))
