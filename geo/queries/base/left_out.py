"""How many confidential services an answer leaves out, because they have no distance.

Where a confidential service stands is told as its zone and no nearer, so nothing is measured to it. What is measured
leaves it out and says how many there are of the categories asked for: those whose zone has a part in common with the
area asked about, the home nation where none is named. Zones, and who stands in which, are public.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, Text, func, select

from geo.database.tables import SERVICE_CATEGORY, service
from geo.queries.base.question import bind

LEFT_OUT = "services_left_out"
"""The name among :meth:`geo.queries.base.question.Question.related` of the row with the column ``number``."""

LEFT_OUT_COLUMN = "confidential_left_out"
"""The column of an answer that was worked out and kept, and holds the number of its moment."""


def left_out(asked: ColumnElement[bool]) -> FromClause:
    """Return one row: ``number``, how many confidential services ``asked`` holds for, in and around the bound area.

    It is counted once a statement, however often it is told.
    """
    area = func.coalesce(func.lakana.area_in_force(bind("area_code", Text)), func.lakana.home_area())
    zones = select(func.lakana.zones_meeting(area))
    counted = select(func.count().label("number")).select_from(service)
    return counted.where(service.c.confidential, asked, service.c.zone_id.in_(zones)).cte("left_out_of_answer")


def left_out_of_category() -> FromClause:
    """Return how many of the bound category are left out."""
    return left_out(service.c.category == bind("category", SERVICE_CATEGORY))
