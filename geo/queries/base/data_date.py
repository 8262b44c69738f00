"""When a distance of a category last changed: the date of the data of answers that read distances."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, DateTime, func, select

from geo.database.tables import access_refresh


def refreshed_at(category: ColumnElement[Any], *around: Any) -> ColumnElement[Any]:
    """Return when a distance of the category last changed; of any category where it never had a service.

    ``around`` are the row sets that contain the category, if it is not a bind.
    """
    latest = select(func.max(access_refresh.c.refreshed_at))
    of_category = latest.where(access_refresh.c.category == category)
    of_category = of_category.correlate(*around) if around else of_category
    return func.coalesce(
        of_category.scalar_subquery(), latest.scalar_subquery(), func.now(), type_=DateTime(timezone=True)
    )
