"""Questions to the seeded database, which no test of the seeds may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from geo.database.owner import owner_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def ask(seeded_url: str) -> Iterator[Callable[..., list[Any]]]:
    """Return the rows of a query; a single column comes as plain values."""
    engine = owner_engine(seeded_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = on"))

        def ask(query: str, **values: Any) -> list[Any]:
            rows = [tuple(row) for row in connection.execute(text(query), values)]
            return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows

        yield ask
