"""What a case worker asks: the fields of the form, read and checked. None of them stands in an address or a log."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from geo.errors import BadInput
from geo.vocabulary import IncidentType, Sex

MOST_BYTES, MOST_FIELDS = 4_000, 20
"""A form that people fill in has a tenth of it."""
LONGEST_PLACE = 100
OLDEST = 17
HOURS = (0, 1, 3, 6, 12, 24)
"""In how many hours one would come: by the clock of whoever asks, so that no time zone has to be known."""
PROBLEMS = {
    "": "Send the fields of the form.",
    "age": "Give the age in whole years, 0 to 17, or leave it out.",
    "incident": "Choose what happened.",
    "coordinates": "Give both coordinates in degrees, as 12.39 and -5.46.",
    "place": "Say where the child is: a place, or coordinates.",
    "unknown": "No town or village of this name is known. Write it otherwise, or give coordinates.",
    "several": "Choose which place is meant.",
}
"""What is wrong with a form, by the field."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the child is, in degrees; its name where it was chosen by one."""

    lat: float
    lon: float
    name: str = ""

    @property
    def value(self) -> str:
        """Return the text by which a form gives it back to :func:`spot_of`."""
        return f"{self.lat:.5f} {self.lon:.5f} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the form as they were sent; what is read of them is checked, and refused as BadInput."""

    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    @property
    def spot(self) -> Spot | None:
        """Return the place that was chosen, or given by its coordinates; ``None`` if it is known by a name at most.

        A choice holds for the name that it was made for: whoever changes the name chooses anew.

        Raises
        ------
        BadInput
            If these are no coordinates.

        """
        if self["lat"] or self["lon"]:
            return Spot(_degrees(self["lat"], 90), _degrees(self["lon"], 180))
        return spot_of(self["at"]) if self["at"] and self["for"] == self["place"] else None

    @property
    def incident(self) -> IncidentType:
        """Return what happened; refused as BadInput where it is none of ours."""
        try:
            return IncidentType[self["incident"]]
        except KeyError:
            raise BadInput("incident", PROBLEMS["incident"]) from None

    @property
    def age(self) -> int | None:
        """Return the age in whole years; refused as BadInput where it is no age of a child."""
        if not self["age"]:
            return None
        if not re.fullmatch("[0-9]{1,2}", self["age"]) or int(self["age"]) > OLDEST:
            raise BadInput("age", PROBLEMS["age"])
        return int(self["age"])

    @property
    def sex(self) -> Sex | None:
        """Return girl or boy, or ``None``."""
        return Sex[self["sex"]] if self["sex"] in Sex.__members__ else None

    @property
    def hours(self) -> int:
        """Return in how many hours one would come; 0 is now."""
        return next((each for each in HOURS if str(each) == self["hours"]), 0)

    def moment(self) -> dt.datetime | None:
        """Return when one would come; ``None`` for now."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(hours=self.hours) if self.hours else None


def asked_of(body: bytes) -> Asked:
    """Return the fields of a form that was sent.

    Raises
    ------
    BadInput
        If it is larger than what people fill in.

    """
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=MOST_FIELDS) if len(body) <= MOST_BYTES else None
    except ValueError:
        pairs = None
    if pairs is None:
        raise BadInput("", PROBLEMS[""])
    return Asked(dict(pairs))


def spot_of(text: str) -> Spot | None:
    """Return the place that a choice of the form names; ``None`` if it is none.

    Examples
    --------
    >>> spot_of("12.38723 -5.46507 Somewhere"), spot_of("nowhere")
    (Spot(lat=12.38723, lon=-5.46507, name='Somewhere'), None)

    """
    lat, _, rest = text.partition(" ")
    lon, _, name = rest.partition(" ")
    try:
        return Spot(_degrees(lat, 90), _degrees(lon, 180), name[:LONGEST_PLACE])
    except BadInput:
        return None


def _degrees(text: str, most: float) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not abs(number) <= most:
        raise BadInput("coordinates", PROBLEMS["coordinates"])
    return number
