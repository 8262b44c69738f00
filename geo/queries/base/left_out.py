"""How many confidential services an answer leaves out, because they have no distance.

Only the zone of a confidential service is published, so no distance to it exists. Answers with distances leave it out
and say how many such services of the requested categories there are: those whose zone overlaps the requested area. If
no area is named, it is the home nation, or all that is loaded for a list of every nation. The zones, and which
service is in which zone, are public.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, Text, func, or_, select

from geo.database.tables import SERVICE_CATEGORY, service
from geo.queries.base.question import bind

LEFT_OUT = "services_left_out"
"""The name of the row with the column ``number`` in :meth:`geo.queries.base.question.Question.related`."""

LEFT_OUT_COLUMN = "confidential_left_out"
"""The column of a stored answer that holds the number at the time of its computation."""


def left_out(asked: ColumnElement[bool], *, everywhere: bool = False) -> FromClause:
    """Return one row with ``number``: how many confidential services meet ``asked`` with a zone in or across the area.

    It is counted once per statement, however often it is used. ``everywhere`` says what no area means: all that is
    loaded, and not the home nation.
    """
    area = func.lakana.area_in_force(bind("area_code", Text))
    if not everywhere:
        area = func.coalesce(area, func.lakana.home_area())
    meets = service.c.zone_id.in_(select(func.lakana.zones_meeting(area)))
    counted = select(func.count().label("number")).select_from(service)
    counted = counted.where(service.c.confidential, asked, or_(area.is_(None), meets) if everywhere else meets)
    return counted.cte("left_out_of_answer")


def left_out_of_category(*, everywhere: bool = False) -> FromClause:
    """Return how many services of the bound category are left out."""
    return left_out(service.c.category == bind("category", SERVICE_CATEGORY), everywhere=everywhere)
