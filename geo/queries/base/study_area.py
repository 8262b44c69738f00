"""The study area of a statistic: the current division of the nation concerned, and the points of its places."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    null,
    select,
)

from geo.database.tables import AREA_LEVEL, INCIDENT_TYPE, admin_area, area_within, locality, published_count, reporting
from geo.queries.base.levels import number_of
from geo.queries.base.question import area_bind, bind, in_area, planar
from geo.queries.base.row_sets import areas_in_force, incident_counts, under_18_of
from geo.vocabulary import AreaLevel, IncidentType


def in_study(column: ColumnElement[Any], *, named: bool) -> ColumnElement[bool]:
    """Return the condition that an area belongs to the current division of the nation of the bound ``area_code``.

    If no area is named, it is the home nation. Crosswalks lead from the current division to older and other ones, so an
    area of those finds its nation by the parts that they share.
    """
    ours = area_within.c.ancestor_id
    if named:
        nation, held, part = areas_in_force().subquery("nation"), area_within.alias("held"), area_within.alias("part")
        shared = exists().where(
            held.c.ancestor_id == nation.c.id, part.c.area_id == held.c.area_id, part.c.ancestor_id == area_bind()
        )
        older = func.lakana.has_successor(nation.c.id, type_=Boolean)
        nations = select(nation.c.id).where(nation.c.level == literal_column("0"), not_(older), shared)
        return column.in_(select(area_within.c.area_id).where(ours.in_(nations)))
    # In a query of its own it is asked once, and not for each area.
    home = select(func.lakana.home_area()).scalar_subquery()
    return column.in_(select(area_within.c.area_id).where(ours == home))


def inside(column: ColumnElement[Any], *, named: bool) -> ColumnElement[Any]:
    """Return the condition that an area lies in the named area; always true if none is named."""
    return in_area(column) if named else literal_column("true")


def areas_at(level: AreaLevel) -> Select[Any]:
    """Return the areas in force of a level, of every division."""
    return areas_in_force().where(admin_area.c.level == literal_column(str(number_of(level))))


def places(level: AreaLevel, *, named: bool) -> Select[Any]:
    """Return the places of a level in the study: id, locality_id, area_id, name_key, lon, lat, under_18, inside.

    An area without an outline stands at the mean of the points of its localities; where it has none, longitude and
    latitude are NULL. Both are public.
    """
    point: Any
    held_by: Any
    under_18: Any
    locality_id: ColumnElement[Any]
    if level is AreaLevel.LOCALITY:
        table, area_id, locality_id, point = locality, locality.c.area_id, locality.c.id, planar(locality.c.point)
        held_by = locality.c.area_set_id
        rows, under_18 = select(locality.c.id), locality.c.under_18
    else:
        table, area_id, locality_id = admin_area, admin_area.c.id, cast(null(), Uuid(as_uuid=False))
        held_by = admin_area.c.id
        rows, under_18 = areas_at(level).with_only_columns(admin_area.c.id), under_18_of(admin_area.c.id)
        point = func.coalesce(planar(admin_area.c.point), _mean_point())
    return rows.add_columns(
        locality_id.label("locality_id"),
        area_id.label("area_id"),
        table.c.name_key,
        func.ST_X(point).label("lon"),
        func.ST_Y(point).label("lat"),
        under_18.label("under_18"),
        inside(held_by, named=named).label("inside"),
    ).where(in_study(held_by, named=named))


def _mean_point() -> ColumnElement[Any]:
    held = area_within.alias("held_here")
    return (
        select(func.ST_Centroid(func.ST_Collect(planar(locality.c.point))))
        .join_from(locality, held, held.c.area_id == locality.c.area_set_id)
        .where(held.c.ancestor_id == admin_area.c.id)
        .correlate(admin_area)
        .scalar_subquery()
    )


def counted_at(found: FromClause, level: AreaLevel, incident_type: IncidentType | None) -> Select[Any]:
    """Return places of a level, each once, with what is known of the bound period, as :func:`counts_of` tells it.

    ``found`` has the places' ``id``. To its columns come ``count``, ``localities_reporting`` and
    ``localities_expected``, all NULL where nobody was expected to report. Each table is read once, however many
    localities there are.
    """
    place, told = reporting, published_count
    name = "locality_id" if level is AreaLevel.LOCALITY else "area_id"
    known = {
        each: (each.c.level == bind("level", AREA_LEVEL), each.c.period == bind("period", Text))
        for each in (place, told)
    }
    published = and_(place.c.period.is_not(None), told.c.localities_reporting > literal_column("0"))
    reported, expected = (
        case((published, told.c[each]), else_=place.c[each]).label(each)
        for each in ("localities_reporting", "localities_expected")
    )
    return (
        select(found, case((published, told.c.count)).label("count"), reported, expected)
        .outerjoin_from(found, place, and_(*known[place], place.c[name] == found.c.id))
        .outerjoin(told, and_(told.c.current, *known[told], of_type(incident_type), told.c[name] == found.c.id))
    )


def of_type(incident_type: IncidentType | None) -> ColumnElement[bool]:
    """Return the condition that a published count is of one bound type, or of all types together."""
    kind = published_count.c.incident_type
    return kind.is_(None) if incident_type is None else kind == bind("incident_type", INCIDENT_TYPE)


def counts_of(incident_type: IncidentType | None) -> Select[Any]:
    """Return the counts of the bound level, published or not, for one bound type or for all types together."""
    rows = incident_counts(of_type(incident_type))
    return rows.where(rows.selected_columns["level"] == bind("level", AREA_LEVEL))


def counted_from(
    source_id: ColumnElement[Any], incident_type: IncidentType | None, *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return the condition that a source is of a published count of the bound level, of one bound type or of all types.

    ``more`` are further conditions on ``published_count``. An index answers this for each source, whatever the number
    of counts.
    """
    told = published_count.c
    published = (told.current, told.localities_reporting > literal_column("0"), of_type(incident_type))
    return exists().where(*published, told.level == bind("level", AREA_LEVEL), told.source_id == source_id, *more)


def of_period(rows: Select[Any]) -> Select[Any]:
    """Keep the counts of the bound period."""
    return rows.where(rows.selected_columns["period"] == bind("period", Text))
