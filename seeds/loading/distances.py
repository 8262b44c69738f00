"""What is nearest to whom, worked out once where many services come at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from geo.progress import Progress, silent
from geo.vocabulary import ServiceCategory
from geo.writes.write import hold_category, hold_words


@contextmanager
def worked_out_once(connection: Connection, progress: Progress = silent) -> Iterator[None]:
    """Let services be inserted, and work out the distances of all categories afterwards.

    The trigger would do so for each batch. The statistics let the index be walked that has the nearest first. What
    writers hold before they wait is taken first, in their order, so that none beside it waits in a circle.
    """
    hold_words(connection, hidden=False)
    for each in ServiceCategory:
        hold_category(connection, each)
    connection.execute(text("SET LOCAL lakana.worked_out_later = 'on'"))
    yield
    connection.execute(text("SET LOCAL lakana.worked_out_later = 'off'"))
    connection.execute(text("ANALYZE lakana.service, lakana.demand_point"))
    categories = connection.execute(text("SELECT unnest(enum_range(NULL::lakana.service_category))")).scalars().all()
    for done, category in enumerate(categories, 1):
        connection.execute(
            text("SELECT lakana.refresh_access(CAST(:category AS lakana.service_category))"),
            {"category": category},
        )
        progress("distances", done, len(categories))
