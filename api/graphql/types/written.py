"""Answers of a mutation: success, or why it failed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, cast

import strawberry

from api.graphql.compile.execution import read_node
from api.graphql.compile.projection import KEY, Worked
from api.graphql.compile.reserved import ReservedFor
from api.graphql.types.places import Node
from geo.audience import Audience
from geo.vocabulary import PublicFact

STEWARDS = ReservedFor(audiences=[Audience.STEWARD])


def worked(description: str, resolver: Any = None, reserved: ReservedFor | None = None) -> Any:
    """Declare a field that Python computes, for everybody who may write unless it is reserved."""
    directives = () if reserved is None else (reserved,)
    return strawberry.field(resolver=resolver, description=description, metadata={KEY: Worked()}, directives=directives)


async def _node(root: Success, info: strawberry.Info) -> Node | None:
    if root.rows != 1 or root.version is None:
        return None
    found = await read_node(info._raw_info, root.id)  # noqa: SLF001  Strawberry has no public name for it
    return cast("Node | None", found)


@strawberry.type(
    description="What everybody could read of a shelter before it became confidential, and cannot be called back."
)
class WasPublic:
    """A fact that was told."""

    fact: PublicFact = worked("What it is.")
    since: dt.datetime | None = worked("Since when, at the latest; null where it was there before the audit log began.")


@strawberry.type(description="It was written, and is there after a crash.")
class Success:
    """A write that is done."""

    id: strawberry.ID = worked("The id of what was written: the record, the proposal or, for counts, their source.")
    version: int | None = worked("The record's version now: the next change expects it. Null for counts.")
    rows: int = worked("How many rows were written: 1, and for counts their number.")
    replayed: bool = worked("True where this very write had been made before under its key, and was not made again.")
    was_public: list[WasPublic] = worked(
        "Of a shelter that this write made confidential: what had been public. Whoever knows it may still look there. "
        "Empty for every other write.",
        reserved=STEWARDS,
    )
    node: Node | None = worked(
        "The record as it is now; null for what is retired, proposed or counted, and for a scenario (ask `scenario`).",
        _node,
    )


@strawberry.type(description="Nothing was written: a value does not hold.")
class ValidationError:
    """A value that the caller can mend."""

    field: str = worked("The field, dotted where it is nested: `point.lat`.")
    message: str = worked("What is wrong, and what to change.")


@strawberry.type(description="Nothing was written: the record has changed since, or others depend on it.")
class Conflict:
    """What stands against it."""

    message: str = worked("What stands against it, and what to do.")
    current_version: int = worked("The version that the record has now.")


@strawberry.type(description="Nothing was written: you may not.")
class Forbidden:
    """A refusal."""

    message: str = worked("Why not, and who may.")


WriteResult = Annotated[
    Success | ValidationError | Conflict | Forbidden,
    strawberry.union("WriteResult", description="What came of a write: it is done whole, or nothing is changed."),
]
