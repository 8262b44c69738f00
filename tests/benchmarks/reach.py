"""Coverage from the table of distances, beside ``ST_DWithin`` over the demand points."""

from __future__ import annotations

import statistics
import time

import psycopg2

from tests.benchmarks.statements import COVERAGE, SESSION, job

DWITHIN = """
SELECT sum(d.under_18) FROM lakana.demand_point d
WHERE EXISTS (SELECT FROM lakana.service s WHERE s.category = 'LEGAL_AID' AND ST_DWithin(s.point, d.point, %s))
"""
THRESHOLDS_M = (1_000.0, 5_000.0, 30_000.0, 100_000.0, 500_000.0)


def measure(url: str) -> list[tuple[str, str, str]]:
    """Return the rows of the table: the smallest ratio over the thresholds counts."""
    ratios, ours, theirs = [], [], []
    with psycopg2.connect(url, options=SESSION) as connection, connection.cursor() as cursor:
        first = job(COVERAGE, {"metres": THRESHOLDS_M[0]})
        cursor.execute("PREPARE coverage AS " + first.statement.sql)
        for metres in THRESHOLDS_M:
            asked = job(COVERAGE, {"metres": metres})
            places = ",".join(["%s"] * len(asked.values))
            table = _median_ms(cursor, f"EXECUTE coverage ({places})", asked.values)
            direct = _median_ms(cursor, DWITHIN, (metres,), times=3)
            ours.append(table)
            theirs.append(direct)
            ratios.append(direct / table)
    connection.close()
    spread = f"{min(ours):.1f} to {max(ours):.1f} ms against {min(theirs):.0f} to {max(theirs):.0f} ms"
    return [("coverage of the country, 1 to 500 km: table / ST_DWithin", f"{min(ratios):.0f}× ({spread})", "≥ 50×")]


def _median_ms(cursor, sql, values, times=15) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        cursor.execute(sql, values)
        cursor.fetchall()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000
