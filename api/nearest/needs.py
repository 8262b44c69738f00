"""What somebody needs, as a short message says it: a category by its name, its label or a word of every day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from geo.texts import fold
from geo.vocabulary import Locale, ServiceCategory, label

LONGEST = 100
"""Letters that a need may have; longer texts name none."""
SHORTEST = 3
"""Letters by which the beginning of a word may name a need."""
EVERYDAY: Mapping[ServiceCategory, str] = {
    ServiceCategory.CASE_MANAGEMENT: "social aide help",
    ServiceCategory.PSYCHOSOCIAL_SUPPORT: "psychologue psychologist ecoute counselling",
    ServiceCategory.FAMILY_TRACING_REUNIFICATION: "famille family perdu lost",
    ServiceCategory.SAFE_SHELTER: "abri foyer refuge shelter dormir sleep",
    ServiceCategory.MEDICAL: "sante hopital medecin docteur health hospital doctor",
    ServiceCategory.LEGAL_AID: "avocat lawyer droit",
    ServiceCategory.CIVIL_DOCUMENTATION: "acte naissance birth certificate papiers papers",
    ServiceCategory.EDUCATION: "ecole school",
    ServiceCategory.LIVELIHOODS_CASH: "argent money",
    ServiceCategory.FOOD_NUTRITION: "manger nourriture faim hunger eat",
    ServiceCategory.BASIC_ITEMS_WASH: "eau water couverture",
}
"""Words beside those of the labels, folded."""


def need_of(text: str) -> ServiceCategory | None:
    """Return the category that a text means: the one whose words hold all of its words, or their beginnings.

    Where it is as true of several, or of none, nothing is guessed.

    Examples
    --------
    >>> [need_of(each) for each in ("SAFE_SHELTER", "Soins médicaux", "hopital", "poli", "x")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [<ServiceCategory.SAFE_SHELTER: 'SAFE_SHELTER'>, <ServiceCategory.MEDICAL: 'MEDICAL'>,
     <ServiceCategory.MEDICAL: 'MEDICAL'>, <ServiceCategory.POLICE_JUSTICE: 'POLICE_JUSTICE'>, None]

    """
    if len(text) > LONGEST:
        return None
    said = fold(text)
    if said in _whole():
        return _whole()[said]
    words = said.split()
    if not words or min(map(len, words)) < SHORTEST:
        return None
    meant = [need for need, known in _words().items() if all(any(k.startswith(w) for k in known) for w in words)]
    return meant[0] if len(meant) == 1 else None


@cache
def _whole() -> Mapping[str, ServiceCategory]:
    """Return each category by its name, its labels and each everyday word."""
    by_label = {fold(label(need, locale)): need for need in ServiceCategory for locale in Locale}
    by_word = {word: need for need, words in EVERYDAY.items() for word in words.split()}
    return by_word | by_label | {fold(need.name): need for need in ServiceCategory}


@cache
def _words() -> Mapping[ServiceCategory, frozenset[str]]:
    """Return all words of each category."""
    found: dict[ServiceCategory, set[str]] = {need: {*EVERYDAY.get(need, "").split()} for need in ServiceCategory}
    for whole, need in _whole().items():
        found[need] |= {*whole.split()}
    return {need: frozenset(words) for need, words in found.items()}
