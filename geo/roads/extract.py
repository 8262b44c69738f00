"""Extracting a road network from a file of OpenStreetMap data.

Two ways meet only where they share a node: a bridge over a road is no junction. So the network uses the nodes' own ids,
and no geometry is compared. An edge runs from junction to junction. A long edge is cut at the mapper's nodes, and
between them if they are too far apart, so that there is a node near any point of a road.

Source: OpenStreetMap Wiki, "Elements".
"""

from __future__ import annotations

import datetime as dt
import math
from array import array
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import SetupError
from geo.progress import Progress, silent
from geo.roads.ways import Way, way_of

SPACING_M = 500.0
"""The longest piece of road without a node, in metres."""
TOLD_EVERY = 10_000
STEP = "roads"

_A, _F = 6_378_137.0, 1 / 298.257223563
_E2 = _F * (2 - _F)

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Network:
    """Nodes (EPSG:4326) by id, and edges between them: (source, target, metres, way)."""

    roads_as_of: dt.datetime | None = None
    """When the file's data are from, as the file states, with a time zone."""
    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    edges: list[tuple[int, int, float, Way]] = field(default_factory=list)


def lengths_m(lon: Floats, lat: Floats) -> Floats:
    """Return the length of each step of a line on the WGS 84 spheroid, in metres.

    ``d² = (M Δφ)² + (N cos φ Δλ)²`` with the radii of curvature M and N at the middle latitude φ: off by less than
    10⁻⁶ of the length up to 10 km, by less than 10⁻⁴ up to 100 km.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326, in the order of the line. A step goes the short way round the globe.

    Returns
    -------
    array
        One value fewer than there are points.

    """
    middle = np.radians((lat[1:] + lat[:-1]) / 2)
    round_globe = (np.diff(lon) + 180) % 360 - 180
    squared = 1 - _E2 * np.sin(middle) ** 2
    north = _A * (1 - _E2) / squared**1.5 * np.radians(np.diff(lat))
    east = _A / np.sqrt(squared) * np.cos(middle) * np.radians(round_globe)
    return np.hypot(north, east)


