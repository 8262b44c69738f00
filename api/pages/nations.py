"""Which nation a map is of: the one that is there, or the one that the address names where there are several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from api.pages.parameters import NotOneOf
from geo.errors import Unavailable

START = """
query Start {
  nations: adminAreas(level: ADM0, first: 100) {
    edges { node { areaCode name hasSuccessor geometrySource { name } nation { areaCode name } } }
  }
  releasedPeriods { period }
}
"""
"""What decides on the other questions of a map: which nation, and which period. It is small."""


@dataclass(frozen=True, slots=True)
class Nation:
    """The nation of a map: the code of its division that has an outline, and the code that keeps other nations out.

    ``only`` is ``None`` where there is no other one, so that nothing has to be kept out.
    """

    code: str
    only: str | None


class WhichNation(NotOneOf):
    """The address names none of several nations, or an area that is not there; ``names`` has the nations' by code."""

    names: Mapping[str, str]

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__("area", (f"{code} ({name})" for code, name in names.items()))
        self.names = dict(names)


def chosen(start: bytes, wanted: str | None) -> Nation:
    """Return the nation of a map by the answer to :data:`START`.

    Of a nation's divisions that have an outline it is the one in use, else another.

    Raises
    ------
    WhichNation
        If there are several and none is named, or the one named is not among them.
    Unavailable
        If none has an outline.

    """
    every = (edge["node"] for edge in orjson.loads(start)["data"]["nations"]["edges"])
    outlined = [(each["nation"] or each, each) for each in every if each["geometrySource"] is not None]
    if not outlined:
        raise Unavailable("The map has no outline of a nation to draw on; seed or import one.", retry_after_s=60)
    names = {nation["areaCode"]: nation["name"] for nation, _ in outlined}
    if (wanted is None and len(names) > 1) or (wanted is not None and wanted not in names):
        raise WhichNation(names)
    own = [each for nation, each in outlined if wanted in {None, nation["areaCode"]}]
    code = str(min(own, key=lambda each: each["hasSuccessor"])["areaCode"])
    return Nation(code, code if len(names) > 1 else None)
