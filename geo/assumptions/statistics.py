"""The assumptions of the spatial statistics."""

from __future__ import annotations

from geo.assumptions.catalogue import Sentences

SCORES: Sentences = (
    (
        "The score is places per 1,000 children under 18 (E2SFCA): each service shares its places among "
        "all children within its reach, near ones counting for more."
    ),
    (
        "A service of unknown capacity counts as the median of the known ones of its category (ESTIMATE),"
        " and as one place where none is known."
    ),
    (
        "Distances are straight lines in metres on the WGS 84 spheroid; a service exactly at the distance"
        " asked for is within reach."
    ),
    ("Children of all areas within reach of a service share its places, across the boundary of the area."),
    "The rest of an area's population is spread evenly over hexagonal cells, for want of finer data.",
    "Occupancy and opening hours are not taken into account.",
)
TRAVELLED: Sentences = (
    (
        "ESTIMATE: the reach in minutes is turned into metres of a straight line by the speed and detour "
        "of the mode and season."
    ),
)
HOTSPOTS: Sentences = (
    (
        "Only published values count, multiples of 5 at most 4 off; a value that is missing is never "
        "zero: the place is left out and listed."
    ),
    (
        "A place where not all localities that were expected to report did is left out as well: its count would tell "
        "of silence as of safety."
    ),
    (
        "Rates are smoothed towards the mean of all places (empirical Bayes ESTIMATE, Marshall 1991), the"
        " more, the fewer children live there."
    ),
    (
        "Each place is held against all of the country, even where an area is asked for; an area without "
        "an outline stands at the mean point of its localities."
    ),
    (
        "q allows for the number of places (Benjamini-Hochberg). A place without a neighbour is an island "
        "and is not tested."
    ),
    "As long as no place reaches q ≤ 0.05, none is called hot or cold.",
)
PERMUTED: Sentences = (
    "p is two-sided, by permutations, since there are at most 5,000 places.",
    "Where there is nothing, at most 5 of 100 answers name a place.",
)
ANALYTIC: Sentences = (
    (
        "p is two-sided, of the normal distribution, and not by permutations: above 5,000 places even "
        "9,999 of them are too coarse."
    ),
    "Where there is nothing, more than 5 of 100 answers may name a place: few neighbours are not normally distributed.",
)
REDRAWN: Sentences = (
    (
        "A class may hang on how counts were rounded. It is UNSTABLE where fewer than 8 of 10 draws of the"
        " counts that may stand behind the published ones give it too."
    ),
)
NOT_REDRAWN: Sentences = (
    (
        "Whether a class hangs on the rounding was not checked: with so many neighbours that takes too "
        "long. Ask for fewer neighbours or permutations."
    ),
)
TRENDS: Sentences = (
    "Values are as published, multiples of 5 at most 4 off; 0 means 0 to 4.",
    (
        "For an area of another division the published values of its parts are added up; the sum is at "
        "most 4 a part off. Where one part is not published, the sum is not known."
    ),
    (
        "A change is called a rise or a fall only beyond the error of both values together (8 a part); "
        "otherwise rounding alone may have made it."
    ),
    (
        "A quarter that is missing, or was not reported, is null, never zero. Where other localities reported than "
        "before, the two are not compared."
    ),
    (
        "What its source told only as below a bound (“<5”) went in as the middle of what it may be; the "
        "error does not allow for that."
    ),
    "The division in force serves for all quarters.",
)
