"""What is nearest to whom, worked out once where many services come at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from geo.progress import Progress, silent
from geo.vocabulary import ServiceCategory
from geo.writes.write import hold_words
from seeds.loading.staging import statement


@contextmanager
def worked_out_once(connection: Connection, progress: Progress = silent) -> Iterator[set[str]]:
    """Let services be written in any way, and work out afterwards what triggers would for each row or statement.

    That is who is found by no service, what is nearest to whom, whether a hidden name tells something now, and to keep
    the words of what goes: who keeps the same word waits. What
    takes long is found before anybody else is kept waiting; then, in the order of all writers, the words of hidden
    names and the categories are held until the transaction ends, for what others changed meanwhile and to write what
    was found.

    Yields
    ------
    set of str
        The names of the categories that are followed: all. Whoever knows which ones changed leaves the others out.

    """
    categories = {each.name for each in ServiceCategory}
    connection.execute(text(statement("gate_before")))
    connection.execute(text(statement("unserved_before")))
    connection.execute(text(statement("words_later")))
    connection.execute(text("SET LOCAL lakana.worked_out_later = 'on'"))
    yield categories
    connection.execute(text(statement("unserved_unlisted")))
    connection.execute(text("SET LOCAL lakana.worked_out_later = 'off'"))
    # Demand points are the owner's alone. By the statistics the index is walked that has the nearest first.
    connection.execute(text("LOCK TABLE lakana.demand_point IN SHARE MODE"))
    connection.execute(text("ANALYZE lakana.service"))
    connection.execute(text(statement("nearest_new")))
    connection.execute(text(statement("words_kept")))
    connection.execute(text(statement("hidden_asked")))
    hold_words(connection, hidden=False)
    connection.execute(text(statement("hidden_mended")))
    followed = [each.name for each in ServiceCategory if each.name in categories]
    for done, category in enumerate(followed, 1):
        connection.execute(text(statement("category_followed")), {"category": category})
        progress("distances", done, len(followed))
