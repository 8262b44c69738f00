"""The assumptions of planning answers, in French and English, by what they rest on."""

from __future__ import annotations

from collections.abc import Mapping

from geo.assumptions.catalogue import Sentences
from geo.vocabulary import TravelBasis

REACHED: Mapping[TravelBasis, Sentences] = {
    TravelBasis.MEASURED: (
        (
            "Distances are straight lines in metres on the WGS 84 spheroid; a service exactly at the distance"
            " asked for is within reach."
        ),
    ),
    TravelBasis.ESTIMATE: (
        (
            "ESTIMATE: the time is not measured on a network of roads. Straight-line distance = time × speed "
            "÷ detour, by mode and season; the settings of estimates give the values and their sources."
        ),
        (
            "A service exactly at that distance is within reach. Waiting, relief, rivers and insecurity are "
            "not taken into account."
        ),
    ),
    TravelBasis.NETWORK: (
        (
            "NETWORK: a place whose time along the roads of OpenStreetMap is known is covered where that is "
            "at most the time asked for; exactly that is within reach. A place beyond the roads, or from "
            "which no road leads to a service, is not covered; see the travel times."
        ),
        (
            "ESTIMATE: for a place whose time along roads is not computed, straight-line distance = time × "
            "speed ÷ detour, by mode and season (settings of estimates)."
        ),
        (
            "A service that came after the times were computed shortens none until they are computed again. "
            "Waiting, relief and insecurity are not taken into account."
        ),
    ),
}

CHILDREN: Sentences = (
    "Children are those under 18. Those of a locality of known population are counted at its point.",
    "The rest of an area's population is spread evenly over hexagonal cells, for want of finer data.",
    (
        "Of an area whose outline is not known only the children of its known localities are counted (TOWNS_ONLY); "
        "the others stand in the areas above."
    ),
)

SERVICES: Sentences = ("Boundaries stop nobody: a service covers its neighbours of another area too.",)

WITHOUT_PLACES: Sentences = ("Capacity and opening hours are not taken into account.",)

BY_PLACES: Sentences = (
    (
        "A shelter covers at most as many children as it has free places (capacity less occupancy); "
        "places go to the nearest children first, at equal distance in the order of ids."
    ),
    ("The children of all areas share the places. Age, sex and opening hours are not taken into account."),
)

PLACES_BY_ESTIMATE: Sentences = ("Known roads are not taken into account where places are shared out.",)

FARTHEST: Sentences = (
    (
        "A child is covered where at least one service of each group of categories asked for is within "
        "reach, each from home and not one after the other."
    ),
)


LEFT_OUT: str = (
    "Confidential services left out, for they have no distance: %s. Where they stand is not told; the"
    " directory lists them with their zone."
)
"""States how many services are not counted."""
