"""What an answer takes for granted, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from geo.vocabulary import Locale, SitingModel

FR, EN = Locale.FR, Locale.EN

GENERAL: Mapping[Locale, tuple[str, ...]] = {
    FR: (
        "Les services existants de la catégorie restent où ils sont et comptent déjà.",
        (
            "Les distances sont mesurées à vol d’oiseau, en mètres sur l’ellipsoïde WGS 84\u00a0; ce qui est "
            "exactement à la portée demandée est à portée."
        ),
        (
            "Les enfants sont les moins de 18 ans, comptés au point de leur localité ou, hors des localités connues, "
            "au centre de cellules hexagonales entre lesquelles ils sont répartis uniformément."
        ),
        "Seuls comptent les enfants de la zone demandée\u00a0; un site n’est limité ni en places ni en horaires.",
        "Un site qui n’ajouterait rien n’est pas recommandé, même si davantage de sites sont demandés.",
    ),
    EN: (
        "Services of the category that exist stay where they are and count already.",
        (
            "Distances are straight lines in metres on the WGS 84 spheroid; what stands exactly at the reach asked for "
            "is within reach."
        ),
        (
            "Children are those under 18, counted at the point of their locality or, outside known localities, at the "
            "centre of hexagonal cells over which they are spread evenly."
        ),
        "Only children of the area asked for count; a site is bounded neither by places nor by opening hours.",
        "A site that would add nothing is not recommended, even where more sites are asked for.",
    ),
}

OF_MODEL: Mapping[SitingModel, Mapping[Locale, str]] = {
    SitingModel.MCLP: {
        FR: "MCLP (Church et ReVelle 1974)\u00a0: le plus possible d’enfants sont mis à portée.",
        EN: "MCLP (Church and ReVelle 1974): as many children as possible are brought within reach.",
    },
    SitingModel.P_MEDIAN: {
        FR: (
            "P-médiane (Hakimi 1964\u00a0; ReVelle et Swain 1970)\u00a0: la somme des distances des enfants au lieu le "
            "plus proche est minimale\u00a0; la portée ne sert qu’à compter les enfants à portée."
        ),
        EN: (
            "P-median (Hakimi 1964; ReVelle and Swain 1970): the sum of the children's distances to the nearest place "
            "is smallest; the reach only serves to count the children within it."
        ),
    },
    SitingModel.LSCP: {
        FR: "LSCP (Toregas et al. 1971)\u00a0: tous les enfants sont mis à portée par le moins de sites possible.",
        EN: "LSCP (Toregas et al. 1971): every child is brought within reach by as few sites as possible.",
    },
    SitingModel.P_CENTER: {
        FR: (
            "P-centre (Hakimi 1964)\u00a0: la plus longue distance au lieu le plus proche est minimale, quel que soit "
            "le nombre d’enfants\u00a0; la portée ne sert qu’à compter les enfants à portée."
        ),
        EN: (
            "P-centre (Hakimi 1964): the longest distance to the nearest place is smallest, however many children live "
            "there; the reach only serves to count the children within it."
        ),
    },
}

ESTIMATED: Mapping[Locale, str] = {
    FR: (
        "ESTIMATE\u00a0: la portée est le temps demandé × vitesse ÷ détour, selon le mode et la saison\u00a0; aucun "
        "réseau routier n’est pris en compte."
    ),
    EN: "ESTIMATE: the reach is the time asked for × speed ÷ detour, by mode and season; no road network is looked at.",
}

GIVEN: Mapping[Locale, str] = {
    FR: "Les points proposés peuvent se trouver hors de la zone\u00a0: un site sert aussi les voisins.",
    EN: "Points that are offered may stand outside the area: a site serves its neighbours too.",
}


def assumptions(model: SitingModel, *, by_time: bool, points_given: bool) -> dict[Locale, list[str]]:
    """Return the sentences that hold for a question, by locale."""
    said: dict[Locale, list[str]] = {}
    for locale, general in GENERAL.items():
        said[locale] = [OF_MODEL[model][locale], *general]
        if by_time:
            said[locale].append(ESTIMATED[locale])
        if points_given:
            said[locale].append(GIVEN[locale])
    return said
