"""Lists of organisations, actors, services and shelters in the directory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, Text, func, not_, or_, select

from geo.arguments import argument, search_text
from geo.coordinates import BBox
from geo.database.tables import ACTOR_KIND, SERVICE_CATEGORY
from geo.queries.base.descriptions import AREA_CODE, BOX, CATEGORY, KIND, NAME_PART
from geo.queries.base.question import Page, bind, constant, in_area, in_box, lies_in_area
from geo.queries.base.row_sets import actors, has_places, organizations, services, shelters
from geo.vocabulary import ActorKind, ServiceCategory


@dataclass(frozen=True, kw_only=True)
class _Listing(Page):
    """The filters that all lists of the directory share.

    A confidential site has no place, so it lies in no box, and in an area only if that contains its whole zone.
    """

    area_code: str | None = argument(AREA_CODE, search_text, default=None)
    bbox: BBox | None = argument(BOX, default=None)

    def _located(self, rows: Select[Any]) -> Select[Any]:
        if self.bbox is not None:
            rows = rows.where(in_box(rows.selected_columns["point"], self.bbox))
        if self.area_code is not None:
            rows = rows.where(self._inside(rows))
        return rows

    def _inside(self, rows: Select[Any]) -> ColumnElement[bool]:
        return lies_in_area(func.coalesce(rows.selected_columns["area_id"], rows.selected_columns["zone_id"]))


def _named(name_key: ColumnElement[str]) -> ColumnElement[bool]:
    # Folding leaves letters, digits and blanks, so the text can contain no wildcard; a text without any letter
    # finds nothing.
    # A sub-select is evaluated once; the bare function would be called for each row.
    folded = func.nullif(func.lakana.fold(bind("text", Text)), constant(""))
    return name_key.like(select(constant("%") + folded + constant("%")).scalar_subquery())


@dataclass(frozen=True, kw_only=True)
class Organizations(Page):
    """Organisations by a part of their name."""

    text: str | None = argument(NAME_PART, search_text, default=None)

    def matching(self) -> Select[Any]:
        """Return the organisations that match."""
        rows = organizations()
        return rows if self.text is None else rows.where(_named(rows.selected_columns["name_key"]))


@dataclass(frozen=True, kw_only=True)
class Actors(_Listing):
    """Protection actors by kind, place and a part of their name."""

    kind: ActorKind | None = argument(KIND, default=None)
    text: str | None = argument(NAME_PART, search_text, default=None)

    def _inside(self, rows: Select[Any]) -> ColumnElement[bool]:
        return in_area(rows.selected_columns["area_id"])

    def matching(self) -> Select[Any]:
        """Return the actors that match."""
        rows = self._located(actors())
        if self.kind is not None:
            rows = rows.where(rows.selected_columns["kind"] == bind("kind", ACTOR_KIND))
        if self.text is not None:
            rows = rows.where(_named(rows.selected_columns["name_key"]))
        return rows


@dataclass(frozen=True, kw_only=True)
class Services(_Listing):
    """Services by category, place and a part of their name."""

    category: ServiceCategory | None = argument(CATEGORY, default=None)
    text: str | None = argument(NAME_PART, search_text, default=None)

    def matching(self) -> Select[Any]:
        """Return the services that match."""
        rows = self._located(services())
        if self.category is not None:
            rows = rows.where(rows.selected_columns["category"] == bind("category", SERVICE_CATEGORY))
        if self.text is not None:
            rows = rows.where(_named(rows.selected_columns["name_key"]))
        return rows


@dataclass(frozen=True, kw_only=True)
class Shelters(_Listing):
    """Shelters by place, all or only those known to have a free place."""

    available_only: bool = argument("Only those that are known to have a place free.", default=False)

    def matching(self) -> Select[Any]:
        """Return the shelters that match."""
        rows = self._located(shelters())
        return rows.where(or_(not_(bind("available_only", Boolean)), has_places(rows.selected_columns["service_id"])))
