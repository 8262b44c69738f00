"""What the answers of the statistics take for granted, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from geo.vocabulary import Locale

Words: TypeAlias = Mapping[Locale, tuple[str, ...]]


def said(*parts: Words) -> dict[str, list[str]]:
    """Put sentences together: language → sentences.

    Examples
    --------
    >>> said({Locale.FR: ("Oui.",), Locale.EN: ("Yes.",)}, {Locale.FR: ("Non.",), Locale.EN: ("No.",)})
    {'FR': ['Oui.', 'Non.'], 'EN': ['Yes.', 'No.']}

    """
    return {locale.name: [each for part in parts for each in part[locale]] for locale in (Locale.FR, Locale.EN)}


SCORES: Words = {
    Locale.FR: (
        (
            "Le score est le nombre de places pour 1\u00a0000 enfants de moins de 18 ans (méthode E2SFCA)\u00a0: "
            "chaque service partage ses places entre tous les enfants à sa portée, les plus proches comptant davantage."
        ),
        (
            "Un service dont la capacité n’est pas connue compte pour la capacité médiane des services de sa catégorie "
            "(ESTIMATION), et pour une place là où aucune n’est connue."
        ),
        (
            "Les distances sont mesurées à vol d’oiseau, en mètres sur l’ellipsoïde WGS 84\u00a0; un service situé "
            "exactement à la distance demandée est à portée."
        ),
        "Les enfants à portée d’un service en partagent les places, aussi au-delà des limites de la zone.",
        (
            "Le reste de la population d’une région est réparti uniformément entre des cellules hexagonales, faute de "
            "données plus fines."
        ),
        "L’occupation et les heures d’ouverture ne sont pas prises en compte.",
    ),
    Locale.EN: (
        (
            "The score is places per 1,000 children under 18 (E2SFCA): each service shares its places among all "
            "children within its reach, near ones counting for more."
        ),
        (
            "A service of unknown capacity counts as the median of the known ones of its category (ESTIMATE), and as "
            "one place where none is known."
        ),
        (
            "Distances are straight lines in metres on the WGS 84 spheroid; a service exactly at the distance "
            "asked for is within reach."
        ),
        "Children of all areas within reach of a service share its places, across the boundary of the area.",
        "The rest of a region's population is spread evenly over hexagonal cells, for want of finer data.",
        "Occupancy and opening hours are not taken into account.",
    ),
}
TRAVELLED: Words = {
    Locale.FR: (
        (
            "ESTIMATION\u00a0: la portée en minutes est convertie en mètres à vol d’oiseau selon la vitesse et le "
            "détour du mode et de la saison."
        ),
    ),
    Locale.EN: (
        (
            "ESTIMATE: the reach in minutes is turned into metres of a straight line by the speed and detour of the "
            "mode and season."
        ),
    ),
}
HOTSPOTS: Words = {
    Locale.FR: (
        (
            "Seules comptent les valeurs publiées, des multiples de 5 à 4 unités près\u00a0; une valeur absente n’est "
            "jamais un zéro\u00a0: le lieu est mis à part."
        ),
        (
            "Les taux sont lissés vers la moyenne de tous les lieux (ESTIMATION bayésienne empirique, Marshall 1991), "
            "d’autant plus que peu d’enfants y vivent."
        ),
        (
            "Chaque lieu est comparé à tous ceux du pays, même quand une zone est demandée\u00a0; une zone sans "
            "contour est placée au point moyen de ses localités."
        ),
        (
            "La probabilité p est bilatérale, par permutations\u00a0; q tient compte du nombre de lieux "
            "(Benjamini-Hochberg). Un lieu sans voisin est une île et n’est pas testé."
        ),
        (
            "Sans aucun lieu à q ≤ 0,05, aucun n’est dit chaud ou froid\u00a0: là où il n’y a rien, au plus 5 réponses "
            "sur 100 en désignent un."
        ),
    ),
    Locale.EN: (
        (
            "Only published values count, multiples of 5 at most 4 off; a value that is missing is never zero: the "
            "place is left out and listed."
        ),
        (
            "Rates are smoothed towards the mean of all places (empirical Bayes ESTIMATE, Marshall 1991), the more, "
            "the fewer children live there."
        ),
        (
            "Each place is held against all of the country, even where an area is asked for; an area without an "
            "outline stands at the mean point of its localities."
        ),
        (
            "p is two-sided, by permutations; q allows for the number of places (Benjamini-Hochberg). A place without "
            "a neighbour is an island and is not tested."
        ),
        (
            "As long as no place reaches q ≤ 0.05, none is called hot or cold: where there is nothing, at most 5 of "
            "100 answers name one."
        ),
    ),
}
TRENDS: Words = {
    Locale.FR: (
        "Les valeurs sont celles qui sont publiées, des multiples de 5 à 4 unités près\u00a0; 0 veut dire 0 à 4.",
        (
            "Pour une zone d’un autre découpage, les valeurs publiées de ses parties sont additionnées\u00a0; l’erreur "
            "possible est de 4 par partie. Une partie dont rien n’est publié dans la période n’en est pas une."
        ),
        (
            "Un changement n’est appelé hausse ou baisse que s’il dépasse l’erreur possible des deux valeurs "
            "(8 par partie)\u00a0; sinon l’arrondi peut en être la cause."
        ),
        "Un trimestre qui manque est absent, jamais zéro.",
        (
            "Ce que la source n’a dit qu’en dessous d’un seuil («\u00a0<5\u00a0») est entré par son milieu\u00a0; "
            "l’erreur possible n’en tient pas compte."
        ),
        "Le découpage en vigueur sert pour tous les trimestres.",
    ),
    Locale.EN: (
        "Values are as published, multiples of 5 at most 4 off; 0 means 0 to 4.",
        (
            "For an area of another division the published values of its parts are added up; the sum is at most 4 a "
            "part off. A part of which nothing is published in the span is none."
        ),
        (
            "A change is called a rise or a fall only beyond the error of both values together (8 a part); otherwise "
            "rounding alone may have made it."
        ),
        "A quarter that is missing is null, never zero.",
        (
            "What its source told only as below a bound (“<5”) went in as the middle of what it may be; the error does "
            "not allow for that."
        ),
        "The division in force serves for all quarters.",
    ),
}
