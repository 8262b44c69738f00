"""What a map of a country shows beside features one by one: sites in squares, counts by area, its largest towns.

Each is a statement of the public's login, so that a map tells no more than the public may read. It is of one nation
where its code is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import text

from geo.database.owner import sql_file
from geo.database.statements import Job, Statement
from geo.queries.directory.features import MapLayer
from geo.vocabulary import AreaLevel, ServiceCategory

SITES_AT_MOST = 3_000
"""Sites of a layer that are drawn one by one: 0.7 MB of a page, and a second until a telephone shows them."""
COUNTS_AT_MOST = 1_000
"""Circles of counts."""
TOWNS_AT_MOST = 60
"""Towns that are named: of more, no map of a country has room for."""


@cache
def _statement(name: str) -> Statement:
    return Statement.of(text(sql_file(name)))


def squares(layer: MapLayer, category: ServiceCategory | None, groups: Mapping[str, str], area_code: str | None) -> Job:
    """Return the job whose answer is the sites of a layer in squares; nothing where they are at most 3,000.

    ``groups`` says for the name of each kind of actor with which others it is counted; ``area_code`` leaves out what
    lies in another nation.
    """
    statement = _statement("queries/directory/site_squares")
    binds: dict[str, Any] = {"layer": layer.name, "category": category and category.name, "groups": json.dumps(groups)}
    binds |= {"area_code": area_code, "most": SITES_AT_MOST}
    return Job(statement, statement.values(binds))


def towns(area_code: str | None) -> Job:
    """Return the job whose answer is the 60 largest localities of an area, most people first."""
    statement = _statement("queries/directory/towns")
    return Job(statement, statement.values({"area_code": area_code, "most": TOWNS_AT_MOST}))


def counts_level(period: str, area_code: str | None) -> Job:
    """Return the job whose answer is the finest level, by its name, with at most 1,000 places; nothing without any."""
    statement = _statement("queries/incidents/counts_level")
    return Job(statement, statement.values({"period": period, "area_code": area_code, "most": COUNTS_AT_MOST}))


def counts_by_area(level: AreaLevel, period: str, area_code: str | None) -> Job:
    """Return the job whose answer is the published counts of all areas of a level, all types together."""
    statement = _statement("queries/incidents/counts_by_area")
    return Job(statement, statement.values({"level": level.name, "period": period, "area_code": area_code}))
