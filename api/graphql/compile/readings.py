"""How a field of a Strawberry type is read from the database: what its metadata says to the projection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from graphql import GraphQLField
from sqlalchemy import ColumnElement, FromClause, Select, Subquery, literal_column

from api.graphql.compile import prices, tariff
from api.graphql.compile.connections import Paged
from geo.queries.base.question import Question

KEY = "projection"
"""The key in a field's metadata that holds its reading."""

Related = Mapping[str, FromClause]


@dataclass(frozen=True)
class Row:
    """The row that a field is read from: its columns, the row sets that are related to it, and the page it is of.

    A column names the row without bringing ``source`` along: a select inside a field reads this row, however deep it
    stands. A column of ``source`` itself would make such a select read all rows of the page.
    """

    source: Subquery
    related: Related = field(default_factory=dict)
    paged: Paged | None = None

    @property
    def kept(self) -> FromClause:
        """The rows of the page that the row stands for; those of a computed one are among the related rows."""
        return self.related["kept"] if self.paged is None else self.paged.kept

    def __contains__(self, name: str) -> bool:
        """Return whether the row has a column of this name."""
        return name in self.source.c

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        """Return a column by its name, of whatever name."""
        return literal_column(f'"{self.source.name}"."{name}"', self.source.c[name].type)

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        """Return a column by its name."""
        return self[name]


@dataclass(frozen=True)
class Value:
    """A leaf: an expression over the row and the field's arguments, which are bound as text by name.

    ``shared_price`` is the price in a record to which every row of a list may lead, if that is another.
    """

    expression: Callable[..., ColumnElement[Any]]
    price: prices.Size | float = tariff.LEAF
    shared_price: prices.Size | float | None = None


@dataclass(frozen=True)
class Same:
    """A nested object read from the same row; null where ``present`` is not true."""

    present: Callable[[Row], ColumnElement[bool]] | None = None


@dataclass(frozen=True)
class One:
    """A nested object read from a row of its own, null where there is none; ``work`` is the cost of finding it."""

    rows: Callable[[Row], Select[Any]]
    work: prices.Size = prices.nothing


@dataclass(frozen=True)
class Record:
    """A nested record of whatever type, by its id: one of the related rows by type, null where it is in none."""

    id: Callable[[Row], ColumnElement[Any]]


@dataclass(frozen=True)
class Many:
    """A nested list.

    ``size`` is how many rows it can hold, a number or a function of the root field's arguments; ``work`` is the cost of
    finding them. An item is null where ``present`` is not true of its row.
    """

    rows: Callable[[Row], Select[Any]]
    size: prices.Size | int
    work: prices.Size = prices.nothing
    present: Callable[[Row], ColumnElement[bool]] | None = None


@dataclass(frozen=True)
class Pages:
    """A nested connection: the rows of a list, which have ``name_key`` and ``id``, in pages by its arguments.

    ``work`` is the cost of finding a page.
    """

    rows: Callable[[Row], Select[Any]]
    work: prices.Size = prices.nothing


class Shape(Enum):
    """The form of a root field's answer."""

    LIST = "LIST"
    OBJECT = "OBJECT"
    CONNECTION = "CONNECTION"
    JSON = "JSON"
    NODE = "NODE"
    NODES = "NODES"


@dataclass(frozen=True)
class Root:
    """A root field: the question that it asks, and the shape and size of the answer.

    ``size`` is how many rows it has, a number or a function of its arguments; ``work`` is the further cost in points,
    beyond reading them (see :mod:`api.graphql.compile.prices`), which may depend on the rows of the ``table`` that it
    lists. ``page`` is the most that ``first`` may ask for, ``None`` where it is no argument.
    """

    question: Callable[..., Question]
    shape: Shape
    size: prices.Size | int = 1
    work: prices.Size = prices.nothing
    table: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Worked:
    """A field that Python computes; ``price`` is what the guard counts for it in addition to its fields."""

    price: prices.Size = prices.nothing


Reading = Value | Same | One | Record | Many | Pages | Root | Worked


def reading(definition: GraphQLField) -> Reading | None:
    """Return how a field is read; ``None`` if it does not declare that."""
    strawberry_field = definition.extensions.get("strawberry-definition")
    metadata = getattr(strawberry_field, "metadata", None) or {}
    found: Reading | None = metadata.get(KEY)
    return found
