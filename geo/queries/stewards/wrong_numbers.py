"""The rows of public phone numbers that somebody said are wrong; stewards read them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from geo.database.tables import actor, service, wrong_number


def wrong_numbers() -> Select[Any]:
    """Return every number that was said to be wrong, and whether it is ``published`` by its record still."""
    phone = func.coalesce(service.c.phone, actor.c.phone)
    numbers = select(func.lakana.phones(phone).table_valued("number", name="phone_now").c.number)
    return (
        select(wrong_number, wrong_number.c.number.in_(numbers.correlate(service, actor)).label("published"))
        .outerjoin_from(wrong_number, service, service.c.id == wrong_number.c.record_id)
        .outerjoin(actor, actor.c.id == wrong_number.c.record_id)
    )
