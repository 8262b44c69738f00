"""Measurements, run by ``scripts/benchmark``: they print a table and assert no time."""
