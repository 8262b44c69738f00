"""What can be chosen for a map: the areas, periods and terms that there are, with what is chosen now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from api.maps.pathway import incident_of
from api.pages.map_choices import SITES, Choices
from api.pages.map_questions import released
from api.pages.map_records import Answers, data
from api.pages.templates import NAMES
from geo.vocabulary import ActorKind, IncidentType, Locale, Sector, ServiceCategory, Term, label
from maps import numbers
from maps.controls import Choice, Controls
from maps.kinds import LEVELS, TAKES, MapKind
from maps.words import words

DISTANCES_KM = (5, 10, 15, 20, 30, 50, 75, 100, 150, 200)
"""Offered beside the one that is chosen."""
Options = Iterable[tuple[str, str]]


def controls_of(kind: MapKind, answers: Answers, choices: Choices) -> Controls:
    """Return what can be chosen for a map, by the answers that it is drawn from."""
    inside = data(answers["frame"])["nation"]["areaCode"] if "around" in answers else choices.area or ""
    chosen = {**choices.written(kind), "area": inside}
    offered = [_choice(kind, name, answers, choices, chosen[name]) for name in TAKES[kind]]
    lang = choices.locale.name.lower()
    languages = tuple((each.name.lower(), name) for each, name in NAMES.items())
    return Controls(
        action=f"/maps/{kind.value}.html",
        choices=(*offered, Choice("lang", languages, lang)),
        fresh=Choices(choices.locale).address(kind),
        home=f"/?lang={lang}",
    )


def _choice(kind: MapKind, name: str, answers: Answers, choices: Choices, chosen: str) -> Choice:
    locale, said = choices.locale, words(choices.locale)
    offered: dict[str, Options] = {
        "area": _areas(answers),
        "period": [
            ("", said["any_time" if kind is MapKind.PRESENCE else "latest"]),
            *((each, numbers.period(each, locale)) for each in released(answers)),
        ],
        "category": _terms(ServiceCategory, locale),
        "metres": _distances(choices.metres, locale),
        "level": [(each.name, said[f"level_{each.name.lower()}"]) for each in LEVELS],
        "incident": [
            *([("", said["all_types"])] if kind is not MapKind.PATHWAY else []),
            *_terms(IncidentType, locale),
        ],
        "place": _listed(answers, "places", "localities", "areaCode"),
        "sites": [(each, each) for each in SITES],
        "scenario": _listed(answers, "scenarios", "scenarios", "id"),
        "sector": [("", said["all_types"]), *_terms(Sector, locale)],
        "actors": _terms(ActorKind, locale),
    }
    usual = {
        "category": choices.category.name,
        "metres": f"{choices.metres:g}",
        "level": choices.level.name,
        "actors": choices.actors.name,
        "place": _first(answers, "place"),
        "sites": f"{choices.sites}",
        "scenario": _first(answers, "scenario"),
        **({"incident": incident_of(choices).name} if kind is MapKind.PATHWAY else {}),
    }
    return Choice(name, tuple(offered[name]), chosen or usual.get(name, ""))


def _terms(terms: Iterable[Term], locale: Locale) -> Options:
    return [(each.name, label(each, locale)) for each in terms]


def _distances(chosen_m: float, locale: Locale) -> Options:
    metres = sorted({chosen_m, *(km * 1000.0 for km in DISTANCES_KM)})
    return [(f"{each:g}", numbers.distance(each, locale)) for each in metres]


def _areas(answers: Answers) -> Options:
    """Return the nations and the parts of this one that have an outline; the only nation needs no code."""
    edges = orjson.loads(answers["start"][0])["data"]["nations"]["edges"]
    nations = {(each["nation"] or each)["areaCode"]: (each["nation"] or each)["name"] for each in _nodes(edges)}
    whole = [("" if len(nations) == 1 else code, name) for code, name in nations.items()]
    regions = _nodes(data(answers.get("around") or answers["regions"])["regions"]["edges"])
    parts = [(each["areaCode"], each["name"]) for each in regions if each["geometry"] is not None]
    own = data(answers["frame"])["nation"]
    offered = dict([*whole, *parts])
    inside = [(own["areaCode"], own["name"])] if "around" in answers and own["areaCode"] not in offered else []
    return [*whole, *parts, *inside]


def _listed(answers: Answers, name: str, field: str, code: str) -> Options:
    found = [each for body in answers.get(name, ()) for each in _nodes(data([body])[field]["edges"])]
    return sorted({each[code]: each["name"] for each in found}.items(), key=lambda each: (each[1], each[0]))


def _first(answers: Answers, name: str) -> str:
    return answers[name][0].decode() if name in answers else ""


def _nodes(edges: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each["node"] for each in edges]
