"""What a service's hours say at a moment: expressions over its row, whose attributes are its columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, DateTime, case, cast, func, literal_column, select

_MOMENT = DateTime(timezone=True)
_AFTER_9999 = literal_column("'10000-01-01 00:00Z'::timestamptz", _MOMENT)


def is_open(service: Any, at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether it is open at a moment, now where that is NULL; NULL where nobody knows."""
    return func.lakana.is_open(*_asked(service, at), type_=Boolean)


def next_change(service: Any, at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the moment at which that is another next; NULL where it stays, or nobody knows.

    After 9999 it is NULL as well: RFC 3339 cannot say it. Older rows may be closed until then.
    """
    change = func.lakana.next_change(*_asked(service, at), type_=_MOMENT).column_valued("change")
    return select(case((change < _AFTER_9999, change))).scalar_subquery()


def _asked(service: Any, at: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return (
        service.opening_hours,
        service.closed_from,
        service.closed_until,
        service.area_id,
        func.coalesce(cast(at, _MOMENT), func.now()),
    )
