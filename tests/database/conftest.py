"""What the tests of the tables stand on: a transaction that is always rolled back, and databases of their own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.database import owner
from geo.release import publish
from tests.conftest import unguessed

pytest.register_assert_rewrite("tests.database.oracle", "tests.database.counts")

from tests.database import counts  # noqa: E402  the asserts of these two are to tell what differs
from tests.database.land import Land  # noqa: E402
from tests.database.served import Served  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def land(empty_url: str) -> Iterator[Land]:
    """A country without rows; whatever a test does to it is rolled back."""
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        yield Land(connection)
        transaction.rollback()


@pytest.fixture
def served(land: Land) -> Served:
    """Four towns in demand, without a service."""
    return Served(land.connection)


@pytest.fixture(scope="module")
def own_url(copy_migrated: Callable[[], str]) -> str:
    """A database at the newest revision for one file of tests, which may commit to it."""
    return copy_migrated()


@pytest.fixture
def counts_url(own_url: str) -> str:
    """A database with the areas of ``counts.PLACES``, without counts."""
    with owner.owner_transaction(own_url) as connection:
        connection.exec_driver_sql("TRUNCATE lakana.source, lakana.release, raw.release_key CASCADE")
        counts.build(Land(connection))
    return own_url


@pytest.fixture(autouse=True)
def _unguessed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Release without the attackers that only guess: a handful of made-up localities is too little to score them by."""
    if "guessed" in request.keywords:
        yield
        return
    with unguessed():
        yield


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the day that the release takes for today."""

    def on(day: str) -> None:
        monkeypatch.setattr(publish, "_today", lambda _connection: dt.date.fromisoformat(day))

    return on
