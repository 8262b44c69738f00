"""What the loaders of all kinds stand on while staged rows become rows of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.database.sqlstates import blamed
from geo.errors import BadInput
from seeds.columns.kind import Kind
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.loading.staging import statement
from seeds.readers.table import Form
from seeds.reports.report import HIDDEN, Place, Problem, Report, quoted
from seeds.troubles import Refused, RowTrouble, Trouble, Weight, named


@dataclass(frozen=True)
class Merging:
    """An import whose rows are staged."""

    connection: Connection
    options: Options
    report: Report
    source_id: str
    import_id: str

    def run(self, sql: str, **values: Any) -> Any:
        """Run a statement; ``:source_id`` and ``:import_id`` are bound in it."""
        bound = {"source_id": self.source_id, "import_id": self.import_id, **values}
        prepared = text(sql)
        return self.connection.execute(prepared, {name: bound[name] for name in prepared._bindparams})  # noqa: SLF001

    def file(self, name: str, **values: Any) -> Any:
        """Run a statement of a file of this package."""
        return self.run(statement(name), **values)

    def tell(self, found: Any, *, hidden: bool = False) -> int:
        """Take note of problems; return how many rows they refuse.

        Parameters
        ----------
        found
            Rows with ``file``, ``row``, ``field``, ``value``, ``trouble`` and ``told`` (values of its sentences).
            They are not staged any more if the trouble refuses them.
        hidden
            Whether the values may not be repeated.

        """
        refused = 0
        for each in found:
            trouble = named(each.trouble)
            read = self.report.files[each.file]
            column = next((found for found in read.recognition.found if found.field.name == each.field), None)
            name = None if column is None else read.form.columns[column.column].name
            place = Place(read.form.file, read.form.sheet, each.row, name)
            value = HIDDEN if hidden and each.value is not None else quoted(each.value)
            self.report.add(Problem(place, trouble, value, each.told or {}))
            if trouble.weight is not Weight.NOTE:
                refused += 1
                self.report.refuse(place)
            self.report.folded += trouble is RowTrouble.SAID_AGAIN
        return refused

    def nation(self) -> Any:
        """Return ``id`` and ``code`` of the nation that rows are for: the one that a person names, or the only one.

        Raises
        ------
        Refused
            If there is none, or several.

        """
        named_by = self.options.nation
        code = None if named_by is None else named_by.partition("=")[0].strip()
        found = self.file("nation_named", code=code).all()
        if len(found) != 1:
            raise Refused(RowTrouble.NEEDS_NATION)
        return found[0]

    def refuse(self, row: Any, trouble: Trouble, *, is_private: bool = False, **values: Any) -> None:
        """Refuse a staged row, with ``file`` and ``row``; nothing that stands in it is told."""
        form = self.report.files[row.file].form
        place = Place(form.file, form.sheet, row.row)
        self.report.add(Problem(place, trouble, None, values, is_private))
        self.report.refuse(place, is_private=is_private)

    def check_few(self, rows: int, most: int) -> None:
        """Refuse a file of which more rows are to be entered one by one than others can be kept waiting for.

        Raises
        ------
        Refused
            Where there are more rows than ``most``.

        """
        if rows > most:
            raise Refused(RowTrouble.TOO_MANY_AT_ONCE, rows=rows, most=most)

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Enter one row by the write that users have: it is whole or undone, and the others go on.

        A dry run undoes each row at once, so that stewards who write meanwhile wait for one row and not for all.

        Raises
        ------
        BadInput
            If the write or the database refuses it.

        """
        try:
            with self.connection.begin_nested() as savepoint:
                yield
                if self.options.dry_run:
                    savepoint.rollback()
        except DBAPIError as error:
            told = blamed(error)
            if isinstance(told, BadInput):
                raise told from None
            raise

    def note(self, trouble: Trouble, **values: Any) -> None:
        """Take note of something that is of no row."""
        self.report.add(Problem(Place(self.report.files[0].form.file), trouble, None, values))


@dataclass(frozen=True)
class Loader:
    """How a kind is loaded.

    Parameters
    ----------
    kind
        What its columns are.
    staged
        Types of the columns that its rows are staged in.
    stage
        Makes the values of these columns of a row; ``None`` leaves the row out. Raises ``Refused`` for the row.
    merge
        Merges what is staged, counts what is new, changed and unchanged, and tells the problems.
    sources
        The name and licence of the source of tables that it recognises by their form.
    partly
        Whether rows that are refused can be left out.

    """

    kind: Kind
    staged: Mapping[str, str]
    stage: Callable[[Read, Options], list[Any] | None]
    merge: Callable[[Merging], None]
    source_of: Callable[[Form], tuple[str, str | None] | None] = lambda _form: None
    partly: bool = True
