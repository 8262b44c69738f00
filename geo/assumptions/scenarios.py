"""The assumptions of a comparison of scenarios, and names for the parts of the data that it rests on."""

from __future__ import annotations

from collections.abc import Mapping

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

PARTS: Mapping[str, str] = {
    "SERVICES": "the services of the category (where they stand, or their places)",
    "DEMAND": "demand (localities, cells of population, numbers of children)",
    "AREAS": "the administrative areas in force",
    "TRAVEL": "the settings by which times of travel are estimated",
}
"""The parts that ``lakana.data_digests`` distinguishes, in words."""
