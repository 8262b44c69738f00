"""The desks of the tests of writes, over Velaa, and a place near its town."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from tests.home import VELAA
from tests.writes import hiding, test_hidden
from tests.writes.conftest import desk, ngo, office, partner, seen

__all__ = ["desk", "ngo", "office", "partner", "seen"]
PLACE = {"lon": -179.887654, "lat": -16.912345}


@pytest.fixture
def sikasso() -> dict[str, float]:
    """The town, where offices are made."""
    return VELAA.at


@pytest.fixture(scope="package", autouse=True)
def place() -> Iterator[None]:
    """Shelters stand near its town."""
    with patch.object(hiding, "PLACE", PLACE), patch.object(test_hidden, "PLACE", PLACE):
        yield
