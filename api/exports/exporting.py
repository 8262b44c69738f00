"""An export from beginning to end: priced as a whole, asked page by page, written as the pages come.

The file is whole or it is not there: it goes to a file on disk first, and what fails fails before a byte is sent. No
more than a page of rows is in memory. Pages take turns like everybody's questions, so a long export keeps nobody out.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from api.exports.about import About, Sources
from api.exports.asking import Asker
from api.exports.columns import Column, Holds, Reader, Shown, found_at
from api.exports.documents import SOURCES, Documents, rows_of
from api.exports.formats import Format
from api.exports.tables import Table
from api.exports.writers.writer import Sheet, Writer
from api.graphql.compile.reserved import only_by_post
from api.graphql.schema import compiled_schema
from geo.errors import BadInput, TooCostly
from geo.progress import Progress
from geo.vocabulary import Locale

ALL_SOURCES = f"{{ {SOURCES} }}"
CURSOR = "after"


@dataclass(frozen=True)
class Export:
    """What is to be exported.

    Parameters
    ----------
    table
        The list.
    format
        The format.
    given
        The arguments of its query by name, as variables. ``first`` is how many rows at most, however many pages they
        fill, and ``after`` the cursor behind which they begin.
    locale
        The language of labels and notes.

    """

    table: Table
    format: Format
    given: Mapping[str, Any]
    locale: Locale

    def personal(self) -> bool:
        """Return whether an argument may tell where a child is, or who: it stands in no address and in no file."""
        return any(only_by_post(self.table.field.args[name]) for name in self.given)


@dataclass
class _Run:
    """The state of an export under way."""

    export: Export
    asker: Asker
    progress: Progress

    def __post_init__(self) -> None:
        table = self.export.table
        given = dict(self.export.given)
        self.limit: int | None = None
        self.after: str | None = None
        if table.page is not None and len(table.path) == 1:
            self.limit, self.after = _limit(given.pop("first", None)), given.pop(CURSOR, None)
        self.given = given
        self.schema = compiled_schema()
        self.reader = Reader(self.schema, self.asker.caller.audience)
        self.documents = Documents(self.schema, table, tuple(given))
        self.sources = Sources()
        self.answer: dict[str, Any] = {}
        self.rows = 0
        self.total: int | None = None
        self.cut = False
        self.beside: tuple[Column, ...] = ()
        if table.holder is not None:
            self.beside = self.reader.about(table.holder, table.path[-1])
        self.shown = Shown((), (), ()) if table.is_layer else self.reader.shown(table.item)

    def _paths(self) -> list[tuple[str, ...]]:
        if self.export.format.paths is not None:
            return list(self.export.format.paths)
        shown = self.shown
        places = (*shown.points, *shown.outlines) if self.export.format.stands else shown.points[:1]
        return [*(each.path for each in shown.columns), *places]

    async def write(self, path: Path) -> About:
        """Ask, and write the file."""
        table = self.export.table
        document = self.documents.rows(self._paths(), self.beside)
        if table.page is None:
            await self._whole(document, path)
        else:
            await self._pages(document, table.page, path)
        return self._about()

    async def _whole(self, document: str, path: Path) -> None:
        cost = await self.asker.price(document, self.given)
        self.asker.charge(cost)
        data = await self.asker.ask(document, self.given)
        rows, _ = rows_of(self.export.table, data)
        self._tell(data)
        if self.export.table.is_layer:
            self.cut = bool((data[self.export.table.path[0]] or {}).get("truncated"))
            rows = [{**each["properties"], "id": each["id"], "geometry": each["geometry"]} for each in rows]
            self.shown = _of_features(rows)
        self._charge(self._writing(len(rows)))
        self.rows, self.total = len(rows), None if self.cut else len(rows)
        self.sources.of_rows(rows)
        await self._attribute()
        with closing(self._writer(path)) as writer:
            await self.asker.beside(partial(writer.write, rows))
            self.progress(self.export.table.name, self.rows, self.rows)
            await self.asker.at_length(partial(writer.finish, self._about()))

    async def _pages(self, document: str, most: int, path: Path) -> None:
        self.total = await self._counted()
        wanted = self.total if self.limit is None else min(self.total, self.limit)
        size = max(min(most, wanted), 1)
        page = {**self.given, "first": size}
        cost = await self.asker.price(document, page)
        self._charge(cost * max(math.ceil(wanted / size), 1) + self._writing(wanted))
        with closing(self._writer(path)) as writer:
            await self._fill(writer, document, size, wanted)
            await self._attribute()
            await self.asker.at_length(partial(writer.finish, self._about()))

    async def _fill(self, writer: Writer, document: str, size: int, wanted: int) -> None:
        """Write page after page, up to the limit; ``after`` is then the cursor behind it, where there are more."""
        left = self.limit
        while True:
            asked = {**self.given, "first": size if left is None else min(size, left), CURSOR: self.after}
            rows, info = rows_of(self.export.table, await self.asker.ask(document, asked))
            self.sources.of_rows(rows)
            await self.asker.beside(partial(writer.write, rows))
            self.rows += len(rows)
            self.progress(self.export.table.name, self.rows, max(wanted, self.rows))
            self.after = info["endCursor"] if info is not None and info["hasNextPage"] else None
            left = None if left is None else left - len(rows)
            if self.after is None or left == 0:
                return

    async def _counted(self) -> int:
        """Return how many rows there are, and keep what the answer says of itself."""
        document = self.documents.about(self.beside)
        cost = await self.asker.price(document, self.given)
        self.asker.charge(cost)
        data = await self.asker.ask(document, self.given)
        self._tell(data)
        return found_at(data, (*self.export.table.path, "totalCount")) or 0

    def _tell(self, data: Mapping[str, Any]) -> None:
        told = data.get(self.export.table.path[0])
        if self.export.table.holder is not None and told is not None:
            self.answer = {each.name: each.value(told, self.export.locale) for each in self.beside}
            self.sources.note(told.get("sources") or ())

    async def _attribute(self) -> None:
        """Name all sources, where neither rows nor answer name theirs and anybody may read them."""
        if self.rows and not self.sources.found and self.export.table.reserved() is None:
            cost = await self.asker.price(ALL_SOURCES, {})
            self.asker.charge(cost)
            self.sources.note((await self.asker.ask(ALL_SOURCES, {}))["sources"])

    def _writing(self, rows: int) -> float:
        return rows * len(self.shown.columns) * self.export.format.cell_price

    def _charge(self, points: float) -> None:
        """Charge for it, or say that it costs more than anybody has in a minute."""
        bill = self.asker.bill
        if bill is not None and points > bill.account.quota:
            raise TooCostly(
                f"The export costs {points:,.0f}, and a minute has {bill.account.quota:,}; narrow it by its arguments, "
                "or take it in parts by first and after."
            )
        self.asker.charge(points)

    def _writer(self, path: Path) -> Writer:
        return self.export.format.writer(path, Sheet(self.export.table.name, self.shown, self.export.locale))

    def _about(self) -> About:
        fields = {each for column in self.shown.columns for each in column.path}
        told = {name: each for name, each in self.given.items() if not only_by_post(self.export.table.field.args[name])}
        return About(
            name=self.export.table.name,
            day=dt.datetime.now(dt.UTC).date(),
            asked=told,
            rows=self.rows,
            total=self.total,
            after=self.after,
            cut=self.cut,
            sources=self.sources.listed(),
            answer=self.answer,
            has_zones=bool(fields & {"zone", "zoneName"}) or "confidentialLeftOut" in self.answer,
            has_counts=bool(fields & {"countLabel", "incidentCount"}),
        )


async def write(export: Export, asker: Asker, path: Path, progress: Progress) -> About:
    """Write a file, and return what it says of itself.

    Raises
    ------
    Refused
        If the query is refused, or an answer has errors.
    LakanaError
        If it costs too much, or cannot be written now.

    """
    return await _Run(export, asker, progress).write(path)


def _limit(first: Any) -> int | None:
    if first is not None and (not isinstance(first, int) or isinstance(first, bool) or first < 1):
        raise BadInput("first", "give how many rows at most, 1 or more.")
    return first


def _of_features(features: list[dict[str, Any]]) -> Shown:
    """Return the columns of the features of a layer, by what they hold."""
    names = dict.fromkeys(name for each in features for name in each if name != "geometry")
    held = {name: next((each[name] for each in features if each[name] is not None), None) for name in names}
    return Shown(tuple(Column((name,), _held(value), "", "") for name, value in held.items()), (("geometry",),), ())


def _held(value: Any) -> Holds:
    match value:
        case bool():
            return Holds.FLAG
        case int() | float():
            return Holds.NUMBER
    return Holds.TEXT
