"""Lists of organisations, actors, services and shelters in the directory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from geo.arguments import OLDEST_MONTHS, AreaCode, age_in_months, argument, day, search_text
from geo.coordinates import BBox
from geo.database.tables import ACTOR_KIND, actor, service
from geo.queries.base.area_codes import coded_place
from geo.queries.base.categories import ONLY_CATEGORIES, among, each_category, some_categories
from geo.queries.base.cursor import NEVER
from geo.queries.base.descriptions import BOX, KIND, NAME_OR_PLACE
from geo.queries.base.question import Page, bind, constant, in_box, in_place
from geo.queries.base.row_sets import actors, has_places, organizations, services, shelters
from geo.vocabulary import ActorKind, DirectoryOrder, ServiceCategory, Sex

FRESH_DAYS = 365
"""How long a verification counts: then a service falls due, and is no option of a referral by default."""

_NEVER: ColumnElement[Any] = literal_column(f"'{NEVER}'::date", Date)


@dataclass(frozen=True, kw_only=True)
class _Listing(Page):
    """The filters that all lists of the directory share.

    A confidential site has no place, so it lies in no box, and in an area only if that contains its whole zone.
    """

    lists_places: ClassVar[bool] = True

    area_code: AreaCode | None = coded_place()
    bbox: BBox | None = argument(BOX, default=None)

    def _located(self, rows: Select[Any]) -> Select[Any]:
        if self.bbox is not None:
            rows = rows.where(in_box(rows.selected_columns["point"], self.bbox))
        if self.area_code is not None:
            rows = rows.where(self._inside(rows))
        return rows

    def _inside(self, rows: Select[Any]) -> ColumnElement[bool]:
        columns = rows.selected_columns
        lies_in = func.coalesce(columns["area_set_id"], columns["zone_id"])
        return in_place(lies_in, columns["locality_id"], zones=True)


def _called(rows: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that the bound text is a part of the name, or the name of the place where it stands.

    A confidential site has neither locality nor area, so no name of a place finds it.
    """
    columns = rows.selected_columns
    named = cast(select(func.lakana.places_named(bind("text", Text))).scalar_subquery(), ARRAY(Uuid(as_uuid=False)))
    return or_(_named(columns["name_key"]), func.coalesce(columns["locality_id"], columns["area_id"]) == any_(named))


def _named(key: ColumnElement[str]) -> ColumnElement[bool]:
    # Folding leaves letters, digits and blanks, so the text can contain no wildcard; a text without any letter
    # finds nothing.
    # A sub-select is evaluated once; the bare function would be called for each row.
    folded = func.nullif(func.lakana.fold(bind("text", Text)), constant(""))
    return key.like(select(constant("%") + folded + constant("%")).scalar_subquery())


@dataclass(frozen=True, kw_only=True)
class Organizations(Page):
    """Organisations by a part of their name or acronym."""

    text: str | None = argument(
        "A part of the name or of the acronym, 1 to 200 characters, case and accents ignored.",
        search_text,
        default=None,
    )

    def matching(self) -> Select[Any]:
        """Return the organisations that match."""
        rows = organizations()
        return rows if self.text is None else rows.where(_named(rows.selected_columns["search_key"]))


@dataclass(frozen=True, kw_only=True)
class Actors(_Listing):
    """Protection actors by kind, place and a part of their name."""

    kind: ActorKind | None = argument(KIND, default=None)
    text: str | None = argument(NAME_OR_PLACE, search_text, default=None)

    def _inside(self, rows: Select[Any]) -> ColumnElement[bool]:
        return in_place(rows.selected_columns["area_set_id"], rows.selected_columns["locality_id"])

    def matching(self) -> Select[Any]:
        """Return the actors that match."""
        rows = self._located(actors())
        if self.kind is not None:
            rows = rows.where(rows.selected_columns["kind"] == bind("kind", ACTOR_KIND))
        if self.text is not None:
            rows = rows.where(_called(rows))
        return rows


