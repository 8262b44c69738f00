"""How much is attacked: a small part in every run of the tests, all of it by ``scripts/attacks``."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """The bounds of the attacks."""

    values: int
    """Of an argument, how many values are tried; of an enumeration, all are."""
    step: int
    """A question is asked with one set of arguments in so many, besides the first: as each audience with others. Of all
    that is planned a server that is looked into for the canary is asked one in so many, too."""
    pages: int
    """Of a list, how many pages are walked."""
    together: int
    """How many times all arguments are given at once."""
    writes: int
    """Sets of arguments for a mutation, besides the first, where not every document is tried with each."""
    chunks: bool
    """Whether every set of arguments is asked with every field, or only the first."""
    probes: int
    """Places from which the distance to a target is asked."""
    bad_inputs: int
    """Requests that are wrong on purpose."""


SMALL = Size(values=3, step=4, pages=2, together=1, writes=4, chunks=False, probes=200, bad_inputs=3_000)
WHOLE = Size(values=12, step=1, pages=30, together=6, writes=1_000, chunks=True, probes=200, bad_inputs=100_000)
SIZE = WHOLE if os.environ.get("ATTACKS") == "full" else SMALL
