"""The assumptions of a comparison of scenarios."""

from __future__ import annotations

from geo.assumptions.catalogue import Sentences

ASSUMPTIONS: Sentences = (
    ("Distances are straight lines in metres on the WGS 84 spheroid; what stands exactly at the limit is in reach."),
    (
        "A time of travel is an ESTIMATE: distance = time × speed / detour, by mode and season, with "
        "nothing known of the roads."
    ),
    "Children are those under 18 of each locality or cell of population, as far as they are known.",
    "A site that is added or moved is taken to offer what the other services of its category do.",
    "Places are counted, but do not limit coverage.",
    "Nothing is changed in the directory; what is compared are the data of today.",
)
