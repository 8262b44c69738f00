"""What every question to the database has in common: checked values, binds, and the rows that answer it.

A question is built for each request, so its values are checked each time. Its SQL is built once for each *shape* (the
set of absent values) and prepared, so a repeated question costs one ``EXECUTE``.
"""

from __future__ import annotations

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Self

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import TypeEngine, UserDefinedType

from geo.arguments import MOST_PAGE, argument, between, check, declared
from geo.assumptions.catalogue import Sentences, by_locale
from geo.audience import Audience
from geo.coordinates import BBox, LonLat
from geo.database.tables import admin_area, area_nation, area_within, locality, service, zone
from geo.queries.base import cursor
from geo.queries.base.descriptions import AFTER

Binds = dict[str, Any]

KEY_TYPES: Mapping[type, TypeEngine[Any]] = {str: Text(collation="C"), float: Double(), dt.date: Date()}
"""The column types of what may order a list."""
EDGES = ("west", "south", "east", "north")
SIZES = (10, 20, 50, 100)


def ceiling(rows: int) -> int:
    """Return the smallest of 10, 20, 50 and 100 that is not below a number of rows.

    A prepared statement is planned without its values. PostgreSQL then assumes that an unknown LIMIT is a tenth of the
    table, and sorts where it should walk an index. So the LIMIT that guides the plan is a constant, in a few sizes.
    """
    return next(size for size in SIZES if rows <= size)


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One root question. Its fields are its arguments; ``None`` means "not given"."""

    structural: ClassVar[frozenset[str]] = frozenset()
    """Fields whose value changes the SQL, and not only whether they are given."""
    area_argument: ClassVar[str] = "area_code"
    """The field that gives the bind ``area_code``."""
    lists_places: ClassVar[bool] = False
    """Whether the code of a locality will do for that of an area: see :func:`in_place`."""
    of_one_nation: ClassVar[bool] = False
    """Whether the area must be named where there are several nations, which planning never mixes."""

    def __post_init__(self) -> None:
        """Check each value by the bound that its field declares."""
        check(self)

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this question: equal shapes share one prepared statement."""
        return tuple(_shape(getattr(self, name), structural) for name, structural in _shaping(type(self)))

    @abstractmethod
    def rows(self) -> Select[Any]:
        """Return the rows, in their order, under the column names that the projection knows."""

    def binds(self) -> Binds:
        """Return the value of each bind in :meth:`rows`, and perhaps of binds that this shape does not use.

        Each field is bound by its own name: a term by its name, a place by ``_lon`` and ``_lat``, a box by its edges,
        and a reach or a need by its own ``binds``.
        """
        values: Binds = {}
        for name in declared(type(self)):
            values |= bound(name, getattr(self, name))
        return values

    def reserved(self) -> Mapping[str, frozenset[Audience]]:
        """Return the parts that are not for everybody, with their audiences; fields declare this for themselves."""
        return {}

    def asked_by(self, audience: Audience) -> Self:  # noqa: ARG002  most are alike for all
        """Return the question as an audience asks it, if its SQL depends on what the audience may read."""
        return self

    def proviso(self) -> ColumnElement[bool] | None:
        """Return a condition that must hold before there is an answer.

        An area code must name an area even if the plan does not need to look at one, and a place is refused that lies
        in the country only with longitude and latitude exchanged. Where there are several nations, one is named.
        """
        places = [name for name in declared(type(self)) if isinstance(getattr(self, name), LonLat)]
        conditions = [_not_exchanged(name) for name in places]
        if self.binds().get("area_code") is not None:
            named = place_bind() if self.lists_places else area_bind(self.area_argument)
            conditions.append(named.is_not(None))
        elif self.of_one_nation:
            conditions.append(func.lakana.is_one_nation())
        return and_(*conditions) if conditions else None

    def usual(self) -> ColumnElement[bool] | None:
        """Return the condition under which :meth:`rows` are the answer; where it fails, :meth:`otherwise` is asked."""
        return None

    def otherwise(self) -> Question:
        """Return the question whose rows are the answer in the rare case."""
        raise NotImplementedError

    def related(self) -> Mapping[str, FromClause]:
        """Return further row sets that belong to :meth:`rows`, by name."""
        return {}


@cache
def _shaping(kind: type[Question]) -> Sequence[tuple[str, bool]]:
    """Return the fields of a question, and whether their value changes the SQL."""
    return [(each.name, each.name in kind.structural) for each in fields(kind)]


