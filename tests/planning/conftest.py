"""What the tests of the planning desk stand on."""

from __future__ import annotations

import pytest

from geo.database import owner
from tests.graphql.conftest import ask, ask_as, ask_partner, http, operations, pool, resources, run
from tests.planning.country import Country

__all__ = ["ask", "ask_as", "ask_partner", "http", "operations", "pool", "resources", "run"]


@pytest.fixture
def country(empty_url):
    """A small country; whatever a test does to it is rolled back."""
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        yield Country(connection)
        transaction.rollback()
