"""What the tests of planning stand on."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import text

from geo import database


@pytest.fixture(scope="session")
def routing(cluster_url):
    """pgRouting is there; where it is not, tests are skipped, but never in continuous integration."""
    with database.owner_transaction(cluster_url) as connection:
        there = connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'"))
    if not there:
        reason = "the extension pgrouting is not installed: scripts/install roads"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
