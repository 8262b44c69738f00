"""The nearest services as the directory grows."""

from __future__ import annotations

import random
import statistics
import time

import psycopg2

from tests.benchmarks.statements import NEAREST, SESSION, job

ORIGINS = 2_000


def measure(urls: dict[int, str]) -> list[tuple[str, str, str]]:
    """Return the rows of the table: the median of 2,000 origins at each size."""
    medians = {size: _median_ms(url) for size, url in urls.items()}
    rows = [
        (f"nearest 10 among {size:,} services, median in the database", f"{ms:.2f} ms", "")
        for size, ms in medians.items()
    ]
    sizes = sorted(medians)
    growth = medians[sizes[-1]] / medians[sizes[0]]
    rows.append((f"nearest 10: {sizes[0]:,} to {sizes[-1]:,} services", f"{growth:.2f}×", "≤ 2×"))
    return rows


def _median_ms(url: str) -> float:
    chance = random.Random(7)
    first = job(NEAREST, {"lon": 0.0, "lat": 0.0})
    places = ",".join(["%s"] * len(first.values))
    lon, lat = (first.statement.names.index(f"origin_{axis}") for axis in ("lon", "lat"))
    taken = []
    with psycopg2.connect(url, options=SESSION) as connection, connection.cursor() as cursor:
        cursor.execute("PREPARE nearest AS " + first.statement.sql)
        for number in range(ORIGINS + 200):
            values = list(first.values)
            values[lon], values[lat] = chance.uniform(-12, 3), chance.uniform(10, 23)
            started = time.perf_counter()
            cursor.execute(f"EXECUTE nearest ({places})", values)
            cursor.fetchall()
            if number >= 200:  # the first ones fill the caches
                taken.append(time.perf_counter() - started)
    connection.close()
    return statistics.median(taken) * 1000
