"""Scenarios of planners, saved, changed and retired by their owners. The directory stays unchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, text, update

from geo import texts
from geo.arguments import RowId, argument, check_id, declared
from geo.audience import Caller
from geo.coordinates import LonLat
from geo.database.tables import scenario
from geo.errors import BadInput, Conflict, NotFound
from geo.vocabulary import ServiceCategory
from geo.writes.fields import MOST_PLACES, VERSION, checked, number, place, term
from geo.writes.places import check_in_a_country
from geo.writes.write import Saved, Write, held

MOST_CHANGES = 50
FIRST_YEAR = 1900

_NAME = "What it is called, 1 to 200 characters."
_POINT = "A place inside the hull of a country."
_NEW_POINT = f"{_POINT} Scenarios are no place for secrets: give the town of a confidential shelter, never its address."
_CAPACITY = "How many children it takes at a time, 0 to 10,000."
_SERVICE = "A service of the scenario's category, but no confidential one: that has no distance to change."


@dataclass(frozen=True, kw_only=True)
class AddSite:
    """A site where there is none."""

    point: LonLat = argument(_NEW_POINT, place)
    name: str = argument(_NAME, texts.name)
    capacity: int | None = argument(_CAPACITY, number(0, MOST_PLACES), default=None)


@dataclass(frozen=True, kw_only=True)
class CloseService:
    """A service that is closed."""

    service_id: RowId = argument(_SERVICE, check_id)


@dataclass(frozen=True, kw_only=True)
class MoveService:
    """A service that stands elsewhere."""

    service_id: RowId = argument(_SERVICE, check_id)
    point: LonLat = argument(_POINT, place)


@dataclass(frozen=True, kw_only=True)
class ResizeService:
    """A service with another capacity."""

    service_id: RowId = argument(_SERVICE, check_id)
    capacity: int = argument(_CAPACITY, number(0, MOST_PLACES))


@dataclass(frozen=True, kw_only=True)
class ScenarioChange:
    """A change: exactly one of these."""

    add: AddSite | None = argument("A site is added.", default=None)
    close: CloseService | None = argument("A service is closed.", default=None)
    move: MoveService | None = argument("A service is moved.", default=None)
    resize: ResizeService | None = argument("A service gets another capacity.", default=None)


KINDS = {"ADD": AddSite, "CLOSE": CloseService, "MOVE": MoveService, "RESIZE": ResizeService}

_BASE = text(
    """
    SELECT CASE WHEN CAST(:base_date AS timestamptz) IS NULL THEN lakana.data_digests(asked.category)
           ELSE lakana.data_digests_on(asked.category, CAST(:base_date AS timestamptz)) END AS digests,
      ARRAY(SELECT s.id::text FROM lakana.service s
            WHERE s.category = asked.category AND s.id = ANY (CAST(:ids AS uuid[]))) AS known,
      ARRAY(SELECT s.id::text FROM lakana.service s
            WHERE s.confidential AND s.id = ANY (CAST(:ids AS uuid[]))) AS hidden,
      coalesce(CAST(:base_date AS timestamptz), now()) AS base_date
    FROM (SELECT CAST(:category AS lakana.service_category) AS category) AS asked
    """
)
"""One statement, so that the digests describe the same data in which the services were found."""


def base_moment(field: str, value: Any) -> dt.datetime:
    """Check a moment that is not in the future; without an offset it is in UTC."""
    moment: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    if moment.year < FIRST_YEAR:
        raise BadInput(field, f"{moment.date()} is too long ago; give the moment of the data that it is made on.")
    if moment > dt.datetime.now(dt.UTC):
        raise BadInput(field, "it is still to come; leave it out to use today's data.")
    return moment.astimezone(dt.UTC)  # PostgreSQL knows no offsets of 16 hours or more, Python does


def changes(field: str, value: Any) -> list[dict[str, Any]]:
    """Check the changes of a scenario, each by its kind and no service twice.

    Raises
    ------
    BadInput
        Names the position in the list: ``changes.3.move.service_id``.

    """
    if not 1 <= len(value) <= MOST_CHANGES:
        raise BadInput(field, f"{len(value)} changes; give from 1 to {MOST_CHANGES}.")
    seen: set[str] = set()
    found = []
    for turn, given in enumerate(value):
        within = _within(field, turn, given["kind"])
        own = {name: each.check for name, each in declared(KINDS[given["kind"]]).items() if each.check}
        parts = {name: each for name, each in given.items() if name in own and each is not None}
        change: dict[str, Any] = {name: own[name](f"{within}.{name}", each) for name, each in parts.items()}
        service_id = change.get("service_id")
        if service_id in seen:
            raise BadInput(f"{within}.service_id", "this service is changed before in the list; change each once.")
        if service_id is not None:
            seen.add(service_id)
        found.append({"kind": given["kind"], **change})
    return found


def _within(field: str, turn: int, kind: str) -> str:
    return f"{field}.{turn}.{kind.lower()}"


_CHANGES = "From 1 to 50 changes, each service in one of them at most."
_BASE_DATE = "The moment of the data that it is made on, not to come; "


@dataclass(frozen=True, kw_only=True)
class SavedScenario:
    """The fields of a scenario that may be changed."""

    name: str = argument(_NAME, texts.name)
    changes: tuple[ScenarioChange, ...] = argument(_CHANGES, changes)
    base_date: dt.datetime | None = argument(
        f"{_BASE_DATE}null, or left out with new changes, is now.", base_moment, default=None
    )


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The fields of a new scenario."""

    name: str = argument(_NAME, texts.name)
    category: ServiceCategory = argument("The category whose services it changes.", term(ServiceCategory))
    changes: tuple[ScenarioChange, ...] = argument(_CHANGES, changes)
    base_date: dt.datetime | None = argument(f"{_BASE_DATE}left out, now.", base_moment, default=None)


