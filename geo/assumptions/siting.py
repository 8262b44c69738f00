"""The assumptions of site recommendations."""

from __future__ import annotations

from collections.abc import Mapping

from geo.assumptions.catalogue import Sentences, by_locale
from geo.vocabulary import SitingModel

GENERAL: Sentences = (
    "Services of the category that exist stay where they are and count already.",
    (
        "Distances are straight lines in metres on the WGS 84 spheroid; what stands exactly at the reach "
        "asked for is within reach."
    ),
    (
        "Children are those under 18, counted at the point of their locality or, outside known "
        "localities, at the centre of hexagonal cells over which they are spread evenly."
    ),
    ("Only children of the area asked for count; a site is bounded neither by places nor by opening hours."),
    "A site that would add nothing is not recommended, even where more sites are asked for.",
)

OF_MODEL: Mapping[SitingModel, str] = {
    SitingModel.MCLP: "MCLP (Church and ReVelle 1974): as many children as possible are brought within reach.",
    SitingModel.P_MEDIAN: (
        "P-median (Hakimi 1964; ReVelle and Swain 1970): the sum of the children's distances to the "
        "nearest place is smallest; the reach only serves to count the children within it."
    ),
    SitingModel.LSCP: "LSCP (Toregas et al. 1971): every child is brought within reach by as few sites as possible.",
    SitingModel.P_CENTER: (
        "P-centre (Hakimi 1964): the longest distance to the nearest place is smallest, however many "
        "children live there; the reach only serves to count the children within it."
    ),
}

ESTIMATED: str = (
    "ESTIMATE: the reach is the time asked for × speed ÷ detour, by mode and season; no road network is looked at."
)

GIVEN: str = "Points that are offered may stand outside the area: a site serves its neighbours too."


THINNED: str = (
    "There are too many candidates and demand points to compare each with each: to find the sites, both were gathered "
    "in squares. What the sites reach is counted for every demand point, and how far the plan may be from the best "
    "holds for all candidates."
)


def assumptions(model: SitingModel, *, by_time: bool, points_given: bool, thinned: bool) -> dict[str, list[str]]:
    """Return the sentences that hold for a question, by locale."""
    more = ((ESTIMATED,) if by_time else ()) + ((GIVEN,) if points_given else ()) + ((THINNED,) if thinned else ())
    return by_locale((OF_MODEL[model],), GENERAL, more)
