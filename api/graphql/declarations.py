"""How a root field is declared: its description and arguments, its audiences, and what answers it.

:func:`asks` declares a question to the database, :func:`works` a field that Python computes, :func:`writes` a mutation.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, get_type_hints

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.execution import Context
from api.graphql.compile.projection import KEY, Root, Shape, Worked
from api.graphql.compile.reserved import BY_POST, ReservedFor
from api.graphql.types import written
from api.graphql.types.inputs.offered import offered, values_of
from api.graphql.types.written import WriteResult
from api.names import respelt, spelt, worded
from geo import errors
from geo.arguments import declared
from geo.audience import Audience
from geo.coordinates import BBox, LonLat
from geo.queries.base.question import Page, Question
from geo.queries.base.reach import Reach
from geo.queries.incidents.hotspots import Neighbourhood
from geo.queries.planning.siting import Candidates
from geo.queries.reach.gaps import GapWeights
from geo.queries.reach.need import Need
from geo.vocabulary import PublicFact
from geo.writes.write import Write, once

Given = Mapping[str, Any]
Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def reach(name: str, given: Given) -> Reach:
    """Return the reach that the argument ``name`` gives."""
    travel = given.get("travel")
    if travel is None:
        return Reach(metres=given["metres"], field=name)
    return Reach(**travel, field=name)


def need(name: str, given: Given) -> Need:
    """Return the need that the argument ``name`` gives."""
    if given.get("stage") is not None:
        return Need.of_stage(given["stage"])
    if given.get("incidentType") is not None:
        return Need.of_pathway(given["incidentType"])
    return Need.all_of(given["categories"], name)


def candidates(name: str, given: Given) -> Candidates:
    """Return the candidate sites that the argument ``name`` gives."""
    points = given.get("points")
    if points is None:
        return Candidates(area_code=given["localities"].get("areaCode"))
    return Candidates(points=tuple(LonLat(**each, field=f"{name}.points.{at}") for at, each in enumerate(points)))


TAKEN: dict[Any, Callable[[str, Any], Any]] = {
    LonLat: lambda name, given: LonLat(**given, field=name),
    BBox: lambda name, given: BBox(**given, field=name),
    Reach: reach,
    Need: need,
    GapWeights: lambda _, given: GapWeights(**given),
    Candidates: candidates,
    Neighbourhood: lambda _, given: Neighbourhood(nearest=given.get("nearest"), distance_m=given.get("distanceMetres")),
}
"""How the value of an argument becomes a domain value; values of other types are taken as they are."""


@dataclass(frozen=True)
class Taken:
    """An argument of the schema, made from a field of a question or a write."""

    name: str
    type: Any
    many: bool
    needed: bool
    parameter: inspect.Parameter

    @property
    def spelt(self) -> str:
        """Its name in the schema."""
        return spelt(self.name)

    def value(self, given: Any) -> Any:
        """Return the value of the domain."""
        take = TAKEN.get(self.type)
        if self.many:
            return tuple(given)
        return given if take is None else take(self.name, given)


def arguments(taker: type, order: Sequence[str] = (), words: Mapping[str, str] = MappingProxyType({})) -> list[Taken]:
    """Return the arguments of a dataclass, in the order of its fields; where a page begins and ends comes last."""
    hints, own = get_type_hints(taker), declared(taker)
    last = ("first", "after") if issubclass(taker, Page) else ()
    names = order or [*(each for each in own if each not in last), *(each for each in last if each in own)]
    defaults = {each.name: each.default for each in dataclasses.fields(taker)}
    return [
        _taken(name, hints[name], about(words.get(name) or respelt(own[name].words), own[name].by_post), defaults[name])
        for name in names
    ]


def _taken(name: str, hint: Any, words: Any, default: Any) -> Taken:
    needed, own = default is dataclasses.MISSING, offered(hint)
    annotation: Any = Annotated[own.annotation | None if default is None else own.annotation, words]
    shown = inspect.Parameter.empty if needed else strawberry.UNSET if default is None else default
    parameter = inspect.Parameter(worded(name), inspect.Parameter.KEYWORD_ONLY, default=shown, annotation=annotation)
    return Taken(name, own.own, own.many, needed, parameter)


def taken(all_of: Sequence[Taken], given: Given) -> dict[str, Any]:
    """Return the given values by the names of the domain; a null counts as left out."""
    return {each.name: each.value(value) for each in all_of if (value := given.get(each.spelt)) is not None}


def about(description: str, by_post: bool = False) -> Any:
    """Describe an argument."""
    return strawberry.argument(description=description, metadata={BY_POST: by_post})


def asks(
    question: type[Question],
    shape: Shape,
    size: prices.Size | int = 1,
    work: prices.Size = prices.nothing,
    reserved: Sequence[Audience] = (),
    *,
    make: Callable[..., Question] | None = None,
    order: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
    table: str | None = None,
) -> Callable[[Resolver], Any]:
    """Declare a root field: the question's arguments, the function's return type, the docstring as description.

    Parameters
    ----------
    question
        The question that it asks.
    shape, size, work
        The form of the answer, how many rows it has, and what finding them costs.
    reserved
        The audiences that it is for; everybody by default.
    make
        Makes the question from its values, if the class depends on them.
    order
        The order of the arguments, if it is not that of the fields.
    words
        The description of an argument, if it names something that only the schema knows.
    table
        The table that it lists, whose rows its price depends on (:class:`api.graphql.compile.country_size.Country`).

    """
    all_of, made = arguments(question, order, words or {}), make or question

    def of(given: Given) -> Question:
        values = taken(all_of, given)
        return made(**({"by_places": False} if make else {}) | values)

    def declare(function: Resolver) -> Any:
        root = Root(of, shape, size, work, table)
        directives = [ReservedFor(audiences=list(reserved))] if reserved else ()
        return strawberry.field(
            resolver=_with_arguments(function, [each.parameter for each in all_of]),
            description=" ".join((function.__doc__ or "").split()),
            metadata={KEY: root},
            directives=directives,
        )

    return declare


def _with_arguments(function: Resolver, own: Sequence[inspect.Parameter]) -> Resolver:
    """Return a function with this signature for Strawberry to read; it is never called, since the database answers.

    Every root field may be null: one that fails leaves the others.
    """
    answers = inspect.signature(function, eval_str=True).return_annotation | None

    def resolver(self: Any, **_: Any) -> Any:  # noqa: ARG001
        raise AssertionError("read from the database, never resolved")

    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    resolver.__signature__ = inspect.Signature((itself, *own), return_annotation=answers)  # type: ignore[attr-defined]
    resolver.__annotations__ = {each.name: each.annotation for each in own} | {"return": answers}
    resolver.__name__ = function.__name__
    return resolver  # type: ignore[return-value]


def works(price: prices.Size, *audiences: Audience) -> Callable[[Resolver], Any]:
    """Declare a root field that Python computes, for these audiences; the docstring is its description."""

    def declare(function: Resolver) -> Any:
        return strawberry.field(
            resolver=function,
            description=" ".join((function.__doc__ or "").split()),
            metadata={KEY: Worked(price)},
            directives=[ReservedFor(audiences=list(audiences))],
        )

    return declare


Key = Annotated[
    str,
    about(
        "1 to 200 characters that you make up for this write alone, a UUID for example. Sent again with the same "
        "key, a write is made once and gets the same answer."
    ),
]


@dataclass(frozen=True)
class Takes:
    """An input whose fields are the ``values`` of a write: its argument name, type and description."""

    name: str
    type: type
    words: str
    values: Callable[[Any], Mapping[str, Any]] = values_of

    @property
    def parameter(self) -> inspect.Parameter:
        """The argument."""
        annotation: Any = Annotated[self.type, about(self.words)]
        return inspect.Parameter(self.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)


def writes(
    *audiences: Audience,
    price: prices.Size = prices.write,
    of: type | None = None,
    takes: Takes | None = None,
    **known: Any,
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a mutation for these audiences; the docstring is its description.

    Parameters
    ----------
    audiences, price
        Who may use it, and what it costs.
    of
        The class that declares its arguments: a write that is built from them, or a class from which the function makes
        a write. Without it the arguments are the function's own.
    takes
        A further input.
    known
        Fixed values of the write.

    """

    def declare(make: Callable[..., Any]) -> Any:
        all_of = arguments(of) if of else []

        async def resolver(self: Any, info: strawberry.Info, idempotency_key: str, **given: Any) -> Any:
            def made() -> Write:
                if of is None:
                    write: Write = make(self, **given)
                    return write
                more = known | ({"values": takes.values(given.pop(takes.name))} if takes else {})
                asked = of(**more, **taken(all_of, {spelt(name): plain(value) for name, value in given.items()}))
                return asked if isinstance(asked, Write) else make(self, asked)

            return await _written(info.context, idempotency_key, made)

        own = [*(each.parameter for each in all_of), *([takes.parameter] if takes else [])]
        if of is None:
            own = [*inspect.signature(make, eval_str=True).parameters.values()][1:]
        shown = (
            inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter("info", inspect.Parameter.KEYWORD_ONLY, annotation=strawberry.Info),
            *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own),
            inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=Key),
        )
        resolver.__signature__ = inspect.Signature(shown, return_annotation=WriteResult | None)  # type: ignore[attr-defined]
        resolver.__annotations__ = {each.name: each.annotation for each in shown[1:]} | {"return": WriteResult | None}
        resolver.__name__ = make.__name__
        return strawberry.mutation(
            resolver=resolver,
            description=" ".join((make.__doc__ or "").split()),
            metadata={KEY: Worked(price)},
            directives=[ReservedFor(audiences=list(audiences))],
        )

    return declare


