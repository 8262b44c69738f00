"""The areas of staged rows, found once for each combination of codes and names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as insert_if_absent

from geo.database.tables import area_spelling
from geo.texts import name as checked_name
from seeds.columns.kind import ANY, leveled
from seeds.loading.merging import Merging
from seeds.loading.reading import Read
from seeds.matching.areas import Area, Gazetteer
from seeds.matching.divisions import chosen
from seeds.troubles import AreaTrouble, Refused, RowTrouble

STAGED = {"codes": "text[]", "names": "text[]", "area_id": "uuid"}
"""Columns of what is staged that areas are found by, and where they come."""


def staged(row: Read) -> list[Any]:
    """Return the values of :data:`STAGED` of a row."""
    return [leveled(row.values, "code"), leveled(row.values, "name"), None]


def match(merging: Merging, *, scheme: str | None) -> Gazetteer:
    """Find the area of each staged row that names one; those whose area is not sure are refused.

    Parameters
    ----------
    merging
        Its options may name the edition, and spellings, which are kept.
    scheme
        The scheme of the codes, if a person named it.

    """
    connection = merging.connection
    division = chosen(connection, scheme, merging.options.edition)
    _keep_spellings(merging, Gazetteer(connection, division))
    areas = Gazetteer(connection, division)
    found = []
    for row in merging.run("SELECT DISTINCT codes, names FROM staged").all():
        entry: dict[str, Any] = {"codes": row.codes, "names": row.names, "area": None, "trouble": None, "told": None}
        try:
            area = areas.find(row.codes, row.names, by_name=merging.options.by_name)
        except Refused as refused:
            entry |= {"trouble": refused.trouble.name, "told": {key: str(each) for key, each in refused.values.items()}}
        else:
            entry["area"] = area and area.id
        found.append(entry)
    _put(merging, found)
    if scheme is None and merging.options.edition is None:
        _doubt_codes(merging, areas)
    deepest = max(areas.levels, default=0)
    deeper = merging.run(
        "SELECT count(*) FROM staged WHERE num_nonnulls(VARIADIC codes[:first:last] || names[:first:last]) > 0".replace(
            ":first:last", f"{deepest + 2}:{ANY}"
        )
    ).scalar()
    if deeper:
        merging.note(RowTrouble.LEVEL_ABSENT, rows=deeper, division=str(division))
    merging.tell(merging.file("unmatched").all())
    return areas


def _doubt_codes(merging: Merging, areas: Gazetteer) -> None:
    """Tell where codes that stand alone may be of another edition than the one in use: nothing else would show it."""
    codes, division = merging.file("area_codes_alone").one(), str(areas.division)
    if codes.known and codes.unknown:
        merging.note(AreaTrouble.CODES_UNKNOWN, many=codes.unknown, all=codes.all, division=division)
    if codes.elsewhere:
        told = {"many": codes.elsewhere, "all": codes.all, "other": codes.other, "division": division}
        merging.note(AreaTrouble.CODES_OF_SEVERAL, **told)


def _keep_spellings(merging: Merging, areas: Gazetteer) -> None:
    """Keep the spellings that a person has decided on."""
    for spelling, code in merging.options.spellings.items():
        area: Area | None = areas.by_code(code)
        if area is None:
            raise Refused(AreaTrouble.NO_SUCH_CODE, code=code, level="–", division=str(areas.division))
        row = {"area_id": area.id, "name": checked_name("spelling", spelling)}
        merging.connection.execute(insert_if_absent(area_spelling).values(row).on_conflict_do_nothing())


_MATCHED = text("INSERT INTO matched VALUES (:codes, :names, CAST(:area AS uuid), :trouble, :told)").bindparams(
    bindparam("codes", type_=ARRAY(Text)), bindparam("names", type_=ARRAY(Text)), bindparam("told", type_=JSONB)
)


def _put(merging: Merging, found: list[dict[str, Any]]) -> None:
    merging.run("DROP TABLE IF EXISTS matched")
    merging.run(
        "CREATE TEMPORARY TABLE matched (codes text[], names text[], area_id uuid, trouble text, told jsonb)"
        " ON COMMIT DROP"
    )
    if found:
        merging.connection.execute(_MATCHED, found)
    merging.run("ANALYZE matched")
