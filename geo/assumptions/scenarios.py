"""What a comparison of scenarios takes for granted, and what the data are called that it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from geo.vocabulary import Locale

ASSUMPTIONS: Mapping[Locale, tuple[str, ...]] = {
    Locale.FR: (
        (
            "Les distances sont mesurées à vol d’oiseau, en mètres sur l’ellipsoïde WGS 84\u00a0; ce qui se trouve "
            "exactement à la limite est à portée."
        ),
        (
            "Un temps de trajet est une ESTIMATION\u00a0: distance = durée × vitesse / détour, selon le mode et la "
            "saison, sans connaissance des routes."
        ),
        "Les enfants sont les moins de 18 ans de chaque localité ou cellule de population, tels qu’ils sont connus.",
        "Un site ajouté ou déplacé est supposé offrir la même chose que les autres services de sa catégorie.",
        "Le nombre de places est compté, mais ne limite pas la couverture.",
        "Rien n’est changé dans l’annuaire\u00a0; la comparaison porte sur les données d’aujourd’hui.",
    ),
    Locale.EN: (
        "Distances are straight lines in metres on the WGS 84 spheroid; what stands exactly at the limit is in reach.",
        (
            "A time of travel is an ESTIMATE: distance = time × speed / detour, by mode and season, with nothing known "
            "of the roads."
        ),
        "Children are those under 18 of each locality or cell of population, as far as they are known.",
        "A site that is added or moved is taken to offer what the other services of its category do.",
        "Places are counted, but do not limit coverage.",
        "Nothing is changed in the directory; what is compared are the data of today.",
    ),
}

PARTS: Mapping[str, Mapping[Locale, str]] = {
    "SERVICES": {
        Locale.FR: "les services de la catégorie (emplacements ou places)",
        Locale.EN: "the services of the category (where they stand, or their places)",
    },
    "DEMAND": {
        Locale.FR: "la demande (localités, cellules de population, nombre d’enfants)",
        Locale.EN: "demand (localities, cells of population, numbers of children)",
    },
    "AREAS": {
        Locale.FR: "le découpage administratif en vigueur",
        Locale.EN: "the administrative areas in force",
    },
    "TRAVEL": {
        Locale.FR: "les réglages de l’estimation des temps de trajet",
        Locale.EN: "the settings by which times of travel are estimated",
    },
}
"""What ``lakana.data_digests`` keeps apart, in words."""
