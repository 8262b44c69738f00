"""Published incident counts of one level, one period, and one type or all types; never a sum of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import (
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from geo.arguments import MOST_PAGE, AreaCode, Period, argument, between, period
from geo.database.tables import AREA_LEVEL, INCIDENT_TYPE, admin_area, locality, published_count, release, reporting
from geo.queries.base.area_codes import coded_place
from geo.queries.base.descriptions import ONE_TYPE
from geo.queries.base.levels import level_of, level_of_places
from geo.queries.base.question import Page, Question, bind, constant, in_place, place_bind
from geo.queries.base.study_area import counts_of, of_period
from geo.vocabulary import AreaLevel, CountStatus, IncidentType


@dataclass(frozen=True, kw_only=True)
class IncidentCounts(Page):
    """What is known of the places of one level inside an area, by name: of each that reported or was expected to.

    Empty where the period is not released. The place that the code names has a row in any case, if it is of the level.
    """

    lists_places: ClassVar[bool] = True
    of_one_nation: ClassVar[bool] = True

    level: AreaLevel = level_of_places()
    period: Period = argument("The year or quarter.", period)
    area_code: AreaCode | None = coded_place()
    incident_type: IncidentType | None = argument(ONE_TYPE, default=None)
    first: int = argument("Size of the page, 1 to 100.", between(1, MOST_PAGE), default=MOST_PAGE)

    def matching(self) -> Select[Any]:
        """Return one row a place."""
        rows = of_period(counts_of(self.incident_type))
        kind = null() if self.incident_type is None else bind("incident_type", INCIDENT_TYPE)
        columns = rows.selected_columns
        if self.area_code is not None:
            rows = rows.where(in_place(columns["area_set_id"], columns["locality_id"]))
            every = union_all(rows, _named([each.name for each in columns])).subquery("counted")
        else:
            every = rows.subquery("counted")
        label = case(
            (every.c.count.is_(None), constant("–")),
            (every.c.count == literal_column("0"), constant("0–4")),
            else_=cast(every.c.count, Text),
        )
        return select(every, cast(kind, INCIDENT_TYPE).label("incident_type"), label.label("count_label"))


def _named(columns: list[str]) -> Select[Any]:
    """Return the place of the bound code, if it is of the bound level and nobody there was expected in the period.

    It is of an edition that counts are not released of, or nothing of the period is, or else it did not report.
    """
    place = select(place_bind().label("id")).subquery("named")
    here, area = reporting.alias("here"), admin_area.alias("area_of_release")
    of_period_here = here.c.period == bind("period", Text)
    listed = exists().where(
        of_period_here,
        here.c.level == bind("level", AREA_LEVEL),
        func.coalesce(here.c.area_id, here.c.locality_id) == place.c.id,
    )
    same_edition = (
        select(here.c.area_id)
        .join(area, area.c.id == here.c.area_id)
        .where(area.c.scheme == admin_area.c.scheme, area.c.edition == admin_area.c.edition)
        .correlate(admin_area)
    )
    silent = and_(exists().where(of_period_here), or_(locality.c.id.is_not(None), same_edition.exists()))
    told: dict[str, Any] = {
        "level": bind("level", AREA_LEVEL),
        "period": bind("period", Text),
        "status": case(
            (silent, constant(CountStatus.NOT_REPORTED.name)), else_=constant(CountStatus.NOT_RELEASED.name)
        ),
        "id": place.c.id,
        "name_key": func.coalesce(admin_area.c.name_key, locality.c.name_key),
        "area_id": func.coalesce(admin_area.c.id, locality.c.area_id),
        "counted_area_id": admin_area.c.id,
        "locality_id": locality.c.id,
        "localities_reporting": literal_column("0", Integer),
        "localities_expected": literal_column("0", Integer),
        "reporters": constant(""),
    }
    own = case((locality.c.id.is_not(None), constant(AreaLevel.LOCALITY.name)), else_=level_of(admin_area.c.level))
    return (
        select(*(told.get(name, null()).label(name) for name in columns))
        .select_from(place)
        .outerjoin(admin_area, admin_area.c.id == place.c.id)
        .outerjoin(locality, locality.c.id == place.c.id)
        .where(own == cast(bind("level", AREA_LEVEL), Text), ~listed)
    )


@dataclass(frozen=True, kw_only=True)
class ReleasedPeriods(Question):
    """The periods for which counts are published, the newest first, a year before its quarters."""

    def rows(self) -> Select[Any]:
        """Return ``period``, the ``release_number`` of its current values and ``released_at``, and its ``revision``."""
        number = published_count.c.release_number
        return (
            select(
                published_count.c.period,
                func.max(number).label("release_number"),
                func.max(release.c.released_at).label("released_at"),
                (func.count(number.distinct()) - 1).label("revision"),
            )
            .join_from(published_count, release, release.c.number == number)
            # One cell stands for each release of its period: that of the nation and of all types.
            .where(published_count.c.level == constant(AreaLevel.ADM0.name), published_count.c.incident_type.is_(None))
            .group_by(published_count.c.period)
            .order_by(
                func.left(published_count.c.period, 4).desc(),
                func.length(published_count.c.period),
                published_count.c.period.desc(),
            )
        )
