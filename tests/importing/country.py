"""Files of a made-up country of two regions and four cercles, each a square of one degree."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from geo.database import owner
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.reports.report import Report
from tests.graphql.conftest import talking


def square(lon: float, lat: float, side: float = 1) -> dict[str, Any]:
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


CERCLES = {
    "XX0101": ("Kaya", "XX01", "Nord", 0, 11),
    "XX0102": ("Barouéli", "XX01", "Nord", 1, 11),
    "XX0201": ("Kita", "XX02", "Sud", 0, 10),
    "XX0202": ("Koro", "XX02", "Sud", 1, 10),
}


def feature(code: str, name: str, region: str, region_name: str, lon: float, lat: float) -> dict[str, Any]:
    properties = {"ADM0_FR": "Pays", "ADM0_PCODE": "XX", "ADM1_FR": region_name, "ADM1_PCODE": region}
    return {
        "type": "Feature",
        "properties": {**properties, "ADM2_FR": name, "ADM2_PCODE": code},
        "geometry": square(lon, lat),
    }


def cercles(**changed: Any) -> str:
    """The cercles as GeoJSON; ``changed`` are features in the place of some, ``None`` for none."""
    features = {code: feature(code, *row) for code, row in CERCLES.items()} | changed
    return json.dumps({"type": "FeatureCollection", "features": [each for each in features.values() if each]})


class Country:
    """A database, what can be imported into it, and what can be asked there."""

    def __init__(self, url: str, write: Callable[..., Path]) -> None:
        self.url, self._write = url, write

    def load(self, kind: str, content: Any, name: str = "table.csv", **options: Any) -> Report:
        """Import a text or the file of a path."""
        path = content if isinstance(content, Path) else self._write(content, name)
        return importing.run(self.url, LOADERS[kind], [path], Options(**options))

    def ask(self, query: str, **values: Any) -> list[Any]:
        """Return rows, of one column their values."""
        with owner.owner_transaction(self.url) as connection:
            rows = [tuple(row) for row in connection.execute(text(query), values)]
        return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows

    def answers(self, *asked: tuple[str, dict[str, Any]]) -> list[Any]:
        """Return what the public is answered to documents with their variables."""
        told = []
        with asyncio.Runner() as runner, talking(runner.run, self.url) as send:
            for document, variables in asked:
                answer = send("POST", "/graphql", json={"query": document, "variables": variables}).json()
                assert "errors" not in answer, answer
                told.append(answer["data"])
        return told

    def run(self, statement: str, **values: Any) -> None:
        """Execute a statement as the owner."""
        with owner.owner_transaction(self.url) as connection:
            connection.execute(text(statement), values)


def counts(report: Report) -> tuple[int, int, int, int]:
    """New, changed, unchanged and refused rows."""
    return report.new, report.changed, report.unchanged, report.refused


def troubles(report: Report) -> dict[Any, Any]:
    """The last problem of each trouble."""
    return {each.trouble: each for each in report.problems}
