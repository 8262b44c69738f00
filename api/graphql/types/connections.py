"""The pages of lists, as Relay has them: of root fields, and of lists inside a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select

from api.graphql.compile import prices
from api.graphql.compile.connections import Paged
from api.graphql.compile.readings import KEY, Pages, Row
from api.graphql.types.field import column, many, same, value
from geo.arguments import declared
from geo.queries.base.nested_page import USUAL_PAGE, NestedPage

Item = TypeVar("Item")


def _known(name: str, counted: Callable[[Paged], Select[Any]]) -> Callable[[Row], ColumnElement[Any]]:
    """Return a value of a page: a computed one has it in a column, of any other it is counted."""
    return lambda row: row[name] if row.paged is None else counted(row.paged).scalar_subquery()


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = value(
        _known("has_next_page", lambda page: select(func.count() > page.first).select_from(page.page)),
        "True where there are more.",
    )
    has_previous_page: bool = value(
        _known(
            "has_previous_page",
            lambda page: select(literal_column("false") if page.before is None else exists(select(page.before))),
        ),
        "True where there is something before this page.",
    )
    start_cursor: str | None = value(
        lambda row: _cursor(row, last=False), "The cursor of the first edge; null where the page is empty."
    )
    end_cursor: str | None = value(
        lambda row: _cursor(row, last=True),
        "The cursor of the last edge: pass it as `after`. Null where the page is empty.",
    )


def _cursor(row: Row, *, last: bool) -> ColumnElement[Any]:
    number = row.kept.c.row_number
    return select(row.kept.c.cursor).order_by(number.desc() if last else number).limit(1).scalar_subquery()


@strawberry.type(description="An item of a page with its cursor.")
class Edge(Generic[Item]):
    """Relay's edge."""

    cursor: str = column("cursor", "Where this item stands; it stays good when the item is gone.")
    node: Item = same("The item.")


def total_field(price: prices.Size = prices.total) -> int:
    """Declare how many items match; a list that is computed whole has counted them already."""
    total: int = value(
        _known("total_count", lambda page: select(func.count()).select_from(page.matching)),
        "How many items match in all; counted only when asked for.",
        price=price,
    )
    return total


@strawberry.type(description="A page of a list.")
class Connection(Generic[Item]):
    """Relay's connection."""

    edges: list[Edge[Item]] = many(
        lambda row: select(row.kept).order_by(row.kept.c.row_number),
        prices.first(USUAL_PAGE),
        "The items of this page.",
    )
    page_info: PageInfo = same("Where this page stands.")
    total_count: int = total_field()


_PAGE = declared(NestedPage)
_First = Annotated[int | None, strawberry.argument(description=_PAGE["first"].words)]
_After = Annotated[str | None, strawberry.argument(description=_PAGE["after"].words)]


def pages(rows: Callable[[Row], Select[Any]], of: Any, description: str, work: prices.Size = prices.nested_page) -> Any:
    """Declare a list inside a record that comes in pages by name: a connection ``of`` its items."""

    def resolver(first: _First = strawberry.UNSET, after: _After = strawberry.UNSET) -> Any:  # noqa: ARG001
        raise AssertionError("read from the database, never resolved")

    resolver.__annotations__["return"] = of
    return strawberry.field(resolver=resolver, description=description, metadata={KEY: Pages(rows, work)})
