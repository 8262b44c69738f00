"""Measure everything in one run and print the table of docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys

from geo.database import owner
from seeds import mali
from tests.benchmarks import coverage, growth, load, peer, prices, reach, siting, spatial
from tests.throwaway import running_cluster


def _seeded(owner_url: str, name: str, services: int) -> str:
    with owner.owner_engine(owner_url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = owner_url.replace("/lakana?", f"/{name}?")
    print(f"seeding {services:,} further services", file=sys.stderr)
    owner.upgrade(url)
    mali.seed(url, services=services)
    return url


def main() -> None:
    """Run the measurements on a throw-away cluster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=15, help="how long each load lasts")
    parser.add_argument("--largest", type=int, default=1_000_000, help="services of the largest database")
    parser.add_argument("--peer", action="store_true", help="measure beside PostGraphile alone")
    options = parser.parse_args()
    rows: list[tuple[str, str, str]] = []
    with running_cluster() as owner_url:
        if options.peer:
            _print(peer.measure(_seeded(owner_url, "bench_peer", 100_000), options.seconds))
            return
        sizes = sorted({10_000, 100_000, options.largest})
        urls = {size: _seeded(owner_url, f"bench_{size}", size) for size in sizes}
        rows += load.measure(urls[100_000], options.seconds)
        rows += reach.measure(urls[100_000])
        rows += growth.measure(urls)
        rows += prices.measure(urls[10_000])
        rows += coverage.measure(urls[10_000])
    rows += spatial.measure()
    rows += siting.measure()
    _print(rows)


def _print(rows: list[tuple[str, str, str]]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    for row in (("what", "measured", "to reach"), ("---", "---", "---"), *rows):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
