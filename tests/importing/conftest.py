"""What the tests of imports stand on: files of our own, and the real ones where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.importing.country import Country, cercles

REAL = Path(__file__).resolve().parents[3] / "shared/data/test-only"
"""Files that may not be handed on, beside the repository; most machines have none."""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of text or bytes and return its path."""

    def write(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def real() -> Callable[[str], Path]:
    """Return the path of a real file, or skip the test."""

    def real(name: str) -> Path:
        path = REAL / name
        if not path.exists():
            pytest.skip(f"{name} may not be handed on, and is not at hand")
        return path

    return real


@pytest.fixture
def bare_country(copy_migrated: Callable[[], str], write: Callable[..., Path]) -> Country:
    """A database without anything."""
    return Country(copy_migrated(), write)


@pytest.fixture
def made_up_country(bare_country: Country) -> Country:
    """A database with the areas of the made-up country."""
    bare_country.load("areas", cercles(), "cercles.geojson", scheme="COD-AB", edition="1")
    return bare_country
