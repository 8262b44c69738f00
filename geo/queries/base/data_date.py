"""Of when the data are that an answer rests on: services, people and incidents, and when they were loaded.

One row, named :data:`DATES` among the related rows of a question, with the columns of :func:`data_dates`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, FromClause, Select, Text, cast, func, literal_column, null, select
from sqlalchemy import true as always

from geo.database.tables import (
    SERVICE_CATEGORY,
    access_refresh,
    admin_area,
    area_population,
    area_within,
    locality,
    service,
)
from geo.queries.base.question import DAY_BEGAN, bind, of_nation
from geo.queries.base.row_sets import HAS_PLACE

DATES = "data_dates"
"""The name of the row in :meth:`geo.queries.base.question.Question.related`."""


def data_dates(
    loaded_on: ColumnElement[Any],
    *,
    services: ColumnElement[Any] | None = None,
    population: ColumnElement[Any] | None = None,
    incidents: ColumnElement[Any] | None = None,
) -> FromClause:
    """Return one row: ``services`` and ``population`` (dates), ``incidents`` (a period), ``loaded_on`` (a moment).

    What is left out is NULL: the answer rests on nothing of that kind. PostgreSQL works out only what is read.
    """
    return select(
        cast(null() if services is None else services, Date).label("services"),
        cast(null() if population is None else population, Date).label("population"),
        cast(null() if incidents is None else incidents, Text).label("incidents"),
        cast(loaded_on, DateTime(timezone=True)).label("loaded_on"),
    ).subquery(DATES)


def dates_of_category(loaded_on: ColumnElement[Any] | None = None, *, everywhere: bool = False) -> FromClause:
    """Return the dates of an answer about children and the services of the bound category.

    ``loaded_on`` is when a distance of the category last changed where it is left out.
    """
    category: ColumnElement[Any] = bind("category", SERVICE_CATEGORY)
    return data_dates(
        refreshed_at(category) if loaded_on is None else loaded_on,
        services=verified_on(select(cast(category, SERVICE_CATEGORY).label("category"))),
        population=census_on(everywhere=everywhere),
    )


def verified_on(categories: Select[Any]) -> ColumnElement[Any]:
    """Return the latest day on which a service of the nation with a place was verified; NULL where none ever was.

    ``categories`` selects the column ``category``. The index leads to the latest of each, so it is read and not sought.
    """
    asked = categories.subquery("dated_category")
    day, never = func.coalesce(service.c.verified_on, _NEVER), _NEVER
    latest = select(service.c.verified_on).where(service.c.category == asked.c.category, HAS_PLACE, day > never)
    latest = latest.where(of_nation(service.c.area_set_id))
    latest = latest.order_by(day.desc(), service.c.id.desc()).limit(_ONE).correlate(asked)
    return select(func.max(latest.scalar_subquery())).select_from(asked).scalar_subquery()


_NEVER: ColumnElement[Any] = literal_column("'-infinity'::date")
_ONE: ColumnElement[Any] = literal_column("1")


def census_on(*, everywhere: bool = False) -> ColumnElement[Any]:
    """Return the first day of the year of the latest census in the nation of the bound area; NULL where none is known.

    That is the latest with figures of its areas, since those of localities are parts of them; where there is none, the
    latest of its localities. If no area is named, it is the home nation's or, with ``everywhere``, that of all nations.
    """
    area = func.lakana.area_in_force(bind("area_code", Text))
    if not everywhere:
        area = func.coalesce(area, func.lakana.home_area())
    named = select(area.label("id")).cte("dated_area").prefix_with("MATERIALIZED")
    nations = (
        select(admin_area.c.id)
        .join_from(named, area_within, area_within.c.area_id == named.c.id)
        .join(admin_area, admin_area.c.id == area_within.c.ancestor_id)
        .where(admin_area.c.level == literal_column("0"))
    )
    held = area_within.c.ancestor_id.in_(nations)

    def counted_in(column: ColumnElement[Any]) -> ColumnElement[bool]:
        inside = select(always()).where(area_within.c.area_id == column, held).exists()
        return inside | select(named.c.id.is_(None)).scalar_subquery() if everywhere else inside

    of_areas = select(func.max(area_population.c.year)).where(counted_in(area_population.c.area_id))
    of_localities = select(func.max(locality.c.population_year)).where(counted_in(locality.c.area_set_id))
    year = func.coalesce(of_areas.scalar_subquery(), of_localities.scalar_subquery())
    return func.make_date(year, _ONE, _ONE, type_=Date)


def refreshed_at(category: ColumnElement[Any], *around: Any) -> ColumnElement[Any]:
    """Return when a distance of the category last changed; of any category where it never had a service, today if none.

    ``around`` are the row sets that contain the category, if it is not a bind.
    """
    latest = select(func.max(access_refresh.c.refreshed_at))
    of_category = latest.where(access_refresh.c.category == category)
    of_category = of_category.correlate(*around) if around else of_category
    return func.coalesce(
        of_category.scalar_subquery(), latest.scalar_subquery(), DAY_BEGAN, type_=DateTime(timezone=True)
    )
