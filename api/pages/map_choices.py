"""What a reader chose for a map, in the address bar or on the command line; what a map does not know is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.pages.parameters import DEFAULT_CATEGORY, DEFAULT_DISTANCE_M, NotOneOf, category_of, term_of
from geo import arguments
from geo.errors import BadInput
from geo.vocabulary import ActorKind, AreaLevel, IncidentType, Locale, Sector, ServiceCategory
from maps.kinds import LEVELS, MOST_SITES, TAKES, MapKind, address

SITES = tuple(map(str, range(1, MOST_SITES + 1)))
"""How many sites a model may be asked for on a map."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices for a map of any kind; each map reads those that it takes, the others have their usual values.

    Parameters
    ----------
    locale
        The language.
    area
        The code of an area, or None for the nation.
    category
        Of the services that should be within reach.
    metres
        The reach in metres, inclusive.
    period
        A year or a quarter; None for the latest.
    level
        Of the places that are compared.
    incident
        The type of incident; None for all together.
    sector
        Of humanitarian work; None for all.
    actors
        The kind of actors of whom one should be trained and within reach.
    place
        The code of a town or village of the directory; None for the largest.
    sites
        How many sites a model is to find at most.
    scenario
        The id of a scenario; None for the one that was saved last.

    """

    locale: Locale
    area: str | None = None
    category: ServiceCategory = DEFAULT_CATEGORY
    metres: float = DEFAULT_DISTANCE_M
    period: str | None = None
    level: AreaLevel = LEVELS[0]
    incident: IncidentType | None = None
    sector: Sector | None = None
    actors: ActorKind = ActorKind.CHILD_PROTECTION_OFFICER
    place: str | None = None
    sites: int = 3
    scenario: str | None = None

    def written(self, kind: MapKind) -> dict[str, str]:
        """Return the choices of a kind of map as they stand in an address; empty where it is the usual one."""
        usual, written = Choices(self.locale), {}
        for name in TAKES[kind]:
            value = getattr(self, name)
            written[name] = "" if value == getattr(usual, name) else _text(value)
        return written | {"lang": self.locale.name.lower()}

    def address(self, kind: MapKind, **changed: Any) -> str:
        """Return the address of a map with these choices, some of them ``changed``."""
        return address(kind, replace(self, **changed).written(kind))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(getattr(value, "name", value))


def _metres(text: str) -> float:
    try:
        metres = float(text)
    except ValueError:
        raise BadInput("metres", "give a number of metres.") from None
    arguments.reach_in_metres("metres", metres)
    return metres


def _period(text: str) -> str:
    arguments.period("period", text)
    return text


def _sites(text: str) -> int:
    if text not in SITES:
        raise NotOneOf("sites", SITES)
    return int(text)


READ: Mapping[str, Callable[[str], Any]] = {
    "area": str,
    "category": category_of,
    "metres": _metres,
    "period": _period,
    "level": lambda name: term_of("level", LEVELS, name),
    "incident": lambda name: term_of("incident", IncidentType, name),
    "sector": lambda name: term_of("sector", Sector, name),
    "actors": lambda name: term_of("actors", ActorKind, name),
    "place": str,
    "sites": _sites,
    "scenario": str,
}
"""How the text of each parameter is read."""


def read(kind: MapKind, given: Mapping[str, str], locale: Locale) -> Choices:
    """Return what was chosen for a map; a choice that is left empty is the usual one.

    Raises
    ------
    BadInput
        If a value is not good, or the map does not know a parameter that is ``given``. The text does not repeat it.

    """
    refuse_others(kind, given)
    return Choices(locale, **{name: READ[name](text) for name in TAKES[kind] if (text := given.get(name))})


def refuse_others(kind: MapKind, given: Iterable[str]) -> None:
    """Refuse the names of parameters that a map does not know; see :func:`read`."""
    if set(given) - {*TAKES[kind], "lang"}:
        raise NotOneOf("parameters", [*TAKES[kind], "lang"])
