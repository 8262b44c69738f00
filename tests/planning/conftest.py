"""What the tests of the planning desk stand on."""

from __future__ import annotations

from functools import partial

import pytest

from geo.database import owner
from geo.database.owner import owner_transaction
from tests.graphql.conftest import ask, ask_as, ask_partner, http, operations, pool, resources, run
from tests.planning import drawn
from tests.planning.country import Country

__all__ = ["ask", "ask_as", "ask_partner", "http", "operations", "pool", "resources", "run"]


@pytest.fixture
def country(empty_url):
    """A small country; whatever a test does to it is rolled back."""
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        yield Country(connection)
        transaction.rollback()


@pytest.fixture(scope="session")
def copy_routed(make_database, copy_migrated):
    """Make an empty database in which pgRouting is installed, which takes longer than to import the roads of a test."""
    template = copy_migrated()
    drawn.skip_without_pgrouting(template)
    with owner_transaction(template) as connection:
        connection.exec_driver_sql("CREATE EXTENSION pgrouting SCHEMA public")
    return partial(make_database, template)
