"""The collections, and their features asked as any client asks, by GraphQL and as the audience of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.exports.asking import Asker
from api.exports.columns import Reader
from api.exports.documents import Documents, rows_of
from api.exports.tables import Table, tables
from api.exports.writers.geojson_file import properties
from api.graphql.schema import compiled_schema
from geo.arguments import MOST_PAGE
from geo.audience import Audience
from geo.errors import BadInput
from geo.queries.directory.features import MAX_FEATURES
from geo.vocabulary import Locale, Words

MOST = 1_000
"""Features of a page: ten pages of the list that answers it."""
Feature = dict[str, Any]


@dataclass(frozen=True)
class Collection:
    """A collection.

    Parameters
    ----------
    name
        Its id.
    title
        Its title by language.
    table
        The list that its features come from; a layer of the map comes whole and is told in parts.
    given
        The arguments of that list which are always given.

    """

    name: str
    title: Words
    table: Table
    given: Mapping[str, Any]

    async def page(
        self, asker: Asker, locale: Locale, box: Mapping[str, float] | None, limit: int, cursor: str | None
    ) -> tuple[list[Feature], str | None]:
        """Return features by name and the cursor behind the last of them, ``None`` where there are no more.

        Raises
        ------
        Refused
            If the cursor or the box is not good.
        LakanaError
            If it costs more than is left, or cannot be answered now.

        """
        given = {**self.given, **({} if box is None else {"bbox": dict(box)})}
        if self.table.is_layer:
            every, start = await self._layer(asker, given), _number(cursor)
            after = str(start + limit) if start + limit < len(every) else None
            return every[start : start + limit], after
        shown = Reader(compiled_schema(), Audience.PUBLIC).shown(self.table.item)
        paths = [*(each.path for each in shown.columns), *shown.points, *shown.outlines]
        document = Documents(compiled_schema(), self.table, tuple(given)).rows(paths)
        found: list[Feature] = []
        while True:
            page = {**given, "first": min(limit - len(found), MOST_PAGE), "after": cursor}
            rows, info = rows_of(self.table, await asker.paid(document, page))
            found += [_feature(row, shown.geometry(row), properties(shown.columns, row, locale)) for row in rows]
            cursor = info["endCursor"] if info is not None and info["hasNextPage"] else None
            if cursor is None or len(found) >= limit:
                return found, cursor

    async def one(self, asker: Asker, locale: Locale, wanted: str) -> Feature | None:
        """Return the feature of an id; ``None`` if this collection has none.

        Raises
        ------
        LakanaError
            If it costs more than is left, or cannot be answered now.

        """
        if self.table.is_layer:
            every = await self._layer(asker, self.given)
            return next((each for each in every if each["id"] == wanted), None)
        shown = Reader(compiled_schema(), Audience.PUBLIC).shown(self.table.item)
        paths = [*(each.path for each in shown.columns), *shown.points, *shown.outlines]
        document = Documents(compiled_schema(), self.table, ()).one(paths)
        row = (await asker.paid(document, {"id": wanted}))["node"]
        return _feature(row, shown.geometry(row), properties(shown.columns, row, locale)) if row else None

    async def _layer(self, asker: Asker, given: Mapping[str, Any]) -> list[Feature]:
        document = Documents(compiled_schema(), self.table, tuple(given)).rows(())
        rows, _ = rows_of(self.table, await asker.paid(document, given))
        return rows


def _feature(row: Any, geometry: Any, told: Mapping[str, Any]) -> Feature:
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": told}


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= len(str(MAX_FEATURES))):
        raise BadInput("cursor", "follow the link of an earlier page.")
    return int(cursor)


@cache
def collections() -> Mapping[str, Collection]:
    """Return every collection by its name."""
    titles: dict[str, Words] = {
        "services": ("Services", "Services", None),
        "actors": ("Acteurs de la protection", "Protection actors", None),
        "localities": ("Localités", "Localities", None),
    }
    lists = [Collection(name, title, tables()[name], {}) for name, title in titles.items()]
    layer = {"layer": "ADMIN_AREAS", "first": MAX_FEATURES}
    areas = Collection(
        "areas", ("Divisions administratives", "Admin areas", None), tables()["featureCollection"], layer
    )
    return {each.name: each for each in (areas, *lists)}
