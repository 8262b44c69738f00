"""The texts of the start page and of error pages: French first, then English, and Bambara where we are sure."""

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
        "Acteurs, structures d’hébergement à leur emplacement ou dans leur zone, et chiffres publiés par localité.",
        "Actors, shelters at their place or in their zone, and published counts by locality.",
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
    "imports": ("Importer des fichiers (intendants)", "Import files (stewards)", None),
    "confidential": (
        "L’adresse d’un hébergement confidentiel et les petits nombres ne sont jamais publiés.",
        "The address of a confidential shelter and small counts are never published.",
        None,
    ),
    "home": ("Page d’accueil", "Start page", None),
    "refused": ("Cette page n’a pas pu être affichée", "This page could not be shown", None),
    "refused_lang": ("choisissez fr, en ou bm.", "choose fr, en or bm.", None),
    "refused_category": ("choisissez parmi {names}.", "choose one of {names}.", None),
    "refused_area": ("choisissez parmi {names}.", "choose one of {names}.", None),
    "nations": ("De quel pays\u00a0?", "Of which country?", None),
    "refused_distance": (
        "donnez un nombre de mètres, de {least} à {most}.",
        "give a number of metres, {least} to {most}.",
        None,
    ),
    "refused_400": (
        "cette demande ne convient pas\u00a0; choisissez de nouveau sur la page d’accueil.",
        "this cannot be asked; choose again on the start page.",
        None,
    ),
    "refused_401": (
        "La clé ou le jeton présenté n’est pas valable\u00a0; ouvrez la page sans lui, ou avec un autre.",
        "The key or token that was shown is not good; open the page without it, or with another.",
        None,
    ),
    "refused_404": ("Il n’y a pas de page à cette adresse.", "There is no page at this address.", None),
    "refused_429": (
        "Trop de demandes en une minute\u00a0; réessayez dans {seconds}\u00a0s.",
        "Too many requests in a minute; try again in {seconds} s.",
        None,
    ),
    "refused_503": (
        "La page ne peut pas être préparée maintenant\u00a0; réessayez dans {seconds}\u00a0s.",
        "The page cannot be made now; try again in {seconds} s.",
        None,
    ),
}


def say(key: str, locale: Locale) -> str:
    """Return the words for a key in a language, French where the language has none."""
    return in_language(_WORDS[key], locale)
