"""The localities of staged rows: by the codes of their list, or by names inside the areas that the rows name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seeds.columns import cells
from seeds.columns.kind import Field, area_fields
from seeds.loading import area_matching
from seeds.loading.merging import Merging
from seeds.loading.reading import Read

FIELDS = (
    Field(
        "locality_code",
        ("code de la localité", "code of the locality"),
        cells.code,
        ("geonameid", "code localité", "code de la localité", "locality code", "place code", "osm_id"),
        ("#loc+code",),
    ),
    Field(
        "locality_name",
        ("localité", "locality"),
        cells.name,
        ("localité", "locality", "village", "ville", "town", "nom localité", "nom de la localité"),
        ("#loc+name", "#loc"),
    ),
    *(each for each in area_fields() if each.name.startswith("admin")),
)
STAGED = {**area_matching.STAGED, "locality_code": "text", "locality_name": "text", "locality_id": "uuid"}
"""Columns of what is staged that localities are found by, and where they come."""
LIKELY = 0.4
"""The score of the place finder from which a locality is suggested."""


def staged(row: Read) -> list[Any]:
    """Return the values of :data:`STAGED` of a row."""
    return [*area_matching.staged(row), row.values.get("locality_code"), row.values.get("locality_name"), None]


def match(merging: Merging, *, scheme: str | None, needed: bool = True) -> None:
    """Find the locality of each staged row; those of which it is not sure, or that name none, are refused.

    Parameters
    ----------
    merging
        Spellings of its options that mean localities are kept among the names of these.
    scheme
        The scheme of the codes; ``None`` where codes of any count.
    needed
        Whether a row that names no locality is refused.

    """
    spellings = _kept(merging, scheme)
    area_matching.match(replace(merging, options=replace(merging.options, spellings=spellings)), scheme=None)
    merging.tell(merging.file("locality_matched", locality_scheme=scheme, likely=LIKELY, needed=needed).all())


def _kept(merging: Merging, scheme: str | None) -> Mapping[str, str]:
    """Keep the spellings that mean localities, and return the others, which mean areas."""
    others = {}
    for spelling, code in merging.options.spellings.items():
        found = merging.file("locality_spelling", spelling=spelling, code=code, locality_scheme=scheme).rowcount
        if not found:
            others[spelling] = code
    return others