def _not_exchanged(prefix: str) -> ColumnElement[bool]:
    """Return true, or refuse a bound place; mostly it lies in the box around a country, and nothing else is asked."""
    in_force = func.daterange(admin_area.c.valid_from, admin_area.c.valid_to).op("@>")(literal_column("current_date"))
    at_home = admin_area.c.geom.op("&&")(planar(point(prefix)))
    nation = exists(admin_area.c.id).where(admin_area.c.level == literal_column("0"), in_force, at_home)
    return or_(nation, func.lakana.refuse_exchanged(point(prefix), constant(prefix)))


def _shape(value: Any, structural: bool) -> Hashable:
    if isinstance(value, BBox):
        return "across" if value.across else "box"
    if isinstance(value, tuple):
        return "one" if len(value) == 1 else "several"
    return value if structural else value is None


@dataclass(frozen=True, kw_only=True)
class Page(Question):
    """A question whose answer comes in pages, ordered by a key and the id, both ascending; the key is the name.

    The cursor holds the key of a row and not its position, so pages neither repeat nor skip a row while others come
    and go; it stays good when its own row is gone.
    """

    first: int = argument("Size of the page, 1 to 100.", between(1, MOST_PAGE), default=20)
    after: str | None = argument(AFTER, default=None)
    _key_after: cursor.Key | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Check the cursor as well."""
        super().__post_init__()
        if self.after is not None:
            key = cursor.decode(self.after, cursor.list_of(self), [self.ordered_by()[1]])
            object.__setattr__(self, "_key_after", key)

    def shape(self) -> Hashable:
        """Return the key of the SQL that answers this page; the size of the page counts by its ceiling."""
        return super().shape(), ceiling(self.first)

    def ordered_by(self) -> tuple[str, type]:
        """Return the name of the column that is the key, and what it holds: ``str``, ``float`` or ``date``."""
        return "name_key", str

    def rows(self) -> Select[Any]:
        """Return at least one row more than requested, if there is one, to show whether there are more."""
        return self._first_of(self.matching())

    def before(self) -> Select[Any]:
        """Return the rows up to and including the cursor."""
        rows = self.matching()
        return rows.where(tuple_(*self.key(rows)) <= self._bound_key())

    def key(self, rows: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return the pair of columns that orders rows of this list."""
        columns = rows.selected_columns if isinstance(rows, Select) else rows.c
        return columns[self.ordered_by()[0]], columns["id"]

    @abstractmethod
    def matching(self) -> Select[Any]:
        """Return every row that matches, in no order."""

    def about(self) -> Select[Any]:
        """Return one row about the whole list, for what the answer says beside its page."""
        return select(literal_column("1").label("one"))

    def binds(self) -> Binds:
        """Return the binds of the filters, the size and the cursor."""
        values = super().binds() | {cursor.TAG: cursor.list_of(self)}
        if self._key_after is not None:
            values["after_key"], values["after_id"] = self._key_after
        return values

    def _first_of(self, rows: Select[Any]) -> Select[Any]:
        key = self.key(rows)
        if self.after is not None:
            rows = rows.where(tuple_(*key) > self._bound_key())
        return rows.order_by(*key).limit(literal_column(str(ceiling(self.first) + 1)))

    def _bound_key(self) -> Any:
        return tuple_(bind("after_key", KEY_TYPES[self.ordered_by()[1]]), bind("after_id", service.c.id.type))


def bound(name: str, value: Any) -> Binds:
    """Return the binds of a value by the name of its field."""
    match value:
        case LonLat():
            return {f"{name}_lon": value.lon, f"{name}_lat": value.lat}
        case BBox():
            return {f"{name}_{edge}": getattr(value, edge) for edge in EDGES}
        case Enum():
            return {name: value.name}
        case tuple():
            # PostgreSQL reads an array of terms from a text, as it does a term.
            return {name: f"{{{','.join(each.name for each in value)}}}" if isinstance(value[0], Enum) else [*value]}
    # A value of several binds names them itself. Asking a protocol whether it does took 6 % of the server's time.
    own: Callable[[], Binds] | None = getattr(value, "binds", None)
    return {name: value} if own is None else own()


DAY_BEGAN: ColumnElement[Any] = literal_column("date_trunc('day', now(), 'UTC')", DateTime(timezone=True))
"""When today began (UTC). Where an answer need not know the moment, it is the same all day long."""


