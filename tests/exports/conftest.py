"""What the tests of exports stand on: the whole application over the seeds, and files opened again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.graphql.conftest import run, talking

__all__ = ["run"]


@pytest.fixture(scope="session")
def http(run: Any, seeded_url: str) -> Iterator[Callable[..., httpx.Response]]:
    """Send a request to the application, whole with its middleware."""
    with talking(run, seeded_url, timeout_s=60) as send:
        yield send


@pytest.fixture(scope="session")
def export(http: Callable[..., httpx.Response]) -> Callable[..., httpx.Response]:
    """Get an export, which is there."""

    def export(file: str, **options: Any) -> httpx.Response:
        answer = http("GET", f"/exports/{file}", **options)
        assert answer.status_code == 200, (file, answer.text)
        return answer

    return export


def table(content: bytes) -> tuple[str, list[str], list[str], list[dict[str, str]]]:
    """Return what a CSV says of itself, its names, its tags and its rows by name."""
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    [title], names, tags, *rest = rows
    return title, names, tags, [dict(zip(names, each, strict=True)) for each in rest]
