"""The assumptions of answers about children and land out of reach."""

from __future__ import annotations

from geo.assumptions.catalogue import Sentences

RANKED: Sentences = (
    (
        "Children are those under 18, counted at the point of their locality; a locality of unknown "
        "population is not ranked, nor are people outside known localities."
    ),
    (
        "The rate comes from one published count, rounded to a multiple of 5: that of the most frequent "
        "type among those that what is needed answers, or of all types together. It tells only what was "
        "reported."
    ),
)
DRAWN: Sentences = (
    (
        "A gap is what is left of the area without the circles of reach around the services; its outline "
        "is simplified, and moved by no more than the tolerance stated."
    ),
    (
        "Without a published outline of the area, or with more than 3,000 services in and around it, "
        "there are no gap areas; the number of children is given all the same."
    ),
    "Pieces below 1 km² are left out, and those beyond the 200 largest; their area is stated.",
    (
        "Children of a gap are estimated by the area's demand points that lie in it: the localities, and "
        "hexagonal cells over which the rest of the population is spread evenly."
    ),
    "A child whose point lies in no gap counts in the total only.",
)