def plain(given: Any) -> Any:
    """Return an input as a question takes it: a dict by the names of the schema, without what was left out."""
    if isinstance(given, list):
        return [plain(each) for each in given]
    if not dataclasses.is_dataclass(given):
        return given
    values = {each.name: getattr(given, each.name) for each in dataclasses.fields(given)}
    return {spelt(name): plain(value) for name, value in values.items() if value is not strawberry.UNSET}


async def _written(context: Context, key: str, make: Callable[[], Write]) -> Any:
    """Build a write and run it; errors that the caller can fix become part of the answer."""
    caller = context.caller
    try:
        # Building a write checks it, which may take long.
        asked = await context.resources.checks.run(make, caller)
        saved = await context.resources.writer.run(
            caller,
            lambda connection: once(asked, key, connection, caller),
            then=lambda: asked.follow_up(context.resources),
        )
    except errors.BadInput as error:
        return written.ValidationError(field=spelt(error.field), message=respelt(error.problem))
    except errors.Conflict as error:
        return written.Conflict(message=respelt(str(error)), current_version=error.version)
    except errors.Forbidden as error:
        return written.Forbidden(message=respelt(str(error)))
    return written.Success(
        id=strawberry.ID(saved.id),
        version=saved.version,
        rows=saved.rows,
        replayed=saved.replayed,
        was_public=[
            written.WasPublic(
                fact=PublicFact[each.fact], since=dt.datetime.fromisoformat(each.since) if each.since else None
            )
            for each in saved.was_public
        ],
    )
