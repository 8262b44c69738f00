"""How a root field is declared: its words and arguments, who may ask, and what answers.

:func:`asks` declares a question to the database, :func:`works` what Python works out, :func:`writes` a mutation.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.execution import Context
from api.graphql.compile.projection import KEY, Root, Shape, Worked
from api.graphql.compile.reserved import ReservedFor
from api.graphql.types import written
from api.graphql.types.scalars import BBoxInput, GeoJSON, ReachInput
from api.graphql.types.siting import CandidatesInput
from api.graphql.types.written import WriteResult
from geo import errors
from geo.audience import Audience
from geo.coordinates import BBox, LonLat
from geo.queries.base.question import Question
from geo.queries.base.reach import Reach
from geo.vocabulary import ActorKind, PublicFact, ReportingLevel, Season, ServiceCategory, SitingModel
from geo.writes.write import Write, once

Given = Mapping[str, Any]
Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def about(description: str) -> Any:
    """Describe an argument."""
    return strawberry.argument(description=description)


AreaCode = Annotated[
    str | None,
    about("SCHEME:CODE, or a bare code where only one area in force bears it. All that is known to lie inside counts."),
]
Box = Annotated[BBoxInput | None, about("Only what lies in this box.")]
First = Annotated[int | None, about("Size of the page, 1 to 100.")]
After = Annotated[str | None, about("The cursor after which the page begins.")]
Category = Annotated[ServiceCategory | None, about("Only this category.")]
Kind = Annotated[ActorKind | None, about("Only this kind.")]
NamePart = Annotated[str | None, about("A part of the name, 1 to 200 characters, case and accents ignored.")]
Distance = Annotated[
    float, about("Metres on the WGS 84 spheroid, 0.001 to 1,000,000; what stands exactly there is within reach.")
]
PartsLevel = Annotated[
    ReportingLevel | None,
    about(
        "The level of the parts, NATION, REGION or CERCLE; one level below the area where it is left out. What lies in "
        "no area of that level, and an area that is itself not above it, counts in a row of the area itself."
    ),
]

Within = Annotated[ReachInput, about("What is within reach: a distance, or a time of travel.")]


SitingCategory = Annotated[ServiceCategory, about("The category of the service to build.")]
SitingGoal = Annotated[SitingModel, about("What the sites are to be best at.")]
Sites = Annotated[
    int | None, about("How many sites at most, 1 to 100; 3 where it is left out. Not for LSCP, which finds the number.")
]
Candidates = Annotated[
    CandidatesInput | None, about("Where a site may stand; at every locality of the area where it is left out.")
]
Exclude = Annotated[
    GeoJSON | None,
    about(
        "Where no site may stand, borders included: a GeoJSON Polygon, MultiPolygon or GeometryCollection of them, "
        "longitude first, at most 10 polygons and 5,000 positions."
    ),
]


def candidates_of(given: Any) -> dict[str, Any]:
    """Give the fields of the question that say where a site may stand."""
    if given is None:
        return {}
    points = given.get("points")
    if points is None:
        return {"candidates_area_code": given["localities"].get("areaCode")}
    places = (LonLat(**each, field=f"candidates.points.{number}") for number, each in enumerate(points))
    return {"points": tuple(places)}


def or_default(given: Given, name: str, default: int) -> int:
    """Return an argument or its default: one that has a default may still be given as null."""
    value: int | None = given.get(name)
    return default if value is None else value


def _box(given: Given) -> BBox | None:
    box = given.get("bbox")
    return None if box is None else BBox(**box)


def page(given: Given, default: int) -> dict[str, Any]:
    """Return the page that is asked for."""
    return {"first": or_default(given, "first", default), "after": given.get("after")}


def located(given: Given) -> dict[str, Any]:
    """Return the area and the box that are asked for."""
    return {"area_code": given.get("areaCode"), "bbox": _box(given)}


def within(given: Given, name: str = "within") -> Reach:
    """Return the reach that is asked for."""
    reach = given[name]
    travel = reach.get("travel")
    if travel is None:
        return Reach(metres=reach["metres"], field=name)
    season = travel.get("season") or Season.DRY
    return Reach(mode=travel["mode"], minutes=travel["minutes"], season=season, field=name)


def asks(
    question: Callable[[Given], Question],
    shape: Shape,
    size: prices.Size | int = 1,
    work: prices.Size = prices.nothing,
    reserved: Sequence[Audience] = (),
) -> Callable[[Resolver], Any]:
    """Declare a root field: its arguments and type are the function's, its words the docstring."""

    def declare(function: Resolver) -> Any:
        description = " ".join((function.__doc__ or "").split())
        root = Root(question, shape, size, work)
        directives = [ReservedFor(audiences=list(reserved))] if reserved else ()
        return strawberry.field(resolver=function, description=description, metadata={KEY: root}, directives=directives)

    return declare


def works(price: prices.Size, *audiences: Audience) -> Callable[[Resolver], Any]:
    """Declare a root field that Python works out, for these audiences: its words are the docstring."""

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
Version = Annotated[int, about("The version that you saw: where it is another now, nothing is changed.")]
RowId = Annotated[strawberry.ID, about("An id that an earlier answer gave.")]


def writes(*audiences: Audience, price: prices.Size = prices.write) -> Callable[[Callable[..., Write]], Any]:
    """Declare a mutation for these audiences: its words are the docstring of the function that makes the write."""

    def declare(make: Callable[..., Write]) -> Any:
        async def resolver(self: Any, info: strawberry.Info, idempotency_key: str, **given: Any) -> Any:
            return await _written(info.context, idempotency_key, lambda: make(self, **given))

        own = list(inspect.signature(make, eval_str=True).parameters.values())[1:]
        shown = (
            inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter("info", inspect.Parameter.KEYWORD_ONLY, annotation=strawberry.Info),
            *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own),
            inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=Key),
        )
        resolver.__signature__ = inspect.Signature(shown, return_annotation=WriteResult)  # type: ignore[attr-defined]
        resolver.__annotations__ = {each.name: each.annotation for each in shown[1:]} | {"return": WriteResult}
        resolver.__name__ = make.__name__
        return strawberry.mutation(
            resolver=resolver,
            description=" ".join((make.__doc__ or "").split()),
            metadata={KEY: Worked(price)},
            directives=[ReservedFor(audiences=list(audiences))],
        )

    return declare


async def _written(context: Context, key: str, make: Callable[[], Write]) -> Any:
    """Make a write and do it; whatever the caller can mend becomes a part of the answer."""
    caller = context.caller
    try:
        asked = make()
        saved = await context.resources.writer.run(caller, lambda connection: once(asked, key, connection, caller))
        asked.follow_up(context.resources)
    except errors.BadInput as error:
        return written.ValidationError(field=error.field, message=error.problem)
    except errors.Conflict as error:
        return written.Conflict(message=str(error), current_version=error.version)
    except errors.Forbidden as error:
        return written.Forbidden(message=str(error))
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
