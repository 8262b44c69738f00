"""Answers of a mutation: what was written, or why nothing was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry

from api.graphql.compile.execution import Finished, read_answer, read_node
from api.graphql.compile.readings import Root, Shape
from api.graphql.compile.reserved import ReservedFor
from api.graphql.types.field import worked
from api.graphql.types.places import Source
from api.names import respelt
from geo import errors
from geo.arguments import RowId
from geo.audience import Audience
from geo.queries.directory.node import KINDS
from geo.queries.directory.sources import SourceById
from geo.vocabulary import PublicFact
from geo.writes.write import Saved


@strawberry.interface(description="Why nothing was written.")
class WriteError:
    """What every refusal says."""

    message: str = worked("What stands against it, and what to change.")


@strawberry.type(description="Nothing was written: a value does not hold.")
class ValidationError(WriteError):
    """A value that the caller can mend."""

    field: str = worked("The field: its path inside `input`, `changes.point.lat` for example.")


@strawberry.type(description="Nothing was written: the record has changed since, or others depend on it.")
class Conflict(WriteError):
    """What stands against it."""

    current_version: int = worked(
        "The version that the record has now; of `reviewChange` that of the record that the proposal is about."
    )


@strawberry.type(description="Nothing was written: you may not.")
class Forbidden(WriteError):
    """A refusal."""


@strawberry.type(description="Nothing was written: there is nothing of that id, or it is not yours to know.")
class NotFound(WriteError):
    """A refusal that tells nothing."""


REFUSED: Mapping[type[errors.LakanaError], type[WriteError]] = {
    errors.BadInput: ValidationError,
    errors.Conflict: Conflict,
    errors.Forbidden: Forbidden,
    errors.NotFound: NotFound,
}
"""The type of each error that the caller can do something about, in the order in which a union names them."""


def refused(error: errors.LakanaError, path: str) -> WriteError:
    """Return what a write answers to an error; ``path`` is that of the field of a :class:`geo.errors.BadInput`."""
    match error:
        case errors.BadInput():
            return ValidationError(field=path, message=respelt(error.problem))
        case errors.Conflict():
            return Conflict(message=respelt(str(error)), current_version=error.version)
    return REFUSED[type(error)](message=respelt(str(error)))


@strawberry.type(
    description="What everybody could read of a record before it was hidden or withdrawn, and cannot be called back."
)
class WasPublic:
    """A fact that was told."""

    fact: PublicFact = worked("What it is.")
    since: dt.datetime | None = worked("Since when, at the latest; null where it was there before the audit log began.")


def _was_public(root: Any) -> list[WasPublic]:
    return [
        WasPublic(fact=PublicFact(each.fact), since=dt.datetime.fromisoformat(each.since) if each.since else None)
        for each in root.saved.was_public
    ]


SOURCE = Root(SourceById, Shape.OBJECT)


async def _source(root: Any, info: strawberry.Info) -> Source | None:
    told: Any = await read_answer(info._raw_info, SOURCE, SourceById(id=RowId(root.saved.id)))  # noqa: SLF001
    source: Source | None = told
    return source


FURTHER: Mapping[str, Callable[[], tuple[Any, Any]]] = {
    "version": lambda: (
        int,
        worked("The record's version now: the next change expects it.", lambda root: root.saved.version),
    ),
    "returns_recorded": lambda: (int, worked("How many returns were recorded.", lambda root: root.saved.rows)),
    "localities_set": lambda: (int, worked("Of how many localities it was said.", lambda root: root.saved.rows)),
    "source": lambda: (
        Source | None,
        worked("The source that they are filed under, as it is now; null where it is gone again.", _source),
    ),
    "records_withdrawn": lambda: (
        int,
        worked("How many records of the directory went with it, itself included.", lambda root: root.saved.rows),
    ),
    "secret": lambda: (
        str | None,
        worked(
            "What stands behind `#` in the link, https://HOST/signin#SECRET. It is told once: null where this very "
            "write had been made before.",
            lambda root: root.saved.secret,
        ),
    ),
    "was_public": lambda: (
        list[WasPublic],
        worked(
            "What had been public of a shelter that this write made confidential, or of a record that it withdrew. "
            "Whoever knows it may still look there. Empty for every other write, and for what was confidential.",
            _was_public,
            ReservedFor(audiences=[Audience.STEWARD]),
        ),
    ),
}
"""The type and the field of what some successes say besides."""


def success(
    name: str, of: str, gives: Mapping[str, type], further: Sequence[str], audiences: Sequence[Audience]
) -> type:
    """Make the type of a write that is done.

    Parameters
    ----------
    name, of
        Its name, and the mutation that it answers.
    gives
        The records that can be read from it, by field. Where they have a version, so has it.
    further
        The names of further fields (:data:`FURTHER`). With a source or a number for a record there is no id.
    audiences
        Who may use the mutation. A record that some of them may not read is reserved for those who may.

    """
    words = "The id of what was written."
    if "record" in gives:
        words = "The id of the proposal; that of the changed record is `record.id`."
    elif "records_withdrawn" in further:
        words = "The id of what was withdrawn; it answers nothing any more."
    elif "was_public" in further:
        words = "The id of the shelter: another one where this write made it confidential."
    counted = ["version"] if any("version" in kind.__annotations__ for kind in gives.values()) else []
    made: dict[str, tuple[Any, Any]] = {
        **(
            {}
            if {*further} & {"source", "localities_set"}
            else {"id": (strawberry.ID, worked(words, lambda root: root.saved.id))}
        ),
        **{each: FURTHER[each]() for each in (*counted, *further)},
        "replayed": (
            bool,
            worked(
                "True where this very write had been made before under its key, and was not made again.",
                lambda root: root.saved.replayed,
            ),
        ),
        **{each: _record(each, kind, audiences) for each, kind in gives.items()},
    }
    annotations = {each: annotation for each, (annotation, _) in made.items()} | {"saved": strawberry.Private[Saved]}
    fields = {each: field for each, (_, field) in made.items()}
    body = {"__annotations__": annotations, "__module__": __name__, **fields}
    words = f"`{of}` is done, and is there after a crash."
    found: type = strawberry.type(type(name, (), body), description=words)
    return found


LISTED = {"Organization", "ProtectionActor"}
"""The types of records that are in the directory only while something public leads to them."""


def _record(field: str, kind: type, audiences: Sequence[Audience]) -> tuple[Any, Any]:
    changed = field == "record"

    async def resolver(root: Any, info: strawberry.Info) -> Finished | None:
        row_id = root.saved.changed_id if changed else root.saved.id
        return None if row_id is None else await read_node(info._raw_info, row_id)  # noqa: SLF001  no public name

    resolver.__annotations__["return"] = kind | None
    known = KINDS.get(kind.__name__)
    readers = None if known is None or {*audiences} <= known.readers else ReservedFor(audiences=sorted(known.readers))
    if changed:
        words = (
            "The record that was changed; null where the proposal was rejected, and while it is not in the directory."
        )
    elif kind.__name__ in LISTED:
        words = (
            "The record, as it is now; null while it is not in the directory, where `node` gives nothing of it either "
            "and its id is good for writes, and where it is gone again."
        )
    else:
        words = "The record, as it is now; null where it is gone again."
    return kind | None, worked(words, resolver, readers)


def result(name: str, of: str, done: type, refusals: Sequence[type[errors.LakanaError]]) -> Any:
    """Make the union of what may come of a mutation: its success, and the errors by which it may be refused."""
    types = [done, *(kind for error, kind in REFUSED.items() if error in refusals)]
    words = f"What came of `{of}`: it is done whole, or nothing is changed."
    return Annotated[reduce(or_, types), strawberry.union(name, description=words)]
