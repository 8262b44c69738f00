"""Travel times from each locality to the nearest service of a category.

Times are along roads if these are known, else estimated from the straight line::

    minutes = distance × detour / speed

``lakana.travel_minutes`` returns both: for each demand point NETWORK if :mod:`geo.roads.times` has computed its time,
otherwise ESTIMATE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from geo.arguments import AreaCode, argument
from geo.assumptions.catalogue import translated
from geo.assumptions.travel import ALWAYS, ESTIMATE, NETWORK, STALE
from geo.database.tables import (
    SEASON,
    SERVICE_CATEGORY,
    TRAVEL_MODE,
    access_refresh,
    demand_point,
    locality,
    road_network,
    service,
    source,
    travel_estimate,
    travel_refresh,
)
from geo.queries.base.area_codes import ONE, coded_area
from geo.queries.base.data_date import DATES, dates_of_category
from geo.queries.base.left_out import LEFT_OUT, left_out_of_category
from geo.queries.base.question import DAY_BEGAN, Binds, Page, bind, constant, in_area, of_nation
from geo.queries.base.row_sets import HAS_PLACE
from geo.vocabulary import Locale, Season, ServiceCategory, TravelBasis, TravelMode


def travel_minutes() -> FromClause:
    """Return the times of the bound category, mode and season: one row per demand point, none without a service."""
    called = func.lakana.travel_minutes(
        bind("category", SERVICE_CATEGORY), bind("travel_mode", TRAVEL_MODE), bind("travel_season", SEASON)
    )
    identity = Uuid(as_uuid=False)
    return called.table_valued(
        column("demand_point_id", identity),
        column("area_set_id", identity),
        column("under_18", Integer),
        column("service_id", identity),
        column("minutes", Double),
        column("network", Boolean),
        column("off_road_m", Double),
        column("beyond_roads", Boolean),
        column("distance_m", Double),
    ).alias("travelled")


@dataclass(frozen=True, kw_only=True)
class TravelTimes(Page):
    """The localities with their times, by name."""

    of_one_nation: ClassVar[bool] = True

    category: ServiceCategory = argument("The category that one travels to.")
    mode: TravelMode = argument("How one travels.")
    season: Season = argument("When one travels.", default=Season.DRY)
    area_code: AreaCode | None = coded_area(otherwise=ONE)

    def matching(self) -> Select[Any]:
        """Return every locality with a known population; its time is NULL if there is none."""
        times = travel_minutes()
        rows = (
            select(
                locality.c.id,
                locality.c.name_key,
                times.c.service_id,
                times.c.minutes,
                times.c.off_road_m,
                case((times.c.network, times.c.beyond_roads)).label("beyond_roads"),
                case(
                    (times.c.network, constant(TravelBasis.NETWORK.name)), else_=constant(TravelBasis.ESTIMATE.name)
                ).label("basis"),
            )
            .select_from(demand_point)
            .join(locality, locality.c.id == demand_point.c.locality_id)
            .outerjoin(times, times.c.demand_point_id == demand_point.c.id)
        )
        return rows if self.area_code is None else rows.where(in_area(locality.c.area_set_id))

    def related(self) -> Mapping[str, FromClause]:
        """Return of when the data are, and how many services are left out."""
        return {
            DATES: dates_of_category(_loaded_on(), everywhere=True),
            LEFT_OUT: left_out_of_category(everywhere=True),
        }

    def binds(self) -> Binds:
        """Return all values, with mode and season bound as in a reach."""
        return super().binds() | {"travel_mode": self.mode.name, "travel_season": self.season.name}


def network() -> Select[Any]:
    """Return the road network that the times of the bound category follow: one row, or none."""
    return select(
        *(each for each in road_network.c if each.name != "number"),
        travel_refresh.c.computed_at,
        travel_refresh.c.stale_since,
    ).where(travel_refresh.c.category == bind("category", SERVICE_CATEGORY), travel_refresh.c.computed_at.is_not(None))


def _loaded_on() -> ColumnElement[Any]:
    """Return the later of two dates: of the last change of the category's services, and of its times along roads."""
    services = select(access_refresh.c.refreshed_at).where(
        access_refresh.c.category == bind("category", SERVICE_CATEGORY)
    )
    computed = select(travel_refresh.c.computed_at).where(
        travel_refresh.c.category == bind("category", SERVICE_CATEGORY)
    )
    any_service = select(func.max(access_refresh.c.refreshed_at))
    return func.coalesce(
        func.greatest(services.scalar_subquery(), computed.scalar_subquery()),
        any_service.scalar_subquery(),
        DAY_BEGAN,
    )


def sources() -> Select[Any]:
    """Return the sources of localities, populations, services and roads, by name."""
    of_network = select(network().subquery("of_network").c.source_id)
    used = or_(
        source.c.id.in_(
            select(demand_point.c.source_id).where(
                demand_point.c.locality_id.is_not(None), of_nation(demand_point.c.area_set_id)
            )
        ),
        source.c.id.in_(select(locality.c.source_id).where(of_nation(locality.c.area_set_id))),
        source.c.id.in_(
            select(service.c.source_id).where(
                service.c.category == bind("category", SERVICE_CATEGORY), HAS_PLACE, of_nation(service.c.area_set_id)
            )
        ),
        source.c.id.in_(of_network),
    )
    return select(source).where(used).order_by(source.c.name, source.c.id)


def assumptions(locale: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the sentences in a language, French if it has none, with the current figures."""
    others = [(locale == each.name, _sentences(each)) for each in Locale if each is not Locale.FR]
    return case(*others, else_=_sentences(Locale.FR))


def _told(sentence: str, locale: Locale, *figures: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a sentence with its figures, with a decimal comma unless in English."""
    written: list[ColumnElement[str]] = [cast(each, Text) for each in figures]
    if locale is not Locale.EN:
        written = [func.replace(each, constant("."), constant(",")) for each in written]
    return func.format(constant(translated(sentence, locale)), *written)


def _sentences(locale: Locale) -> ColumnElement[Any]:
    known = network().subquery("known")
    told = select(travel_estimate).where(travel_estimate.c.season == bind("travel_season", SEASON))
    by_mode = told.where(travel_estimate.c.mode == bind("travel_mode", TRAVEL_MODE)).subquery("estimate")
    on_foot = told.where(travel_estimate.c.mode == literal_column(f"'{TravelMode.WALK.name}'")).subquery("on_foot")
    estimated = select(_told(ESTIMATE, locale, by_mode.c.detour, by_mode.c.speed_km_h))
    along = select(_told(NETWORK, locale, on_foot.c.speed_km_h, known.c.max_off_road_m)).select_from(
        known.join(on_foot, literal_column("true"))
    )
    computed = func.to_char(func.timezone(constant("UTC"), known.c.computed_at), constant("YYYY-MM-DD"))
    stale = select(func.format(constant(translated(STALE, locale)), computed)).where(known.c.stale_since.is_not(None))
    parts = [each.scalar_subquery() for each in (along, stale, estimated)]
    sentences = func.array_remove(array(parts), null())
    return func.to_json(func.array_cat(sentences, array([constant(translated(each, locale)) for each in ALWAYS])))
