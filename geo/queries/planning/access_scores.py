"""Access scores: the places of a service for the children of each locality, near services counting for more.

The method is the enhanced two-step floating catchment area: see :mod:`geo.statistics.e2sfca` for formula and sources.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Uuid,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from geo.arguments import AreaCode, argument, between
from geo.assumptions.catalogue import by_locale
from geo.assumptions.statistics import SCORES, TRAVELLED
from geo.audience import WITH_A_KEY, Audience
from geo.database.tables import SERVICE_CATEGORY, demand_point, service
from geo.queries.base.area_codes import ONE, coded_area
from geo.queries.base.cursor import Key, decode, encode, list_of
from geo.queries.base.data_date import DATES, dates_of_category
from geo.queries.base.descriptions import AFTER, FIRST_ROWS, LISTED_AREA, WITHIN
from geo.queries.base.left_out import LEFT_OUT, left_out_of_category
from geo.queries.base.list_page import KEPT, PAGE, ROWS_AT_MOST
from geo.queries.base.packed import DOUBLE, INTEGER, UUID, packed, unpacked
from geo.queries.base.question import area_bind, bind, constant, of_nation, planar
from geo.queries.base.reach import ESTIMATE, Reach, estimate, reach_m
from geo.queries.base.row_sets import HAS_PLACE, services_with_a_place, sources
from geo.queries.base.study_area import inside
from geo.queries.base.two_step import Computed, computed
from geo.statistics.terms import Decay, ScoreOrder
from geo.vocabulary import ServiceCategory

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from geo.spheroid import Numbers

    Ids = npt.NDArray[np.bytes_]

PER = 1_000
DIGITS = 6
"""Decimals of a score."""
_DEMAND: Mapping[str, np.dtype[Any]] = {
    "under_18": INTEGER,
    "lon": DOUBLE,
    "lat": DOUBLE,
    "inside": INTEGER,
    "in_locality": INTEGER,
}
_SUPPLY: Mapping[str, np.dtype[Any]] = {"capacity": INTEGER, "lon": DOUBLE, "lat": DOUBLE}
"""The columns that are packed (:mod:`geo.queries.base.packed`), the ids of demand points besides."""
_UNKNOWN = -1
"""The capacity of a service that has none that is known."""


@dataclass(frozen=True, kw_only=True)
class AccessScores(Computed):
    """The access score of each demand point of an area, in a page."""

    of_one_nation: ClassVar[bool] = True

    category: ServiceCategory = argument("The category of the services.")
    within: Reach = argument(WITHIN)
    area_code: AreaCode | None = coded_area(LISTED_AREA, ONE)
    decay: Decay = argument("How a service counts for less the farther it is.", default=Decay.GAUSSIAN)
    cells: bool = argument(
        "Whether cells of population outside localities are listed; the sums have them anyway.", default=False
    )
    order_by: ScoreOrder = argument("In which order; ties by id.", default=ScoreOrder.LOWEST_FIRST)
    first: int = argument(FIRST_ROWS, between(1, ROWS_AT_MOST), default=20)
    after: str | None = argument(AFTER, default=None)
    _after: Key | None = field(init=False, default=None)

    @property
    def of_shelters(self) -> bool:
        """Whether the places in question are not public."""
        return self.category is ServiceCategory.SAFE_SHELTER

    def shape(self) -> Hashable:
        """Return the key of the SQL: the places of shelters stand in a column that the public cannot read."""
        return super().shape(), self.of_shelters, self.within.basis.name

    def reserved(self) -> Mapping[str, frozenset[Audience]]:
        """Reserve scores of shelters: where a shelter stands alone, they reveal how many places it has."""
        return {"`access_scores`(category: SAFE_SHELTER)": WITH_A_KEY} if self.of_shelters else {}

    def __post_init__(self) -> None:
        """Check the cursor as well."""
        super().__post_init__()
        if self.after is not None:
            object.__setattr__(self, "_after", decode(self.after, list_of(self), [float]))

    def needs(self) -> Mapping[str, Select[Any]]:
        """Return demand points, services and the reach in metres."""
        found = service.c.category == bind("category", SERVICE_CATEGORY)
        demand = select(
            demand_point.c.id,
            demand_point.c.under_18,
            *_place(demand_point.c.point),
            _number(inside(demand_point.c.area_set_id, named=self.area_code is not None)).label("inside"),
            _number(demand_point.c.locality_id.is_not(None)).label("in_locality"),
        )
        if self.area_code is not None:
            demand = demand.where(of_nation(demand_point.c.area_set_id, area_bind()))
            found &= of_nation(service.c.area_set_id, area_bind())
        places = service.c.capacity if self.of_shelters else service.c.public_capacity
        supply = services_with_a_place().where(found)
        supply = supply.with_only_columns(
            func.coalesce(places, literal_column(str(_UNKNOWN))).label("capacity"), *_place(service.c.point)
        )
        return {
            "demand": _packed(demand.subquery("in_no_order"), ["id", *_DEMAND]),
            "supply": _packed(supply.order_by(service.c.id).subquery("in_order"), _SUPPLY),
            "reach": select(reach_m().label("metres")),
        }

    def work_out(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Compute the scores, and return the page and the sums."""
        import numpy as np  # noqa: PLC0415  in the process that works it out, and nowhere else

        from geo.statistics.distances import Places  # noqa: PLC0415
        from geo.statistics.e2sfca import DECAYS, access  # noqa: PLC0415

        demand: dict[str, Any] = {name: unpacked(found["demand"][name][0], of) for name, of in _DEMAND.items()}
        # As digits, which sort as ids do.
        demand["id"] = np.frombuffer(unpacked(found["demand"]["id"][0], UUID).tobytes().hex().encode(), "S32")
        by_id = np.argsort(demand["id"])  # in the database it took half of the time
        demand = {name: each[by_id] for name, each in demand.items()}
        supply = {name: unpacked(found["supply"][name][0], of) for name, of in _SUPPLY.items()}
        [reach] = found["reach"]["metres"]
        children = demand["under_18"].astype(float)
        capacities = [None if each == _UNKNOWN else each for each in supply["capacity"].tolist()]
        places = _places(capacities)
        score, used = access(
            Places(demand["lon"], demand["lat"]),
            children,
            Places(supply["lon"], supply["lat"]),
            np.array(places, float),
            reach,
            DECAYS[self.decay.name],
        )
        here = demand["inside"] > 0
        counted, living, everybody = bool(here.any()), children[here], float(children[here].sum())
        summary = {
            "reach_m": reach,
            "service_count": len(places),
            "unreached_service_count": len(places) - used,
            "unknown_capacity_count": sum(each is None for each in capacities),
            "capacity": float(sum(places)),
            "population_under_18": int(everybody) if counted else None,
            "unserved_under_18": int(living[score[here] == 0].sum()) if counted else None,
            "mean_score": round(float(living @ score[here]) / everybody * PER, DIGITS) if everybody else None,
            "assumptions": by_locale(SCORES, *([TRAVELLED] if self.within.minutes is not None else [])),
        }
        listed = here if self.cells else here & (demand["in_locality"] > 0)
        return self._page(demand["id"][listed], score[listed]) | {"summary": [summary]}

    def _page(self, ids: Ids, score: Numbers) -> dict[str, Any]:
        """Return the page of some demand points, by ascending id: its rows as ``kept``, and about it as ``page``."""
        import numpy as np  # noqa: PLC0415

        sign = -1.0 if self.order_by is ScoreOrder.HIGHEST_FIRST else 1.0
        turn = np.full(len(ids), sign * 0.0)
        turn[score > 0] = [sign * round(value * PER, DIGITS) for value in score[score > 0].tolist()]
        order = np.argsort(turn, kind="stable")  # ties by id
        rest = order
        if self._after is not None:
            last_turn, last_id = self._after
            later_id = np.arange(len(ids)) >= np.searchsorted(ids, uuid.UUID(last_id).hex.encode(), side="right")
            rest = order[((turn > last_turn) | ((turn == last_turn) & later_id))[order]]
        kept = []
        for row_number, at in enumerate(rest[: self.first].tolist(), 1):
            turned, row_id = float(turn[at]), str(uuid.UUID(ids[at].decode()))
            cursor = encode(list_of(self), (turned, row_id))
            kept.append({"id": row_id, "score": abs(turned), "row_number": row_number, "cursor": cursor})
        about = {
            "total_count": len(order),
            "has_next_page": len(rest) > self.first,
            "has_previous_page": len(rest) < len(order),
        }
        return {"kept": kept, "page": [about]}

    def rows(self) -> Select[Any]:
        """Return one row: the sums, the position of the page, and the basis."""
        summary = computed(
            "summary",
            [
                *(Column(name, Double) for name in ("reach_m", "capacity", "mean_score")),
                *(Column(name, Integer) for name in ("service_count", "unreached_service_count")),
                *(Column(name, Integer) for name in ("unknown_capacity_count", "population_under_18")),
                Column("unserved_under_18", Integer),
                Column("assumptions", JSON),
            ],
        )
        kept = computed("page", PAGE)
        basis = constant(self.within.basis.name)
        return select(summary, kept, basis.label("basis"))

    def related(self) -> Mapping[str, FromClause]:
        """Return the scores of the page, the sources, the estimate, and how many services are left out."""
        columns = Column("id", Uuid(as_uuid=False)), Column("score", Double), *KEPT
        scores = computed("kept", columns, "scored")
        told = (demand_point.c.locality_id, demand_point.c.area_id, demand_point.c.under_18)
        kept = select(scores, *told).join_from(scores, demand_point, demand_point.c.id == scores.c.id)
        every = sources()
        of_demand = select(demand_point.c.source_id).where(of_nation(demand_point.c.area_set_id))
        offered = service.c.category == bind("category", SERVICE_CATEGORY)
        of_supply = select(service.c.source_id).where(offered, HAS_PLACE, of_nation(service.c.area_set_id))
        known = every.where(or_(*(every.selected_columns["id"].in_(each) for each in (of_demand, of_supply))))
        return {
            "kept": kept.subquery("kept"),
            "sources": known.subquery("known_source"),
            DATES: dates_of_category(everywhere=True),
            ESTIMATE: estimate(),
            LEFT_OUT: left_out_of_category(everywhere=True),
        }


def _packed(rows: FromClause, names: Collection[str]) -> Select[Any]:
    """Return some columns of rows as packed columns of one row."""
    chosen: Any = select(*(packed(rows.c[name]).label(name) for name in names))
    whole: Select[Any] = chosen
    return whole


def _number(condition: ColumnElement[Any]) -> ColumnElement[int]:
    """Return 1 where a condition holds, else 0."""
    return case((condition, literal_column("1", Integer)), else_=literal_column("0", Integer))


def _place(point: Any) -> tuple[Any, Any]:
    lon, lat = func.ST_X(planar(point)), func.ST_Y(planar(point))
    return type_coerce(lon, Double).label("lon"), type_coerce(lat, Double).label("lat")


def _places(capacities: list[int | None]) -> list[float]:
    """Return the places of each service; an unknown number is replaced by the median of the known ones.

    Examples
    --------
    >>> _places([10, None, 0, 20]), _places([None])
    ([10, 10, 0, 20], [1])

    """
    known = sorted(each for each in capacities if each is not None)
    middle = len(known) // 2
    usual: float = 1
    if known:
        usual = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
    return [usual if each is None else each for each in capacities]
