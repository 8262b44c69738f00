"""What a person says of an import; what is stored and told of it is a text as every other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from geo.errors import BadInput
from geo.texts import identifier
from seeds.columns.cells import DateOrder
from seeds.readers.table import Corrections


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a person says; ``None`` leaves it to what the files show."""

    dry_run: bool = False
    accept_partial: bool = False
    """Load what can be loaded, without the rows that are refused."""
    corrections: Corrections = field(default_factory=Corrections)
    columns: Mapping[str, str] = field(default_factory=dict)
    """Fields by column."""
    mapping: str | None = None
    """The name of a mapping that was saved; where none is named, one that was saved for the same columns is taken."""
    save_mapping: str | None = None
    """Under which name to save what was recognised, if it is loaded."""
    dates: DateOrder | None = None
    scheme: str | None = None
    """Whose codes they are, such as COD-AB."""
    edition: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    """The first day on which areas are in force no more."""
    as_of: dt.date | None = None
    """The day that the data are of."""
    source: str | None = None
    licence: str | None = None
    url: str | None = None
    """Where the source is found on the web."""
    by_name: bool = False
    """Areas are found by their names alone: the codes are of another edition."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Codes of areas by the spellings that mean them; kept for later imports."""
    nation: str | None = None
    """The code and the name of the nation that areas belong to, where no column says so: ``MLI=Mali``; of
    guidance and pathways the code alone of the nation that they are of, where there are several."""
    children_of_100: float | None = None
    """Under 18 among 100 people, where a table only gives totals."""
    shares: bool = False
    """The people of a table only say by what shares a number known of a larger area is spread over its parts."""
    is_pack: bool = False
    """They are of a country's pack, which gives the same ids in every database; no person says so."""
    mends: Path | None = None
    """A table of cells that are read otherwise than the files have them."""

    def __post_init__(self) -> None:
        """Refuse names that nobody could store or tell, and an end before the beginning.

        Raises
        ------
        BadInput
            As :func:`geo.texts.line` does.

        """
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            raise BadInput("valid_to", "areas are in force until a later day than that of valid_from.")
        for name in ("mapping", "save_mapping", "scheme", "edition", "nation"):
            value = getattr(self, name)
            if value is not None:
                identifier(name, value)


OF_READING = frozenset(each.name for each in fields(Corrections))
"""The options of how a file is read."""


def made(values: Mapping[str, Any]) -> Options:
    """Return options by the names of :data:`seeds.loading.declared.OPTIONS`; what is left out or ``None`` is not said.

    Raises
    ------
    BadInput
        As :class:`Options` does.

    """
    said = {name: value for name, value in values.items() if value is not None}
    corrections = Corrections(**{name: said.pop(name) for name in OF_READING & said.keys()})
    return Options(corrections=corrections, **said)


def date_order(written: str) -> DateOrder:
    """Return the order of the numbers in dates.

    Raises
    ------
    ValueError
        Says which there are.

    """
    known = {each.value: each for each in DateOrder}
    if written not in known:
        raise ValueError(f"give {' or '.join(known)}.")
    return known[written]
