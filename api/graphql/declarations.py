"""How a root field is declared: its description and arguments, its audiences, and what answers it.

:func:`asks` declares a question to the database, :func:`works` a field that Python computes. Mutations are declared by
:func:`api.graphql.mutation.declaration.writes`.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar, get_type_hints

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import KEY, Root, Shape, Worked
from api.graphql.compile.reserved import BY_POST, ReservedFor, for_whom
from api.graphql.types.inputs.offered import input_value, offered
from api.names import respelt, spelt, worded
from geo.arguments import declared, largest_page
from geo.audience import Audience
from geo.coordinates import BBox, LonLat
from geo.queries.base.question import Page, Question
from geo.queries.base.reach import Reach
from geo.queries.incidents.hotspots import Neighbourhood
from geo.queries.planning.siting import Candidates
from geo.queries.reach.gaps import GapWeights
from geo.queries.reach.need import Need
from geo.writes.counts import Count, Reported, Return
from geo.writes.trainings import Participants

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
    if given.get("pathway") is not None:
        return Need.of_pathway(given["pathway"])
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
    Candidates: candidates,
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

    @cached_property
    def spelt(self) -> str:
        """Its name in the schema."""
        return spelt(self.name)

    def value(self, given: Any) -> Any:
        """Return the value of the domain."""
        take = TAKEN.get(self.type)
        if self.many:
            return tuple(given if take is None else (take(f"{self.name}.{at}", each) for at, each in enumerate(given)))
        return given if take is None else take(self.name, given)


def arguments(taker: type, order: Sequence[str] = ()) -> list[Taken]:
    """Return the arguments of a dataclass, in the order of its fields; where a page begins and ends comes last."""
    hints, own = get_type_hints(taker), declared(taker)
    last = ("first", "after") if issubclass(taker, Page) else ()
    names = order or [*(each for each in own if each not in last), *(each for each in last if each in own)]
    defaults = {each.name: each.default for each in dataclasses.fields(taker)}
    return [
        _taken(name, hints[name], about(respelt(own[name].words), own[name].by_post), defaults[name]) for name in names
    ]


def _taken(name: str, hint: Any, words: Any, default: Any) -> Taken:
    needed, own = default is dataclasses.MISSING, offered(hint)
    annotation: Any = Annotated[own.annotation | None if default is None else own.annotation, words]
    shown = inspect.Parameter.empty if needed else strawberry.UNSET if default is None else input_value(default)
    parameter = inspect.Parameter(worded(name), inspect.Parameter.KEYWORD_ONLY, default=shown, annotation=annotation)
    return Taken(name, own.own, own.many, needed, parameter)


def taken(all_of: Sequence[Taken], given: Given) -> dict[str, Any]:
    """Return the given values by the names of the domain; a null counts as left out."""
    return {each.name: each.value(value) for each in all_of if (value := given.get(each.spelt)) is not None}


def whole(kind: type) -> Callable[[str, Given], Any]:
    """Return how an input becomes the dataclass that declares its fields."""
    all_of = arguments(kind)
    return lambda _, given: kind(**taken(all_of, given))


def about(description: str, by_post: bool = False) -> Any:
    """Describe an argument, and say of one that goes by POST only that it does."""
    words = f"{description} By POST only." if by_post else description
    return strawberry.argument(description=words, metadata={BY_POST: by_post})


TAKEN |= {kind: whole(kind) for kind in (Return, Count, Reported, Participants, GapWeights, Neighbourhood)}


def asks(
    question: type[Question],
    shape: Shape,
    size: prices.Size | int = 1,
    work: prices.Size = prices.nothing,
    reserved: Sequence[Audience] = (),
    *,
    make: Callable[..., Question] | None = None,
    order: Sequence[str] = (),
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
    table
        The table that it lists, whose rows its price depends on (:class:`api.graphql.compile.country_size.Country`).

    """
    all_of, made = arguments(question, order), make or question

    def of(given: Given) -> Question:
        values = taken(all_of, given)
        return made(**({"by_places": False} if make else {}) | values)

    def declare(function: Resolver) -> Any:
        root = Root(of, shape, size, work, table, largest_page(question))
        return strawberry.field(
            resolver=_with_arguments(function, [each.parameter for each in all_of]),
            metadata={KEY: root},
            **described(function, reserved),
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


def described(function: Callable[..., Any], audiences: Sequence[Audience]) -> dict[str, Any]:
    """Return the description of a root field, its function's docstring, with whom it is for."""
    words = " ".join((function.__doc__ or "").split())
    return for_whom(words, ReservedFor(audiences=list(audiences)) if audiences else None)


def plain(given: Any) -> Any:
    """Return an input as a question takes it: a dict by the names of the schema, without what was left out."""
    if isinstance(given, list):
        return [plain(each) for each in given]
    if not dataclasses.is_dataclass(given):
        return given
    values = {each.name: getattr(given, each.name) for each in dataclasses.fields(given)}
    return {spelt(name): plain(value) for name, value in values.items() if value is not strawberry.UNSET}


def works(price: prices.Size, *audiences: Audience) -> Callable[[Resolver], Any]:
    """Declare a root field that Python computes, for these audiences; the docstring is its description."""

    def declare(function: Resolver) -> Any:
        return strawberry.field(resolver=function, metadata={KEY: Worked(price)}, **described(function, audiences))

    return declare
