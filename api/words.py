"""The words of the start page: French first, then English, and Bambara where they are sure."""

from __future__ import annotations

from geo.vocabulary import Locale, Words, in_language

_WORDS: dict[str, Words] = {
    "title": ("Lakana · Protéger les enfants", "Lakana · Protecting children", "Lakana · Denmisɛnw lakanani"),
    "lead": (
        "Qui protège les enfants, où, et où personne n’est à portée.",
        "Who protects children, where, and where nobody is within reach.",
        None,
    ),
    "overview": ("Carte d’ensemble", "Overview map", None),
    "overview_text": (
        "Acteurs, structures d’hébergement à leur emplacement public, et chiffres publiés par localité.",
        "Actors, shelters at their public place, and published counts by locality.",
        None,
    ),
    "open": ("Ouvrir", "Open", None),
    "coverage": ("Carte de couverture", "Coverage map", None),
    "coverage_text": (
        "Part des enfants à portée d’un service, et localités à desservir en priorité.",
        "Share of children within reach of a service, and the localities to serve first.",
        None,
    ),
    "category": ("Catégorie de service", "Category of service", None),
    "distance": ("Distance en mètres, à vol d’oiseau", "Distance in metres, in a straight line", None),
    "developers": ("Pour les développeurs", "For developers", None),
    "graphiql": ("Essayer l’API GraphQL", "Try the GraphQL API", None),
    "schema": ("Lire le schéma", "Read the schema", None),
    "confidential": (
        "L’adresse d’un hébergement confidentiel et les petits nombres ne sont jamais publiés.",
        "The address of a confidential shelter and small counts are never published.",
        None,
    ),
}


def say(key: str, locale: Locale) -> str:
    """Give the words for a key in a language, French where the language has none."""
    return in_language(_WORDS[key], locale)