def bind(name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> BindParameter[Any]:
    """Return a parameter that is bound when the statement runs."""
    return bindparam(name, type_=type_)


def constant(words: str) -> ColumnElement[str]:
    """Return a text of ours as a part of the statement, not as a bind."""
    quoted = words.replace("'", "''")
    return literal_column(f"'{quoted}'", Text)


def said(*parts: Sentences) -> ColumnElement[Any]:
    """Return the assumptions that an answer states, by locale as JSON text: ``{"FR": [...], "EN": [...]}``."""
    return constant(json.dumps(by_locale(*parts), ensure_ascii=False))


def point(prefix: str) -> ColumnElement[Any]:
    """Return the bound place ``<prefix>_lon``, ``<prefix>_lat`` as geography."""
    place = func.ST_SetSRID(func.ST_MakePoint(bind(f"{prefix}_lon", Double), bind(f"{prefix}_lat", Double)), 4326)
    return sql_cast(place, _Named("geography"))


class _Named(UserDefinedType[Any]):
    """A bare type name, for casts that GeoAlchemy2 would wrap in conversions."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Name the type."""
        return self.name


def planar(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a geography as a geometry in degrees, EPSG:4326."""
    return sql_cast(column, _Named("geometry"))


def in_box(column: ColumnElement[Any], box: BBox) -> ColumnElement[bool]:
    """Return the condition that a point lies in the bound box of degrees, edges inclusive; it uses the planar index.

    The index rounds coordinates to single precision, so the point itself is checked as well.
    """
    place = planar(column)
    return or_(
        *(
            and_(
                place.op("&&")(func.ST_MakeEnvelope(west, south, east, north, literal_column("4326"))),
                func.ST_X(place).between(west, east),
                func.ST_Y(place).between(south, north),
            )
            for west, south, east, north in _parts(box)
        )
    )


def meets_box(column: ColumnElement[Any], box: BBox) -> ColumnElement[bool]:
    """Return the condition that an outline has a point in common with the bound box, edges inclusive."""
    return or_(
        *(func.ST_Intersects(column, func.ST_MakeEnvelope(*part, literal_column("4326"))) for part in _parts(box))
    )


def _parts(box: BBox) -> list[tuple[ColumnElement[Any], ...]]:
    """Return the edges of the box; of one across the antimeridian, those of its western and of its eastern part."""
    west, south, east, north = (bind(f"bbox_{edge}", Double) for edge in EDGES)
    if not box.across:
        return [(west, south, east, north)]
    return [(west, south, literal_column("180.0"), north), (literal_column("-180.0"), south, east, north)]


def area_bind(argument: str = Question.area_argument) -> Any:
    """Return the id of the area that the bound ``area_code`` names; resolved once a statement."""
    return select(func.lakana.area_in_force(bind("area_code", Text), constant(argument))).scalar_subquery()


def in_area(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that an area lies in the one that the bound ``area_code`` names."""
    return column.in_(select(area_within.c.area_id).where(area_within.c.ancestor_id == area_bind()))


def of_nation(column: ColumnElement[Any], area: Any = None) -> ColumnElement[bool]:
    """Return the condition that what lies in an area or a set of areas counts for another area: it is of its nation.

    The other area is by default the one that the bound ``area_code`` names. With one nation all counts, whatever is
    known of where it lies.
    """
    if area is None:
        area = func.lakana.area_in_force(bind("area_code", Text))
    own = select(area_nation.c.area_id).where(area_nation.c.nation_id == func.lakana.nation_of(area))
    alone = select(func.lakana.several_nations(type_=Boolean)).scalar_subquery()
    return or_(not_(alone), column.in_(own))


def place_bind() -> Any:
    """Return the id of the area, or of the locality, that the bound ``area_code`` names."""
    return select(func.lakana.place_in_force(bind("area_code", Text))).scalar_subquery()


def in_place(area: ColumnElement[Any], settled_in: ColumnElement[Any], *, zones: bool = False) -> ColumnElement[bool]:
    """Return the condition that something lies in the area, or in the locality, that the bound ``area_code`` names.

    Parameters
    ----------
    area
        The id of the area that it lies in or, with ``zones``, of its zone, whose whole is to lie in the area; the two
        never coincide.
    settled_in
        The id of its locality; what has a zone has none.
    zones
        Whether there are zones among them.

    """
    place, town, own = place_bind(), locality.alias("town"), locality.alias("own_town")
    held = [
        select(area_within.c.area_id).where(area_within.c.ancestor_id == place),
        select(town.c.area_set_id).where(town.c.id == place),  # an index leads to the area, not to the locality
    ]
    if zones:
        held.append(select(zone.c.id).where(func.lakana.area_holds_zone(place, zone.c.id)))
    is_area = select(~exists().where(own.c.id == place)).scalar_subquery()
    return and_(area.in_(union_all(*held)), or_(is_area, settled_in == place))
