"""Pages of a list inside a record: the children of an area, the services of an actor.

The list is ordered by (``name_key``, ``id``), as :class:`geo.queries.base.question.Page` is. A cursor also holds the id
of the record, so that a cursor of one record's list is refused in another's (``lakana.is_cursor_of``).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Text, Uuid, tuple_

from geo.arguments import MOST_PAGE, argument, between, check
from geo.errors import BadInput
from geo.queries.base.cursor import NOT_OURS, decode, list_of
from geo.queries.base.descriptions import AFTER
from geo.queries.base.question import Binds, bind

USUAL_PAGE = 20
ANSWER = "answer_id"


@dataclass(frozen=True, kw_only=True)
class NestedPage:
    """Which page of a list inside a record is asked for; ``of`` names the list."""

    BINDS: ClassVar[tuple[str, ...]] = ("first", "after_holder", "after_key", "after_id")

    of: str
    first: int | None = argument(
        f"Size of the page, 1 to {MOST_PAGE}; {USUAL_PAGE} where it is left out.", between(1, MOST_PAGE), default=None
    )
    after: str | None = argument(AFTER, default=None)

    def __post_init__(self) -> None:
        """Check the size."""
        check(self)

    def binds(self) -> Binds:
        """Return the size, and the record, the name and the id of the row that the cursor stands for.

        Raises
        ------
        BadInput
            Where it is no cursor of such a list.

        """
        holder, *key = (None, None, None) if self.after is None else decode(self.after, self.of, [str, str])
        try:
            values = (self.first or USUAL_PAGE, None if holder is None else str(uuid.UUID(holder)), *key)
        except ValueError:
            raise BadInput("after", NOT_OURS) from None
        return dict(zip(self.BINDS, values, strict=True))


def answer_id(question: Any) -> Binds:
    """Return the bind of :func:`answer_holder`."""
    return {ANSWER: str(uuid.uuid5(uuid.NAMESPACE_OID, list_of(question)))}


def answer_holder() -> ColumnElement[Any]:
    """Return the ``id`` of an answer that holds a list in pages: it has none of its own, so its question's digest."""
    return bind(ANSWER, Uuid(as_uuid=False)).label("id")


def nested_after(prefix: str) -> tuple[ColumnElement[Any], Any]:
    """Return the bound record of a cursor and the bound key in its list; all are NULL where there is no cursor."""
    _, holder, key, row_id = (f"{prefix}_{name}" for name in NestedPage.BINDS)
    own = Uuid(as_uuid=False)
    return bind(holder, own), tuple_(bind(key, Text(collation="C")), bind(row_id, own))