@dataclass(frozen=True, kw_only=True)
class CreateScenario(Write):
    """Save a scenario: it belongs to the caller's organisation or, without one, to the caller."""

    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        self._checked()

    def _checked(self) -> dict[str, Any]:
        return checked(self.values, Scenario, new=True)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002  the database knows the owner
        """Insert the row with the digests of the data that it rests on."""
        values = _settled(connection, self._checked(), None)
        row = insert(scenario).values(**values).returning(scenario.c.id, scenario.c.version)
        return Saved(*connection.execute(row).one())


@dataclass(frozen=True, kw_only=True)
class UpdateScenario(Write):
    """Change some fields of a scenario. New changes are based on the current data, or on those of the base date."""

    refusals = (BadInput, Conflict, NotFound)

    id: RowId = argument("The scenario.")
    expected_version: int = argument(VERSION)
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the fields."""
        self._checked()

    def _checked(self) -> dict[str, Any]:
        return checked(self.values, SavedScenario, new=False)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Update the row; another owner's scenario counts as missing."""
        row = held(connection, scenario, self.id, self.expected_version)
        values = _settled(connection, self._checked(), row)
        change = update(scenario).where(scenario.c.id == row.id).values(**values)
        return Saved(*connection.execute(change.returning(scenario.c.id, scenario.c.version)).one())


@dataclass(frozen=True, kw_only=True)
class RetireScenario(Write):
    """Delete a scenario; the audit log keeps a record of it."""

    refusals = (BadInput, Conflict, NotFound)

    id: RowId = argument("The scenario.")
    expected_version: int = argument(VERSION)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Delete the row; another owner's scenario counts as missing."""
        row = held(connection, scenario, self.id, self.expected_version)
        connection.execute(delete(scenario).where(scenario.c.id == row.id))
        return Saved(row.id, row.version)


def _settled(connection: Connection, values: dict[str, Any], former: Any) -> dict[str, Any]:
    """Return the column values, after checking the services and places that the changes name."""
    if former is not None and not {"changes", "base_date"} & values.keys():
        return values
    category = values["category"] if former is None else former.category.name
    given = values.get("changes")
    # Unchanged changes were checked when they were saved; a service that is gone since simply changes nothing.
    asked = [each["service_id"] for each in given or () if "service_id" in each]
    known = {"category": category, "ids": asked, "base_date": values.get("base_date")}
    found = connection.execute(_BASE, known).one()
    if given is not None:
        _check_there(connection, given, found, category)
        values["changes"] = [_plain(each) for each in given]
    return values | {"base_date": found.base_date, "base_data": found.digests}


def _check_there(connection: Connection, given: list[dict[str, Any]], found: Any, category: str) -> None:
    points: list[LonLat] = []
    for turn, each in enumerate(given):
        within = _within("changes", turn, each["kind"])
        if "service_id" in each and each["service_id"] not in found.known:
            raise BadInput(
                f"{within}.service_id", f"there is no service of that id in {category}; `services` lists them."
            )
        if "service_id" in each and each["service_id"] in found.hidden:
            raise BadInput(f"{within}.service_id", "a confidential service has no distance to change; take another.")
        if "point" in each:
            point: LonLat = each["point"]
            points.append(LonLat(lon=point.lon, lat=point.lat, field=f"{within}.point"))
    check_in_a_country(connection, points)


def _plain(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change as it is stored, with the words of ``lakana.places_if``."""
    kept = {"places" if name == "capacity" else name: each for name, each in change.items() if name != "point"}
    if "point" in change:
        kept |= {"lon": change["point"].lon, "lat": change["point"].lat}
    return kept
