"""The settings of a pack in the database: levels, languages, clocks, numbers, holidays, and whom the law appoints."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from geo.database.loading import insert_rows
from geo.database.tables import (
    admin_area,
    appointed_kind,
    area_time_zone,
    dialling,
    holiday,
    level_name,
    nation_language,
)
from geo.errors import BadInput
from seeds.packs.manifest import Division, Names, Pack

HOLIDAYS = ("day", "certain")
"""The columns of a file of holidays beside the names."""
NAME = "name_"
"""What the column of a name begins with, before its language."""


def apply(connection: Connection, pack: Pack) -> None:
    """Put the settings of a pack in the place of those that are there, for each of its nations in the database.

    All but the words for levels are those of nations in force; what lies in these has them too.
    """
    in_force = [each for each, until in _nations(connection, pack).values() if until is None]
    name_levels(connection, pack)
    zone = [] if pack.time_zone is None else [{"area_id": each, "name": pack.time_zone} for each in in_force]
    _replace(connection, area_time_zone, "area_id", in_force, zone)
    codes = {"region": pack.region, "short_codes": list(pack.short_codes)}
    dialled = [] if pack.region is None else [codes | {"nation_id": each} for each in in_force]
    _replace(connection, dialling, "nation_id", in_force, dialled)
    kinds = [{"nation_id": each, "kind": kind} for each in in_force for kind in pack.appointed]
    _replace(connection, appointed_kind, "nation_id", in_force, kinds)
    spoken = [
        {"nation_id": each, "position": position, "language": language}
        for each in in_force
        for position, language in enumerate(pack.languages, 1)
    ]
    _replace(connection, nation_language, "nation_id", in_force, spoken)
    days = [] if pack.holidays is None else list(_holidays(pack.holidays, pack))
    _replace(
        connection, holiday, "nation_id", in_force, [day | {"nation_id": each} for each in in_force for day in days]
    )


def nation(connection: Connection, pack: Pack) -> str | None:
    """Return the id of the nation in use, in the first division that is there; ``None`` where none is."""
    return next((each for each, until in _nations(connection, pack).values() if until is None), None)


def name_levels(connection: Connection, pack: Pack) -> None:
    """Put the words for the levels of each division in the place of those that are there."""
    nations = _nations(connection, pack)
    rows = [
        {"nation_id": nation, "level": level, **_named(words, pack)}
        for each, (nation, _) in nations.items()
        for level, words in enumerate(pack.divisions[each].levels)
        if words
    ]
    _replace(connection, level_name, "nation_id", [nation for nation, _ in nations.values()], rows)


def _named(words: Names, pack: Pack) -> dict[str, str | None]:
    """Return the columns of a name; the first one holds the country's own where there is no French one."""
    first = next((words[each] for each in ("fr", *pack.languages, *words) if each in words), None)
    return {"name_fr": first, "name_en": words.get("en"), "name_bm": words.get("bm")}


def _nations(connection: Connection, pack: Pack) -> dict[int, tuple[str, dt.date | None]]:
    """Return the nation of each division in the database by its number, and from when it is in force no more."""
    found = {}
    for number, each in enumerate(pack.divisions):
        row = connection.execute(_nation(each)).first()
        if row is not None:
            found[number] = (row.id, row.valid_to)
    return found


def _nation(division: Division) -> Any:
    own = admin_area.c
    rows = select(own.id, own.valid_to).where(own.level == 0, own.scheme == division.scheme)
    rows = rows.where(func.upper(own.code) == division.nation.upper())
    if division.edition is not None:
        rows = rows.where(own.edition == division.edition)
    return rows.order_by(own.valid_to.desc().nulls_first(), own.id).limit(1)


def _replace(connection: Connection, table: Table, key: str, nations: list[str], rows: list[dict[str, Any]]) -> None:
    """Put rows in the place of those of some nations; where they are the same, nothing is written."""
    there = connection.execute(select(table).where(table.c[key].in_(nations))).mappings().all()
    wished = [{each.name: row.get(each.name) for each in table.c} for row in rows]
    if sorted(_comparable(row) for row in there) == sorted(_comparable(row) for row in wished):
        return
    connection.execute(delete(table).where(table.c[key].in_(nations)))
    if rows:
        insert_rows(connection, table, rows)


def _comparable(row: Mapping[Any, Any]) -> str:
    return str({name: getattr(value, "name", value) for name, value in sorted(row.items())})


def _holidays(path: Path, pack: Pack) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of holidays: ``day``, ``certain`` (yes or no), and names by language, as ``name_en``."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if missing := [each for each in HOLIDAYS if each not in (rows.fieldnames or ())]:
            raise BadInput("law.holidays", f"{path.name} has no column {missing[0]}; it needs {', '.join(HOLIDAYS)}.")
        for number, row in enumerate(rows, 2):
            try:
                day = dt.date.fromisoformat(row["day"].strip())
            except ValueError:
                raise BadInput("law.holidays", f"{path.name}, line {number}: write the day as 2025-12-31.") from None
            names = {key.removeprefix(NAME): (row[key] or "").strip() for key in row if key and key.startswith(NAME)}
            named = _named({language: name for language, name in names.items() if name}, pack)
            if named["name_fr"] is None:
                raise BadInput(
                    "law.holidays", f"{path.name}, line {number}: name the day, in a column such as {NAME}en."
                )
            named |= {"name_en": named["name_en"] or named["name_fr"]}
            yield {"day": day, "certain": row["certain"].strip() == "yes", **named}
