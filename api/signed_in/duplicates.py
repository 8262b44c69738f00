"""``/steward/duplicates``: organisations and services that may be entered twice, side by side; one of them is retired.

Nothing is kept of a look: two that are no duplicates are shown again the next time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from typing import Any, ClassVar

from api.exports.asking import Asker
from api.signed_in.acts import Act, Fields, number
from api.signed_in.pages import ActingPage, whole_list
from geo.audience import Audience
from geo.spheroid import geocentric_m
from geo.texts import fold
from geo.vocabulary import Locale

ORGANIZATION = "id name acronym kindLabel url version source { name }"
SERVICE = (
    "id name category categoryLabel verifiedOn version phones { number } actor { name } source { name }"
    " location { point locality { name } } shelter { id version confidential }"
)
ALIKE = 0.8
"""So alike are two folded words, 0 to 1, that one may be the other misspelt: of five letters one is another."""
SHORT_WORD = 3
"""Words of so many letters, as `de` or `les`, tell no two names apart."""
NEAR_M = 1_000.0
"""Two services of one place stand so near to each other at most, in a straight line."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LONG_WORD = 5
"""Letters of a word that two names of one organisation share."""
MOST_PAIRS = 50
NOTHING = "–"
FIELDS = {
    "name": "Name",
    "acronym": "Acronym",
    "kindLabel": "Kind",
    "categoryLabel": "Kind",
    "actor": "Who offers it",
    "location": "Town or village",
    "phones": "Phone",
    "url": "Web address",
    "verifiedOn": "Verified on",
    "source": "Source",
}
"""What the fields that are compared are called."""
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one: the act that retires either, and the ids and versions that it takes."""

    act: str
    one: Record
    other: Record

    @property
    def sides(self) -> tuple[Record, Record]:
        """Return both."""
        return self.one, self.other

    def rows(self, day: Callable[[str], str]) -> Iterator[tuple[str, str, str]]:
        """Yield what is known of them: words for a field, and what either has; ``day`` writes a day."""
        for field, words in FIELDS.items():
            one, other = (_plain(each.get(field), day) for each in self.sides)
            if one != NOTHING or other != NOTHING:
                yield words, one, other


def organizations(records: Sequence[Record]) -> Iterator[Pair]:
    """Yield organisations of one acronym, or of names that are alike; of many the first by name.

    Examples
    --------
    >>> named = [{"name": name, "acronym": None} for name in ("Enfants du fleuve", "Enfant du fleuve", "Croix-Rouge")]
    >>> [[each["name"] for each in pair.sides] for pair in organizations(named)]
    [['Enfants du fleuve', 'Enfant du fleuve']]

    """
    by_word = defaultdict[str, list[int]](list)
    for at, each in enumerate(records):
        for word in {word[:LONG_WORD] for word in fold(each["name"]).split() if len(word) >= LONG_WORD}:
            by_word[word].append(at)
        if each["acronym"]:
            by_word[f"={fold(each['acronym'])}"].append(at)
    candidates = {pair for places in by_word.values() for pair in combinations(places, 2)}
    for one, other in sorted(candidates):
        first, second = records[one], records[other]
        acronyms = {fold(each["acronym"] or "") for each in (first, second)}
        if (len(acronyms) == 1 and "" not in acronyms) or _alike(first["name"], second["name"]):
            yield Pair("retire-organization", first, second)


def services(records: Sequence[Record]) -> Iterator[Pair]:
    """Yield services of one category and place that have a telephone number in common, or alike names and actors.

    A confidential one has no place, so it is none of them.
    """
    placed = [each for each in records if _point(each) and not (each["shelter"] or {}).get("confidential")]
    by_category = defaultdict[str, list[Record]](list)
    for each in placed:
        by_category[each["category"]].append(each)
    for same in by_category.values():
        for one, other in _near(same):
            numbers = ({phone["number"] for phone in each["phones"]} for each in (one, other))
            if set.intersection(*numbers) or (
                _alike(one["name"], other["name"]) and _alike(*map(_actor, (one, other)))
            ):
                yield Pair("retire-shelter" if one["shelter"] else "retire-service", one, other)


def _near(placed: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    import numpy as np  # noqa: PLC0415  slow to import, and only this page needs them
    from scipy.spatial import KDTree  # noqa: PLC0415

    lon, lat = np.array([_point(each)["coordinates"] for each in placed], dtype=float).T
    for one, other in sorted(KDTree(geocentric_m(lon, lat)).query_pairs(NEAR_M)):
        yield placed[one], placed[other]


def _point(service: Record) -> Any:
    return (service["location"] or {}).get("point")


def _actor(service: Record) -> str:
    return str((service["actor"] or {}).get("name", ""))


def _alike(one: str, other: str) -> bool:
    """Return whether two names differ by the spelling of their words alone, short ones aside.

    Examples
    --------
    >>> _alike("Enfants du fleuve", "Enfant de fleuve"), _alike("Maison Aurore, Port", "Maison Lumière, Port")
    (True, False)

    """
    first, second = _words(one), _words(other)
    left, right = sorted(first - second), sorted(second - first)
    return len(left) == len(right) and all(map(_misspelt, left, right))


@lru_cache(maxsize=8_192)  # a name is compared with each that has a word in common, a thousand associations
def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in fold(name).split() if len(word) > SHORT_WORD)


def _misspelt(word: str, other: str) -> bool:
    spelt = SequenceMatcher(None, word, other, autojunk=False)
    # The first two are bounds of the third, which takes far longer.
    return all(ratio() >= ALIKE for ratio in (spelt.real_quick_ratio, spelt.quick_ratio, spelt.ratio))


def _plain(value: Any, day: Callable[[str], str]) -> str:
    match value:
        case None | "" | []:
            return NOTHING
        case {"locality": place}:
            return _plain(place, day)
        case {"name": name}:
            return str(name)
        case [*numbers]:
            return ", ".join(each["number"] for each in numbers)
    return day(value) if DAY.fullmatch(value) else str(value)


def _retired(fields: Fields) -> Mapping[str, Any]:
    return {"id": fields.get("id", ""), "expectedVersion": number(fields, "version")}


DONE = "It is retired; the other one stays."


class DuplicatesPage(ActingPage):
    """The page of likely duplicates."""

    path: ClassVar = "/steward/duplicates"
    template: ClassVar = "duplicates.html"
    audience: ClassVar = Audience.STEWARD
    acts: ClassVar = {
        f"retire-{kind}": Act(f"retire{kind.capitalize()}", _retired, DONE)
        for kind in ("organization", "service", "shelter")
    }

    async def shown(self, asker: Asker, locale: Locale) -> Mapping[str, Any]:  # noqa: ARG002
        """Return the pairs, those of organisations first; what is compared are the first 2,000 of each list by name."""
        bodies = await whole_list(asker, "organizations", ORGANIZATION)
        offered = await whole_list(asker, "services", SERVICE)
        pairs = await asker.beside(lambda: _all(organizations(bodies.records), services(offered.records)))
        lists = {"bodies": bodies, "offered": offered}
        return {"pairs": pairs[:MOST_PAIRS], "more": len(pairs) - MOST_PAIRS, **lists}


def _all(*found: Iterable[Pair]) -> list[Pair]:
    return [pair for each in found for pair in each]
