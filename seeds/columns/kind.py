"""Kinds of data as declarations: their fields, what columns are called that hold them, and how cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from geo.texts import fold
from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.readers.table import Cell

Parser = Callable[[Cell, Notation], Any]
"""Reads a cell that is not nothing; raises :class:`seeds.troubles.Refused`."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind.

    Parameters
    ----------
    name
        As ``--map column=field`` names it.
    words
        What it is, in French and English.
    parse
        How a cell is read.
    names
        What columns are called that hold it, in any format, the surest first; compared as :func:`plain` writes them.
    tags
        HXL tags, the surest first; a column's tag may have further attributes.
    required
        Whether a table without it is refused.
    quoted
        Whether a report may repeat its values.
    example
        What a template shows; where there is none it shows one only where a row needs it.

    """

    name: str
    words: tuple[str, str]
    parse: Parser
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    required: bool = False
    quoted: bool = True
    example: Cell = None


CONFIDENTIAL = Field(
    "confidential",
    ("confidentiel", "confidential"),
    cells.yes_or_no,
    ("confidential", "confidentiel", "is_confidential", "lieu confidentiel"),
)
PUBLIC = Field("public", ("peut être dit à tous", "may be told to everybody"), cells.yes_or_no)
"""Only a column that a person names holds it, since public means much else."""


PUBLISHER = "publisher"
"""The field of who publishes a figure: of all words like it the one that tells nothing of secrets."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data.

    Parameters
    ----------
    name
        As ``lakana import`` names it.
    words
        What it is, in French and English.
    fields
        Its fields.
    one_of
        Groups of sets of fields: of each group, one whole set must be there.
    placed
        Whether a row stands at a place, in the fields of :func:`place_fields` or in a geometry.
    keeps_private
        Whether rows may be private, which they are unless they say otherwise: its loader stages that as
        ``confidential`` and keeps them so.
    sealed
        Whether its values are for few: what is remembered of a file is no digest that guessed contents can be tried on.
    unnamed
        Whether nothing is kept of its files but what became of their rows: names, rows and problems may tell a place,
        or which types of incidents nobody counted.
    advises
        Whether its texts are advice: that something is to be kept secret is said to whoever reads it, not of the row.

    """

    name: str
    words: tuple[str, str]
    fields: tuple[Field, ...]
    one_of: tuple[tuple[frozenset[str], ...], ...] = ()
    placed: bool = False
    keeps_private: bool = False
    sealed: bool = False
    unnamed: bool = False
    advises: bool = False

    def field(self, name: str) -> Field | None:
        """Return the field of a name, if there is one; of every kind also :data:`CONFIDENTIAL` and :data:`PUBLIC`."""
        return next((each for each in (*self.fields, CONFIDENTIAL, PUBLIC) if each.name == name), None)

    @property
    def recognised(self) -> tuple[Field, ...]:
        """The fields that columns are looked for: its own, and of every kind :data:`CONFIDENTIAL`."""
        own = {each.name for each in self.fields}
        return self.fields if CONFIDENTIAL.name in own else (*self.fields, CONFIDENTIAL)

    @property
    def is_discreet(self) -> bool:
        """Whether a report repeats no place, name or number of its rows."""
        return not all(each.quoted for each in self.fields)


def plain(name: str) -> str:
    """Return a column's name as names are compared: folded, without blanks and signs.

    Examples
    --------
    >>> plain("ADM1_PCODE"), plain("Région "), plain("_geo_latitude")
    ('adm1pcode', 'region', 'geolatitude')

    """
    return "".join(fold(name).split())


_BEFORE_CAPITAL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")


def words(name: str) -> tuple[str, ...]:
    """Return the words of a column's name, folded.

    Examples
    --------
    >>> words("grp/NomDeLa_Mère"), words("N° cas")
    (('grp', 'nom', 'de', 'la', 'mere'), ('n', 'cas'))

    """
    return tuple(fold(_BEFORE_CAPITAL.sub(" ", name)).split())


LEVELS = range(5)
ANY = len(LEVELS)
"""Where a code or name stands of which nobody says the level, behind those of the levels."""


def place_fields(*, quoted: bool = True) -> tuple[Field, ...]:
    """Return the fields that tell a place: latitude and longitude, or a cell of KoboToolbox with both."""
    fields = (
        Field(
            "lat",
            ("latitude", "latitude"),
            cells.latitude,
            ("latitude", "lat", "_geo_latitude", "gps_latitude", "_gps_latitude", "ycoord", "y", "coord y"),
            ("#geo+lat",),
        ),
        Field(
            "lon",
            ("longitude", "longitude"),
            cells.longitude,
            (
                "longitude",
                "lon",
                "long",
                "lng",
                "_geo_longitude",
                "gps_longitude",
                "_gps_longitude",
                "xcoord",
                "x",
                "coord x",
            ),
            ("#geo+lon",),
        ),
        Field(
            "place",
            ("latitude et longitude dans une cellule", "latitude and longitude in one cell"),
            cells.kobo_place,
            ("geo", "gps", "geopoint", "coordinates", "coordonnées", "coordonnées gps", "location gps"),
            ("#geo+coord",),
        ),
    )
    return tuple(replace(each, quoted=quoted) for each in fields)


_EXAMPLES = {
    0: ("XX", "Pays d’exemple"),
    1: ("XX01", "Région d’exemple"),
    2: ("XX0101", "Cercle d’exemple"),
}
"""Areas that no country has, by level: a row of examples that is left in a template is refused."""


def area_fields() -> tuple[Field, ...]:
    """Return the fields that name areas, level by level, as the three generations of COD-AB, 3W and HXL call them."""
    fields = []
    for level in LEVELS:
        words = f"niveau {level}", f"level {level}"
        fields.append(
            Field(
                f"admin{level}_code",
                (f"code de l’aire, {words[0]}", f"code of the area, {words[1]}"),
                cells.code,
                tuple(
                    each.format(level)
                    for each in (
                        "admin{}pcod",
                        "admin{}pcode",
                        "adm{}pcode",
                        "adm{}code",
                        "admin{}code",
                        "a{}code",
                        "pcode{}",
                    )
                ),
                (f"#adm{level}+code",) if level else ("#country+code", "#adm0+code"),
                example=_EXAMPLES.get(level, (None, None))[0],
            )
        )
        fields.append(
            Field(
                f"admin{level}_name",
                (f"nom de l’aire, {words[0]}", f"name of the area, {words[1]}"),
                cells.name,
                tuple(
                    each.format(level)
                    for each in (
                        "admin{}namefr",
                        "adm{}fr",
                        "admin{}name",
                        "adm{}name",
                        "adm{}nm",
                        "admin{}nameen",
                        "adm{}en",
                        "admin{}",
                        "adm{}",
                    )
                ),
                (f"#adm{level}+name", f"#adm{level}") if level else ("#country+name", "#adm0+name"),
                example=_EXAMPLES.get(level, (None, None))[1],
            )
        )
    fields += [
        Field(
            "area_code", ("code de l’aire", "code of the area"), cells.code, ("pcode", "p-code", "code", "area code")
        ),
        Field("area_name", ("nom de l’aire", "name of the area"), cells.name, ("area", "aire", "name", "nom")),
    ]
    return tuple(fields)


def leveled(values: Mapping[str, Any], what: str) -> list[str | None]:
    """Return the codes or names of areas that a row gives: by level, and last the one without a level.

    Examples
    --------
    >>> leveled({"admin1_code": "ML04", "area_code": "ML0402"}, "code")
    [None, 'ML04', None, None, None, 'ML0402']

    """
    return [values.get(each) for each in _BY_LEVEL[what]]


_BY_LEVEL = {what: (*(f"admin{level}_{what}" for level in LEVELS), f"area_{what}") for what in ("code", "name")}
