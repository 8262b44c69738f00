"""What the tests of imports stand on: files of our own, and the real ones where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
