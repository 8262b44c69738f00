"""The assumptions of response pathways and referral."""

from __future__ import annotations

from geo.assumptions.catalogue import Sentences

PATHWAYS: Sentences = (
    ("The steps sum up the texts that they cite; they replace neither those texts nor a lawyer's advice."),
    "Texts are cited with their year; what has changed them since is not followed.",
    "Urgent care comes before every step.",
    "An article is cited only where it is sure; else the text as a whole.",
)
OPTIONS: Sentences = (
    (
        "Distances are straight lines in metres on the WGS 84 spheroid; a time of travel is an ESTIMATE. "
        "A service exactly at the limit is within reach."
    ),
    (
        "Each step looks at the 20 nearest services, at farther ones within reach until enough will do, 1,000 at most, "
        "and, where it goes by mandate, at 20 competent ones. Helplines and teams that come have no distance."
    ),
    (
        "Confidential services whose zone holds the place are listed apart, without a distance; nobody "
        "goes there, one calls their front gate."
    ),
    (
        "Opening hours are read by the clock of the country. On a public holiday, or a day that may be one, they are "
        "known only where they say so. Hours that are not known exclude nobody and are never said to be open."
    ),
    "Whether a place is free is known of shelters only, as these last told it.",
    ("A service is competent where its actor is of a kind that the step asks for and competent for the place."),
)
