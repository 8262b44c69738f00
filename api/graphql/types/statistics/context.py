"""Figures that others publish of areas."""

from __future__ import annotations

import datetime as dt

import strawberry

from api.graphql.types.field import by_id, column, one
from api.graphql.types.places import AdminArea, Source, source_field
from api.graphql.types.statistics.common import describe
from geo.queries.base.row_sets import areas
from geo.vocabulary import FigureSex, FigureStatus

describe(
    FigureStatus,
    "Whether a figure that others publish is told in full.",
    {"KNOWN": "It is", "CENSORED": "The publisher withholds it because it is small, as in `<5`; it is not zero"},
)
describe(
    FigureSex,
    "The sex of the people that a figure of others is about, whatever their age.",
    {"FEMALE": "Girls and women", "MALE": "Boys and men"},
)


@strawberry.type(
    description="A figure that others publish of an area for a period, as they publish it. It is none of the incident "
    "counts that localities report here, and is never added to them."
)
class ContextFigure:
    """A figure of others."""

    publisher: str = column("publisher", "Who publishes it.")
    indicator: str = column("indicator", "What is counted, in the publisher's words.")
    breakdown: str | None = column("breakdown", "Which part of it, in the publisher's words; null for the whole.")
    area: AdminArea = one(by_id(areas, "area_id"), "Of which area, in the edition that the figure was loaded for.")
    starts_on: dt.date = column("starts_on", "The first day of its period.")
    ends_on: dt.date = column("ends_on", "The last day of its period.")
    sex: FigureSex | None = column("sex", "Of which sex; null for both.")
    age: str | None = column("age", "Of which ages, in the publisher's words; null for all.")
    status: FigureStatus = column("status", "Whether it is told in full.")
    value: float | None = column("value", "The figure; null where it is censored, which is not zero.")
    below: int | None = column("below", "Of a censored figure: it is less than this, and at least 1; null of others.")
    source: Source = source_field()
