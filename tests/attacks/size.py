"""How much is attacked: a small part in every run of the tests, all of it by ``scripts/attacks``."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """The bounds of the attacks."""

    values: int
    """How many values are tried for an argument; for an enumeration, all of them."""
    step: int
    """A query is sent with one in this many sets of arguments, in addition to the first; each audience sends others."""
    deep: bool
    """Whether a field that lies deep is selected by every path to it, or by the shortest below each field that leads to
    its type."""
    again: int
    """Worlds in which a steward moved a site, or all shelters have other numbers, get one in this many of the public's
    queries, and so does the server that is searched for the canary, which gets a quarter of that of other audiences'.
    With exact places put in, one in this many sites is looked for."""
    pages: int
    """How many pages of a list are read."""
    together: int
    """How many times all arguments are given together."""
    writes: int
    """Sets of arguments for a mutation, in addition to the first, if not every document is tried with each."""
    chunks: bool
    """Whether every set of arguments is sent with every field, or only the first set; and whether all sets are sent to
    learn ids, codes and names, or that one alone."""
    probes: int
    """Places from which the distance to a target is requested."""
    bad_inputs: int
    """Deliberately wrong requests."""
    texts: bool
    """Whether a field that holds a text is asked for in each language and layer, or in one of each by turns."""


SMALL = Size(
    values=3,
    step=16,
    deep=False,
    again=16,
    pages=2,
    together=1,
    writes=2,
    chunks=False,
    probes=100,
    bad_inputs=1_000,
    texts=False,
)
WHOLE = Size(
    values=12,
    step=1,
    deep=True,
    again=1,
    pages=30,
    together=6,
    writes=1_000,
    chunks=True,
    probes=200,
    bad_inputs=100_000,
    texts=True,
)
SIZE = WHOLE if os.environ.get("ATTACKS") == "full" else SMALL
