"""Measure everything in one run and print the table of docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys

from geo.database import owner
from seeds import seeding
from tests.benchmarks import (
    coverage,
    growth,
    imports,
    load,
    nation,
    peer,
    prices,
    reach,
    scale,
    scale_counts,
    siting,
    spatial,
    tiles,
)
from tests.throwaway import running_cluster


def _new(owner_url: str, name: str) -> str:
    with owner.owner_engine(owner_url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = owner_url.replace("/lakana?", f"/{name}?")
    owner.upgrade(url)
    return url


def _seeded(owner_url: str, name: str, services: int) -> str:
    print(f"seeding {services:,} further services", file=sys.stderr)
    url = _new(owner_url, name)
    seeding.seed(url, services=services)
    return url


def _scale(points: list[int], services: int) -> None:
    """Print the tables of a country of villages: of distances, and of counts, sites and maps."""
    urls, loaded = {}, {}
    with running_cluster() as owner_url:
        for size in sorted(points):
            print(f"making a nation of {size:,} demand points and {services:,} services", file=sys.stderr)
            urls[size] = _new(owner_url, f"nation_{size}")
            loaded[size] = nation.make(urls[size], size, services)
        for row in scale.measure(urls, loaded):
            print(f"| {' | '.join(row)} |")
        rows = []
        for size in urls:
            url = _new(owner_url, f"counts_{size}")
            scale_counts.make(url, points=size, services=services)
            rows += [(f"{what}, {size:,} points", told, bound) for what, told, bound in scale_counts.measure(url)]
        _print(rows)


def main() -> None:
    """Run the measurements on a throw-away cluster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=15, help="how long each load lasts")
    parser.add_argument("--largest", type=int, default=1_000_000, help="services of the largest database")
    parser.add_argument("--peer", action="store_true", help="measure beside PostGraphile alone")
    parser.add_argument(
        "--import", dest="imports", action="store_true", help="measure imports beside COPY alone; takes an hour"
    )
    parser.add_argument("--scale", action="store_true", help="only a country of villages, in a table of its own")
    parser.add_argument("--points", type=int, nargs="+", default=[100_000, 300_000], help="sizes of that country")
    parser.add_argument("--services", type=int, default=20_000, help="services of that country")
    options = parser.parse_args()
    if options.scale:
        _scale(options.points, options.services)
        return
    rows: list[tuple[str, str, str]] = []
    if options.imports:
        with running_cluster() as owner_url:
            many = {"presence": 24_000, "localities": 300_000, "services": options.largest}
            _print(imports.measure(_new(owner_url, "imports"), many))
        return
    with running_cluster() as owner_url:
        if options.peer:
            _print(peer.measure(_seeded(owner_url, "bench_peer", 100_000), options.seconds))
            return
        sizes = sorted({10_000, 100_000, options.largest})
        urls = {size: _seeded(owner_url, f"bench_{size}", size) for size in sizes}
        rows += load.measure(urls[100_000], options.seconds)
        rows += reach.measure(urls[100_000])
        rows += growth.measure(urls)
        rows += tiles.measure(urls[100_000], 100_000)
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