@dataclass(frozen=True, kw_only=True)
class Services(_Listing):
    """Services by category, place and a part of their name, by name or those first that nobody has verified longest."""

    structural: ClassVar[frozenset[str]] = frozenset({"order_by"})

    categories: tuple[ServiceCategory, ...] | None = argument(ONLY_CATEGORIES, some_categories, default=None)
    text: str | None = argument(NAME_OR_PLACE, search_text, default=None)
    order_by: DirectoryOrder = argument("In which order they come.", default=DirectoryOrder.NAME)

    def ordered_by(self) -> tuple[str, type]:
        """Return the key of the order."""
        return ("name_key", str) if self.order_by is DirectoryOrder.NAME else ("verified_key", dt.date)

    def rows(self) -> Select[Any]:
        """Return the page; of several categories it is put together from the first of each, which an index has."""
        if self.categories is None or len(self.categories) == 1 or self.bbox or self.area_code or self.text:
            return super().rows()
        wanted, rows = each_category(), self._ordered()
        of_one = rows.where(rows.selected_columns["category"] == wanted.c.category)
        of_each = self._first_of(of_one).lateral("of_each")
        return self._first_of(select(of_each).join_from(wanted, of_each, true()))

    def matching(self) -> Select[Any]:
        """Return the services that match."""
        rows = self._located(self._ordered())
        if self.categories is not None:
            rows = rows.where(among(rows.selected_columns["category"], self.categories))
        if self.text is not None:
            rows = rows.where(_called(rows))
        return rows

    def _ordered(self) -> Select[Any]:
        """Return every service with the key of the order."""
        if self.order_by is DirectoryOrder.NAME:
            return services()
        return services().add_columns(func.coalesce(service.c.verified_on, _NEVER).label("verified_key"))


@dataclass(frozen=True, kw_only=True)
class ServicesDue(Page):
    """The caller's organisation's services that nobody has verified for a year, those first that wait longest."""

    due_on: dt.date | None = argument(
        f"The day by which they fall due, {FRESH_DAYS} days after they were verified last, 1900 to 2099; today where "
        "it is left out.",
        day(),
        default=None,
    )

    def ordered_by(self) -> tuple[str, type]:
        """Return the day of the last verification."""
        return "verified_key", dt.date

    def matching(self) -> Select[Any]:
        """Return the services that match; a confidential one is in no list of an organisation's services."""
        day = func.coalesce(bind("due_on", Date), literal_column("(now() AT TIME ZONE 'UTC')::date", Date))
        key = func.coalesce(service.c.verified_on, _NEVER)
        ours = select(actor.c.id).where(actor.c.organization_id == bind("caller_organization_id", Uuid(as_uuid=False)))
        rows = services().add_columns(key.label("verified_key"))
        return rows.where(service.c.actor_id.in_(ours), key <= day - literal_column(str(FRESH_DAYS), Integer))


@dataclass(frozen=True, kw_only=True)
class Shelters(_Listing):
    """Shelters by place, a part of their name and whom they take, all or only those known to have a free place."""

    text: str | None = argument(NAME_OR_PLACE, search_text, default=None)
    available_only: bool = argument("Only those that are known to have a place free.", default=False)
    for_age_months: int | None = argument(
        f"Only those that take a child of this age in whole months, 0 to {OLDEST_MONTHS}: none of their bounds speaks "
        "against it. Never logged.",
        age_in_months,
        default=None,
        by_post=True,
    )
    for_sex: Sex | None = argument("Only those that take girls, or boys. Never logged.", default=None, by_post=True)

    def matching(self) -> Select[Any]:
        """Return the shelters that match."""
        rows = self._located(shelters())
        columns = rows.selected_columns
        if self.text is not None:
            rows = rows.where(_called(rows))
        if self.for_age_months is not None:
            age = bind("for_age_months", Integer)
            rows = rows.where(func.coalesce(columns["minimum_age_months"] <= age, true()))
            rows = rows.where(func.coalesce(columns["maximum_age_months"] >= age, true()))
        if self.for_sex is not None:
            girl = bind("for_sex", Text) == constant(Sex.GIRL.name)
            rows = rows.where(case((girl, columns["girls"]), else_=columns["boys"]))
        return rows.where(or_(not_(bind("available_only", Boolean)), has_places(columns["service_id"])))
