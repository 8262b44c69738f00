"""Records of one table, which stewards create, change and retire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, cast, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from geo.arguments import RowId, argument, check_id
from geo.audience import Caller
from geo.errors import BadInput, Conflict, NotFound
from geo.writes.fields import VERSION, checked
from geo.writes.write import Saved, Write, found, held, source_of_direct_entry

REFERRED = "It stays in the directory, since others refer to it."


@dataclass(frozen=True, eq=False)
class Record:
    """The definition of a kind of record.

    Parameters
    ----------
    table
        Its table, with ``id``, ``version`` and ``source_id``.
    called
        What one is called, a sentence: the description of its id where it is changed or retired.
    fields
        The dataclass that declares its fields.
    fitting
        Turns checked values into column values, given a connection and the current row (``None`` for a new one); raises
        :class:`geo.errors.BadInput` if they do not fit the existing data.
    leaving
        Called with a connection and the row before it is deleted; raises :class:`geo.errors.Conflict` where others
        depend on it.
    is_kept
        Whether the row of one that leaves the directory stays, whoever may refer to it: so its leaving tells nothing of
        that.
    refusing
        Called with the row before its version is checked; raises :class:`geo.errors.BadInput` where it is changed and
        retired by another write.

    """

    table: Table
    called: str
    fields: type
    fitting: Callable[[Connection, dict[str, Any], Any], dict[str, Any]]
    leaving: Callable[[Connection, Any], None]
    is_kept: bool = False
    refusing: Callable[[Any], None] | None = None
    bring_back: Callable[[Any], ColumnElement[bool]] | None = None
    """The database function that puts a record back into the directory by its id, so that it can be written to."""

    def __str__(self) -> str:
        """Return the name of its table, for the digest of a write."""
        return self.table.name

    def held(self, connection: Connection, row_id: str, expected_version: int) -> Any:
        """Return the row of an id, locked against other changes (see :func:`geo.writes.write.held`).

        Raises
        ------
        BadInput
            Where it is no id, or another write changes this row.

        """
        if self.bring_back is not None:
            connection.execute(select(self.bring_back(cast(check_id("id", row_id), self.table.c.id.type))))
        if self.refusing is not None:
            self.refusing(found(connection, self.table, row_id))
        return held(connection, self.table, row_id, expected_version)

    def checked(self, values: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
        """Return checked values (see :func:`geo.writes.fields.checked`)."""
        return checked(values, self.fields, new=new)


@dataclass(frozen=True, kw_only=True)
class Create(Write):
    """Enter a record."""

    record: Record
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        self.record.checked(self.values, new=True)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert the row; triggers update derived data."""
        table = self.record.table
        values = self.record.fitting(connection, self.record.checked(self.values, new=True), None)
        row = insert(table).values(**values, source_id=source_of_direct_entry(connection))
        return Saved(*connection.execute(row.returning(table.c.id, table.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class Update(Write):
    """Change some fields of a record."""

    refusals = (BadInput, Conflict, NotFound)

    record: Record
    id: RowId = argument("The record.")
    expected_version: int = argument(VERSION)
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        self.record.checked(self.values, new=False)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the row; triggers update derived data."""
        table = self.record.table
        row = self.record.held(connection, self.id, self.expected_version)
        values = self.record.fitting(connection, self.record.checked(self.values, new=False), row)
        change = update(table).where(table.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(table.c.id, table.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class Retire(Write):
    """Take a record out of the directory; the audit log keeps it, and some kinds themselves are kept."""

    refusals = (BadInput, Conflict, NotFound)

    record: Record
    id: RowId = argument("The record.")
    expected_version: int = argument(VERSION)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Delete the row; triggers update derived data."""
        table = self.record.table
        row = self.record.held(connection, self.id, self.expected_version)
        self.record.leaving(connection, row)
        if self.record.is_kept:
            return Saved(row.id, row.version)
        try:
            with connection.begin_nested():
                connection.execute(delete(table).where(table.c.id == row.id))
        except IntegrityError:  # somebody referred to it meanwhile
            raise Conflict(REFERRED, row.version) from None
        return Saved(row.id, row.version)
