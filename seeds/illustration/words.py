"""The words of illustrative rows, in the first of a country's languages that Lakana speaks."""

from __future__ import annotations

from collections.abc import Sequence

from geo.vocabulary import Locale, Words

# Love, courage, hope, kinship, dawn; and trees and birds: names that say nothing about a place.
ORGANIZATIONS: tuple[Words, ...] = (
    ("Tendresse", "Kindness", None),
    ("Courage", "Courage", None),
    ("Espérance", "Hope", None),
    ("Parenté", "Kinship", None),
    ("Aurore", "Daybreak", None),
)
SHELTERS: tuple[Words, ...] = (
    ("Acacia", "Acacia", None), ("Tamarinier", "Tamarind", None), ("Manguier", "Mango Tree", None),
    ("Jujubier", "Jujube", None), ("Dattier", "Date Palm", None), ("Citronnier", "Lemon Tree", None),
    ("Oranger", "Orange Tree", None), ("Goyavier", "Guava", None), ("Papayer", "Papaya", None),
    ("Moringa", "Moringa", None), ("Bambou", "Bamboo", None), ("Flamboyant", "Flame Tree", None),
    ("Olivier", "Olive Tree", None), ("Figuier", "Fig Tree", None), ("Cèdre", "Cedar", None),
    ("Héron", "Heron", None), ("Calao", "Hornbill", None), ("Tisserin", "Weaver", None),
    ("Martin-pêcheur", "Kingfisher", None), ("Pintade", "Guinea Fowl", None), ("Cigogne", "Stork", None),
    ("Tourterelle", "Turtle Dove", None), ("Ibis", "Ibis", None), ("Hirondelle", "Swallow", None),
    ("Rossignol", "Nightingale", None), ("Alouette", "Lark", None), ("Mésange", "Titmouse", None),
    ("Pélican", "Pelican", None), ("Grue", "Crane", None), ("Huppe", "Hoopoe", None),
)  # fmt: skip

NGO: Words = ("ONG {name}", "NGO {name}", None)
HEAD_OFFICE: Words = ("siège", "head office", None)
SHELTER: Words = ("Foyer {name}", "{name} shelter", None)
DUTY: Words = ("Permanence {number}", "Duty desk {number}", None)
TRAINING: Words = ("Repérer et orienter un enfant victime", "Recognising and referring a child victim", None)
TRAINING_TOLD: Words = ("Formation d’illustration.", "Illustrative training.", None)
SOURCE: Words = ("Lakana, données d’illustration", "Lakana, illustrative data", None)


def spoken(languages: Sequence[str]) -> Locale:
    """Return the first of some languages that Lakana speaks, French where it speaks none.

    Examples
    --------
    >>> spoken(["ka", "en"]), spoken([])
    (<Locale.EN: 'EN'>, <Locale.FR: 'FR'>)

    """
    known = (each.upper().partition("-")[0] for each in languages)
    return next((Locale[each] for each in known if each in Locale.__members__), Locale.FR)
