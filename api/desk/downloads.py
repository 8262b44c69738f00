"""What can be taken home of what the desk shows: its tables in the formats of exports, and the map as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.desk.choices import Choices
from api.exports.endpoint import LANGUAGE, PATH
from geo.vocabulary import Locale

TABLES = {
    "coverage.areas": (("need", "within", "area", "level"), ("xlsx", "csv", "geojson")),
    "coverageGaps": (("need", "within", "area"), ("xlsx", "csv", "geojson")),
    "coverageCurve.points": (("need", "area"), ("xlsx", "csv")),
}
"""By the export's name its arguments and formats."""


@dataclass(frozen=True, slots=True)
class Downloads:
    """The addresses of what can be downloaded.

    Parameters
    ----------
    tables
        By the export's name pairs of a format and an address.
    map
        The address of the map; ``None`` where the maps cannot show these choices.

    """

    tables: Mapping[str, Sequence[tuple[str, str]]]
    map: str | None


def downloads(choices: Choices, nation: str | None, locale: Locale) -> Downloads:
    """Return the addresses for these choices, each with the very arguments that the desk asks by.

    ``nation`` is the code of the nation of the area.
    """
    lang = locale.name.lower()

    def address(name: str, ending: str, arguments: Sequence[str]) -> str:
        return f"{PATH}{name}.{ending}?{urlencode([*choices.arguments(*arguments), (LANGUAGE, lang)])}"

    tables = {
        name: [(ending, address(name, ending, arguments)) for ending in endings]
        for name, (arguments, endings) in TABLES.items()
    }
    return Downloads(tables, _map(choices, nation, lang))


def _map(choices: Choices, nation: str | None, lang: str) -> str | None:
    service = choices.service
    if service is None or choices.by is not None:
        return None
    asked = {"category": service.name, "metres": f"{choices.reach_input()['metres']:.10g}", "lang": lang}
    return f"/maps/coverage.html?{urlencode(asked | ({'area': nation} if nation else {}))}"