@dataclass(slots=True)
class _Pieces:
    """Runs of consecutive nodes with known positions, stored end to end."""

    refs: array[int] = field(default_factory=lambda: array("q"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    starts: list[int] = field(default_factory=lambda: [0])
    ways: list[Way] = field(default_factory=list)

    def add(self, way: Way, nodes: Any) -> None:
        """Add a way. Where an extract is cut at a border, nodes beyond it are named but have no position."""
        for node in nodes:
            if node.location.valid():
                self.refs.append(node.ref)
                self.lon.append(node.lon)
                self.lat.append(node.lat)
            else:
                self._close(way)
        self._close(way)

    def _close(self, way: Way) -> None:
        least = 2
        if len(self.refs) - self.starts[-1] >= least:
            self.starts.append(len(self.refs))
            self.ways.append(way)
        else:
            del self.refs[self.starts[-1] :], self.lon[self.starts[-1] :], self.lat[self.starts[-1] :]


def read(file: Path, classes: Collection[str], progress: Progress = silent) -> Network:
    """Read the roads of a file of OpenStreetMap data.

    Parameters
    ----------
    file
        ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.osm.pbf``.
    classes
        The road classes to take.
    progress
        Called as the ways are read.

    Raises
    ------
    SetupError
        Where osmium is missing, or the file is not OpenStreetMap data, not whole, or holds no road.
    OSError
        Where the file cannot be opened.

    """
    with file.open("rb"):
        pass  # a missing or unreadable file raises its own error
    pieces = _Pieces()
    roads_as_of = _gather(file, frozenset(classes), pieces, progress)
    network = Network(roads_as_of)
    _cut(pieces, network)
    if not network.edges:
        raise SetupError(
            f"{file} holds no road. Give an extract with its ways and nodes, not boundaries or places alone."
        )
    return network


def _gather(file: Path, classes: Collection[str], pieces: _Pieces, progress: Progress) -> dt.datetime | None:
    try:
        import osmium  # noqa: PLC0415  an extra, and only an import of roads needs it
    except ImportError:
        raise SetupError(
            "The Python package osmium is missing; install Lakana with its extra: lakana[roads]."
        ) from None
    try:
        read_by = osmium.FileProcessor(str(file)).with_locations()
        read_by.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        read_by.with_filter(osmium.filter.KeyFilter("highway", "route"))
        for number, each in enumerate(read_by, 1):
            way = way_of(each.tags.get, classes)
            if way is not None and isinstance(each, osmium.osm.Way):
                pieces.add(way, each.nodes)
            if number % TOLD_EVERY == 0:
                progress(STEP, number, number)
        return _moment(read_by.header.get("osmosis_replication_timestamp"))
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        reason = (str(error).splitlines() or ["it is not whole"])[0].rstrip(".")
        raise SetupError(
            f"{file} is no whole file of OpenStreetMap data ({reason}). Give a .osm, .osm.gz, .osm.bz2 or .osm.pbf."
        ) from None


def _moment(said: str) -> dt.datetime | None:
    """Return the date in a file's header, in UTC if it has no offset; ``None`` if there is no valid date."""
    with suppress(ValueError):
        found = dt.datetime.fromisoformat(said)
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return None


def _cut(pieces: _Pieces, network: Network) -> None:
    """Cut the pieces into edges: at their ends, at nodes that occur more than once, and every ``SPACING_M``."""
    refs = np.frombuffer(pieces.refs, dtype=np.int64) if pieces.refs else np.empty(0, dtype=np.int64)
    lon, lat = (np.frombuffer(each) if each else np.empty(0) for each in (pieces.lon, pieces.lat))
    named, back, times = np.unique(refs, return_inverse=True, return_counts=True)
    met = times[back] > 1 if len(named) else np.empty(0, dtype=bool)
    put = iter(range(-1, -(2**62), -1))
    for start, stop, way in zip(pieces.starts, pieces.starts[1:], pieces.ways, strict=False):
        part = slice(start, stop)
        steps = lengths_m(lon[part], lat[part])
        line = list(zip(refs[part].tolist(), lon[part].tolist(), lat[part].tolist(), strict=True))
        keep = met[part].tolist()
        keep[-1] = True
        for source, target, length_m in _edges(line, steps.tolist(), keep, put):
            network.nodes[source[0]], network.nodes[target[0]] = source[1:], target[1:]
            network.edges.append((source[0], target[0], length_m, way))


Node = tuple[int, float, float]


def _edges(
    line: list[Node], steps: list[float], keep: list[bool], put: Iterator[int]
) -> Iterator[tuple[Node, Node, float]]:
    """Return the edges of one line, without loops from a node to itself."""
    last, metres = line[0], 0.0
    for before, node, step_m, kept in zip(line, line[1:], steps, keep[1:], strict=False):
        if metres and metres + step_m > SPACING_M:
            if last[0] != before[0]:
                yield last, before, metres
            last, metres = before, 0.0
        for between in _between(before, node, math.ceil(step_m / SPACING_M), put):
            yield last, between, step_m / math.ceil(step_m / SPACING_M)
            last = between
        metres += step_m if step_m <= SPACING_M else step_m / math.ceil(step_m / SPACING_M)
        if kept or step_m > SPACING_M:
            if last[0] != node[0]:
                yield last, node, metres
            last, metres = node, 0.0


def _between(one: Node, other: Node, parts: int, put: Iterator[int]) -> Iterator[Node]:
    """Return new nodes, with ids below 0, that divide the way between two nodes into ``parts`` equal parts."""
    east, north = (other[1] - one[1] + 180) % 360 - 180, other[2] - one[2]
    for part in range(1, parts):
        lon = (one[1] + east * part / parts + 180) % 360 - 180
        yield next(put), lon, one[2] + north * part / parts
