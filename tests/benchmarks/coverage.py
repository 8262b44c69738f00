"""Coverage at any threshold and level over 15,000 demand points, beside ``SELECT sum()`` over the same rows."""

from __future__ import annotations

import time

import psycopg2

from tests.benchmarks.crowding import crowd
from tests.benchmarks.statements import SESSION, job

POINTS = 15_000
TIMES = 40
THRESHOLDS_M = (1_000.0, 30_000.0, 500_000.0)
LEVELS = (None, "ADM0", "ADM1", "ADM2")

SUM = """
SELECT sum(d) FROM lakana.block_access, unnest(distances_m) AS d WHERE category = 'LEGAL_AID'
"""
"""Reads the distances of one category, as any answer about one category must."""
COVERAGE = """query ($metres: Float!, $level: AreaLevel) {
  coverage(need: {categories: [LEGAL_AID]}, within: {metres: $metres}, level: $level) {
    total { coveredUnder18 populationUnder18 } areas { coveredUnder18 populationUnder18 } } }"""
THREE = COVERAGE.replace("LEGAL_AID", "LEGAL_AID, MEDICAL, SAFE_SHELTER")
STAGE = COVERAGE.replace("{categories: [LEGAL_AID]}", "{stage: SUPPORT}")
CURVE = "{ coverageCurve(need: {categories: [LEGAL_AID]}) { points { distanceMetres coveredUnder18 } } }"


def measure(url: str) -> list[tuple[str, str, str]]:
    """Return the rows of the table: the worst ratio over thresholds and levels counts."""
    crowd(url, POINTS)
    rows = []
    with psycopg2.connect(url, options=SESSION) as connection, connection.cursor() as cursor:
        told = [_beside(cursor, COVERAGE, metres, level) for metres in THRESHOLDS_M for level in LEVELS]
        worst, ours, plain = max(told)
        text = f"{worst:.1f}× ({ours:.1f} ms against {plain:.1f} ms)"
        rows.append((f"coverage, {POINTS:,} points, any threshold and level / sum()", text, "≤ 3×"))
        for name, document, metres in (
            ("three categories, all in reach", THREE, 30_000.0),
            ("a stage of 13 categories, any in reach", STAGE, 30_000.0),
            ("a curve of 20 distances", CURVE, None),
        ):
            ms = min(_times(cursor, document, {} if metres is None else {"metres": metres}))
            rows.append((f"{name}, {POINTS:,} points, in the database", f"{ms:.1f} ms", ""))
    connection.close()
    return rows


def _beside(cursor, document, metres, level) -> tuple[float, float, float]:
    """Return the ratio of the fastest runs, and both in milliseconds: what else the machine does only makes runs slower."""
    asked = job(document, {"metres": metres, "level": level})
    cursor.execute("DEALLOCATE ALL")
    cursor.execute(f"PREPARE plain AS {SUM}")
    cursor.execute(f"PREPARE asked AS {asked.statement.sql}")
    places = ",".join(["%s"] * len(asked.values))
    ours, plain = [], []
    for _ in range(TIMES):
        plain.append(_ms(cursor, "EXECUTE plain", ()))
        ours.append(_ms(cursor, f"EXECUTE asked ({places})", asked.values))
    mine, theirs = min(ours), min(plain)
    return mine / theirs, mine, theirs


def _times(cursor, document, variables) -> list[float]:
    asked = job(document, variables)
    cursor.execute("DEALLOCATE ALL")
    cursor.execute(f"PREPARE asked AS {asked.statement.sql}")
    places = ",".join(["%s"] * len(asked.values))
    return [_ms(cursor, f"EXECUTE asked ({places})", asked.values) for _ in range(7)]


def _ms(cursor, sql, values) -> float:
    started = time.perf_counter()
    cursor.execute(sql, values)
    cursor.fetchall()
    return (time.perf_counter() - started) * 1000
