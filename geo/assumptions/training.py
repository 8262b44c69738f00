"""The assumptions of coverage by trained actors."""

from __future__ import annotations

from geo.assumptions.catalogue import Sentences

ASSUMPTIONS: Sentences = (
    ("An actor is trained where it sent somebody to a training that is over; who has left it since is not known."),
    (
        "Distances are straight lines from the actor's office, in metres on the WGS 84 spheroid; a time "
        "of travel is an ESTIMATE. Exactly at the limit is within reach."
    ),
    "Children are those under 18; those of a locality of known population are counted at its point.",
    (
        "The rest of an area's population is spread over hexagonal cells, for want of finer data; only "
        "localities of known population are listed."
    ),
)
