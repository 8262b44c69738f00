"""What the answers of the planning desk take for granted, in French and English, by what they rest on."""

from __future__ import annotations

from collections.abc import Mapping

from geo.vocabulary import Locale, TravelBasis

Words = Mapping[Locale, tuple[str, ...]]

REACHED: Mapping[TravelBasis, Words] = {
    TravelBasis.MEASURED: {
        Locale.FR: (
            (
                "Les distances sont mesurées à vol d’oiseau, en mètres sur l’ellipsoïde WGS 84\u00a0; un service situé "
                "exactement à la distance demandée est à portée."
            ),
        ),
        Locale.EN: (
            (
                "Distances are straight lines in metres on the WGS 84 spheroid; a service exactly at the distance "
                "asked for is within reach."
            ),
        ),
    },
    TravelBasis.ESTIMATE: {
        Locale.FR: (
            (
                "ESTIMATION\u00a0: la durée n’est pas mesurée sur un réseau routier. Distance à vol d’oiseau = durée × "
                "vitesse ÷ détour, selon le mode et la saison\u00a0; les réglages des estimations en donnent les "
                "valeurs et les sources."
            ),
            (
                "Un service situé exactement à cette distance est à portée. Attentes, relief, rivières et insécurité "
                "ne sont pas pris en compte."
            ),
        ),
        Locale.EN: (
            (
                "ESTIMATE: the time is not measured on a network of roads. Straight-line distance = time × speed ÷ "
                "detour, by mode and season; the settings of estimates give the values and their sources."
            ),
            (
                "A service exactly at that distance is within reach. Waiting, relief, rivers and insecurity are not "
                "taken into account."
            ),
        ),
    },
    TravelBasis.NETWORK: {
        Locale.FR: (
            (
                "RÉSEAU (NETWORK)\u00a0: un lieu dont la durée le long des routes d’OpenStreetMap est connue est "
                "couvert si elle ne dépasse pas la durée demandée\u00a0; exactement cette durée est à portée. Un lieu "
                "hors réseau, ou d’où aucune route ne mène à un service, n’est pas couvert\u00a0; "
                "voir les temps de trajet."
            ),
            (
                "ESTIMATION (ESTIMATE)\u00a0: pour un lieu dont la durée le long des routes n’est pas calculée, "
                "distance à vol d’oiseau = durée × vitesse ÷ détour, selon le mode et la saison "
                "(réglages des estimations)."
            ),
            (
                "Un service ouvert depuis le calcul des durées ne les raccourcit qu’au calcul suivant. Attentes, "
                "relief et insécurité ne sont pas pris en compte."
            ),
        ),
        Locale.EN: (
            (
                "NETWORK: a place whose time along the roads of OpenStreetMap is known is covered where that is at "
                "most the time asked for; exactly that is within reach. A place beyond the roads, or from which no "
                "road leads to a service, is not covered; see the travel times."
            ),
            (
                "ESTIMATE: for a place whose time along roads is not computed, straight-line distance = time × speed "
                "÷ detour, by mode and season (settings of estimates)."
            ),
            (
                "A service that came after the times were computed shortens none until they are computed again. "
                "Waiting, relief and insecurity are not taken into account."
            ),
        ),
    },
}

CHILDREN: Words = {
    Locale.FR: (
        (
            "Les enfants sont les moins de 18 ans. Ceux d’une localité dont la population est connue sont comptés à "
            "son point."
        ),
        (
            "Le reste de la population d’une région est réparti uniformément entre des cellules hexagonales, faute de "
            "données plus fines."
        ),
        (
            "Sous le niveau de la région, seuls comptent les enfants des localités connues\u00a0; les autres figurent "
            "dans une ligne du niveau où ils sont connus."
        ),
    ),
    Locale.EN: (
        "Children are those under 18. Those of a locality of known population are counted at its point.",
        "The rest of a region's population is spread evenly over hexagonal cells, for want of finer data.",
        (
            "Below the level of the region only the children of known localities are counted; the others stand in a "
            "row of the level at which they are known."
        ),
    ),
}

SERVICES: Words = {
    Locale.FR: (
        "Les limites administratives n’arrêtent personne\u00a0: un service couvre aussi les voisins d’une autre zone.",
    ),
    Locale.EN: ("Boundaries stop nobody: a service covers its neighbours of another area too.",),
}

WITHOUT_PLACES: Words = {
    Locale.FR: ("La capacité d’accueil et les heures d’ouverture ne sont pas prises en compte.",),
    Locale.EN: ("Capacity and opening hours are not taken into account.",),
}

BY_PLACES: Words = {
    Locale.FR: (
        (
            "Un foyer couvre au plus autant d’enfants qu’il a de places libres (capacité moins occupation)\u00a0; "
            "les places vont d’abord aux enfants les plus proches, à distance égale dans l’ordre des identifiants."
        ),
        (
            "Les enfants de tout le pays se partagent les places. Âge, sexe et heures d’ouverture ne sont pas pris en "
            "compte."
        ),
    ),
    Locale.EN: (
        (
            "A shelter covers at most as many children as it has free places (capacity less occupancy); places go to "
            "the nearest children first, at equal distance in the order of ids."
        ),
        "The children of all areas share the places. Age, sex and opening hours are not taken into account.",
    ),
}

PLACES_BY_ESTIMATE: Words = {
    Locale.FR: ("Pour la répartition des places, les routes connues ne sont pas prises en compte.",),
    Locale.EN: ("Known roads are not taken into account where places are shared out.",),
}

FARTHEST: Words = {
    Locale.FR: (
        (
            "Un enfant est couvert si au moins un service de chaque groupe de catégories demandé est à portée, chacun "
            "depuis son domicile et non l’un après l’autre."
        ),
    ),
    Locale.EN: (
        (
            "A child is covered where at least one service of each group of categories asked for is within reach, each "
            "from home and not one after the other."
        ),
    ),
}


LEFT_OUT: Mapping[Locale, str] = {
    Locale.FR: (
        "Services confidentiels laissés de côté, faute de distance\u00a0: %s. Où ils se trouvent n’est pas dit\u00a0; "
        "l’annuaire les donne avec leur zone."
    ),
    Locale.EN: (
        "Confidential services left out, for they have no distance: %s. Where they stand is not told; the directory "
        "lists them with their zone."
    ),
}
"""How many services are not counted; in Bambara as in French, until somebody is sure of the words."""


def together(*parts: Words) -> dict[Locale, list[str]]:
    """Return the sentences of several parts, one after the other, by locale."""
    return {locale: [sentence for part in parts for sentence in part[locale]] for locale in (Locale.FR, Locale.EN)}
