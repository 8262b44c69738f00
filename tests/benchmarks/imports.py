"""What an import costs beside ``COPY`` of the same rows into the same tables with their indexes, and how much memory it takes.

A made-up nation of 720 districts gets localities, services and presence from CSV files, by the command that people use.
Then what each import wrote is copied out, emptied and copied in again, with no triggers and no checks between tables.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, text

from geo.database.owner import owner_transaction

COLUMNS, ROWS, SIDE = 30, 24, 0.5
"""720 districts, each a square of half a degree; those of a row of it are a region."""
MAIN = "from api.cli.main import main; main()"
MARKED = {
    "localities": ("lakana.locality", "lakana.locality_name", "lakana.demand_point", "lakana.demand_block", "audit.import_row"),
    "services": ("lakana.actor", "lakana.service", "lakana.service_spot", "lakana.block_access", "audit.foreign_id", "audit.import_row"),
    "presence": ("lakana.organization", "lakana.presence", "audit.import_row"),
}  # fmt: skip
"""The tables that an import of a kind writes."""
LEAST_RATIO, MOST_MEMORY = 0.3, 300


def districts() -> str:
    """Return the districts as GeoJSON."""
    features = []
    for x in range(COLUMNS):
        for y in range(ROWS):
            west, south = x * SIDE, y * SIDE
            ring = [
                [west, south],
                [west + SIDE, south],
                [west + SIDE, south + SIDE],
                [west, south + SIDE],
                [west, south],
            ]
            names = {"ADM0_FR": "Pays", "ADM0_PCODE": "XX", "ADM1_FR": f"Région {y}", "ADM1_PCODE": f"XX{y:02}"}
            own = {"ADM2_FR": f"District {x} {y}", "ADM2_PCODE": f"XX{y:02}{x:02}"}
            shape = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": names | own, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features})


def localities(many: int, chance: random.Random) -> Iterator[Sequence[object]]:
    """Yield rows of localities, a row of names first."""
    yield "code", "name", "lat", "lon", "population", "under_18", "population_year"
    for number in range(many):
        people = chance.randrange(50, 5_000)
        yield number, f"Village {number}", *_place(chance), people, people // 2, 2022


def services(many: int, chance: random.Random) -> Iterator[Sequence[object]]:
    """Yield rows of services, a row of names first."""
    yield "facility_id", "facility name", "facility type", "lat", "lon", "phone", "opening_hours", "capacity"
    kinds = ("CSCOM", "École", "Commissariat", "Service social", "Hospital")
    for number in range(many):
        kind = kinds[number % len(kinds)]
        hours = ("24/7", "Mo-Fr 08:00-16:00", "")[number % 3]
        yield (
            f"F{number}",
            f"{kind} {number}",
            kind,
            *_place(chance),
            f"+2232022{number % 10000:04}",
            hours,
            number % 50,
        )


def presence(many: int, chance: random.Random) -> Iterator[Sequence[object]]:
    """Yield rows of a 3W, a row of names first."""
    yield "Organisation", "Sigle", "ADM1_FR", "ADM2_FR", "Cluster", "Date début"
    sectors = ("EDU", "HEA", "PRO-CPN", "NUT", "WSH")
    for number in range(many):
        organization, x, y = chance.randrange(160), chance.randrange(COLUMNS), chance.randrange(ROWS)
        name = f"Organisation {organization}"
        yield (
            name,
            f"ORG{organization}",
            f"Région {y}",
            f"District {x} {y}",
            sectors[number % 5],
            f"2023-{number % 12 + 1:02}-01",
        )


def _place(chance: random.Random) -> tuple[str, str]:
    return f"{chance.uniform(0, ROWS * SIDE):.5f}", f"{chance.uniform(0, COLUMNS * SIDE):.5f}"


MADE: dict[str, tuple[Callable[[int, random.Random], Iterator[Sequence[object]]], tuple[str, ...]]] = {
    "localities": (localities, ("--scheme", "V")),
    "services": (services, ("--scheme", "F")),
    "presence": (presence, ("--as-of", "2023-12-31")),
}


def measure(url: str, sizes: dict[str, int]) -> list[tuple[str, str, str]]:
    """Import files of these many rows into an empty database at the newest revision, and return the rows of a table."""
    told = []
    with tempfile.TemporaryDirectory() as folder:
        outlines = Path(folder, "districts.geojson")
        outlines.write_text(districts(), "utf-8")
        _imported(url, "areas", outlines, "--scheme", "COD-AB", "--edition", "1")
        for kind, many in sizes.items():
            make, options = MADE[kind]
            path = Path(folder, f"{kind}.csv")
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(make(many, random.Random(kind)))
            took_s, memory_mb = _imported(url, kind, path, *options)
            copied_s = _copied(url, MARKED[kind], Path(folder))
            called = f"{many:,} {kind}"
            told += [
                (f"{called}: import", f"{many / took_s:,.0f} rows/s ({took_s:,.0f} s)", ""),
                (f"{called}: COPY of all that it wrote", f"{many / copied_s:,.0f} rows/s ({copied_s:,.0f} s)", ""),
                (f"{called}: import / COPY", f"{copied_s / took_s:.2f}", f"≥ {LEAST_RATIO}"),
                (f"{called}: memory of the command", f"{memory_mb:,.0f} MB", f"≤ {MOST_MEMORY} MB"),
            ]
    return told


def _imported(url: str, kind: str, path: Path, *options: str) -> tuple[float, float]:
    """Run ``lakana import`` and return its seconds and the most megabytes that it took."""
    began = time.perf_counter()
    command = [sys.executable, "-c", MAIN, "import", kind, str(path), *options]
    process = os.spawnve(  # noqa: S606  whose memory is to be told
        os.P_NOWAIT, sys.executable, command, {**os.environ, "LAKANA_DATABASE_URL": url, "LANGUAGE": "en"}
    )
    _, status, used = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(kind)
    return time.perf_counter() - began, used.ru_maxrss / 1024


def _copied(url: str, tables: Sequence[str], folder: Path) -> float:
    """Copy the rows of tables out and in again, and return the seconds that the latter takes."""
    took = 0.0
    for table in tables:
        path = folder / "copied"
        with owner_transaction(url) as connection:
            connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
            columns = _columns(connection, table)
            connection.execute(text(f"CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT {columns} FROM {table}"))
            cursor = connection.connection.cursor()
            with path.open("wb") as file:
                cursor.copy_expert(f"COPY kept ({columns}) TO STDOUT", file)
            connection.execute(text("DROP TABLE kept"))
            savepoint = connection.begin_nested()
            connection.execute(text(f"DELETE FROM {table}"))
            with path.open("rb") as file:
                began = time.perf_counter()
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", file)
                took += time.perf_counter() - began
            savepoint.rollback()
        path.unlink()
    return took


def _columns(connection: Connection, table: str) -> str:
    found: str | None = connection.scalar(
        text(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
            "WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        ),
        {"table": table},
    )
    return str(found)
