"""What is nearest to whom, worked out once where many services come at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from geo.progress import Progress, silent


@contextmanager
def worked_out_once(connection: Connection, progress: Progress = silent) -> Iterator[None]:
    """Let services be inserted, and work out the distances of all categories afterwards.

    The trigger would do so for each batch. The statistics let the index be walked that has the nearest first.
    """
    connection.execute(text("ALTER TABLE lakana.service DISABLE TRIGGER follow_to_nearest_insert"))
    yield
    connection.execute(text("ALTER TABLE lakana.service ENABLE TRIGGER follow_to_nearest_insert"))
    connection.execute(text("ANALYZE lakana.service, lakana.demand_point"))
    categories = connection.execute(text("SELECT unnest(enum_range(NULL::lakana.service_category))")).scalars().all()
    for done, category in enumerate(categories, 1):
        connection.execute(
            text("SELECT lakana.refresh_access(CAST(:category AS lakana.service_category))"),
            {"category": category},
        )
        progress("distances", done, len(categories))
