"""The road network in the database: importing it completely or not at all, dropping it, and its status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from geo import audit
from geo.database.owner import owner_engine, owner_transaction, vacuum
from geo.database.tables import road_edge, road_network, road_node, road_speed, source, travel_refresh, travel_time
from geo.errors import BadInput, SetupError, Unavailable
from geo.progress import Progress, silent
from geo.roads import extract
from geo.roads.times import Times, require_routing
from geo.texts import line
from geo.vocabulary import ServiceCategory

MAX_OFF_ROAD_M = 5_000.0
"""The farthest from any road that a point may lie and still be reached along roads, inclusive."""
MOST_OFF_ROAD_M = 100_000.0
SOURCE = {
    "key": "openstreetmap-roads",
    "name": "© OpenStreetMap contributors",
    "licence": "ODbL 1.0",
    "url": "https://www.openstreetmap.org/copyright",
    "illustrative": False,
}
"""The attribution that the Open Database License requires (ODbL 1.0, clause 4.3)."""
BATCH = 50_000
STEP = "roads to the database"


@dataclass(frozen=True, kw_only=True)
class Status:
    """The network, and the categories whose times it gives.

    ``stale`` are the categories whose services or demand points have changed since their times were computed.
    """

    file: str
    roads_as_of: dt.datetime | None
    imported_at: dt.datetime
    max_off_road_m: float
    nodes: int
    edges: int
    computed: tuple[ServiceCategory, ...]
    stale: tuple[ServiceCategory, ...]


def import_roads(url: str, file: Path, max_off_road_m: float = MAX_OFF_ROAD_M, progress: Progress = silent) -> Status:
    """Replace the roads by those of a file, and compute the times along them, all or nothing.

    Parameters
    ----------
    url
        The owner's address of a database at the newest revision.
    file
        An extract of OpenStreetMap: ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.osm.pbf``.
    max_off_road_m
        Metres on the spheroid from a point to the nearest road, inclusive; above 0 and at most 100,000.
    progress
        Called for each step.

    Raises
    ------
    BadInput
        Where the distance is outside its bounds.
    SetupError
        If pgRouting or osmium is missing, or the file is not OpenStreetMap data, not complete, or contains no road, or
        none near any place.
    OSError
        Where the file cannot be opened.
    Unavailable
        Where the database cannot be reached.

    """
    if not 0 < max_off_road_m <= MOST_OFF_ROAD_M:
        raise BadInput(
            "max-off-road-metres", f"{max_off_road_m} is not above 0 and at most {MOST_OFF_ROAD_M:,.0f} metres."
        )
    line("file", file.name)
    with owner_transaction(url) as connection:
        _hold(connection)
        require_routing(connection)
        classes = set(connection.scalars(select(road_speed.c["class"]).distinct()))
        network = extract.read(file, classes, progress)
        with audit.bulk(connection, "roads", file=file.name, nodes=len(network.nodes), edges=len(network.edges)):
            _write(connection, network, progress)
            _note(connection, file, network, max_off_road_m)
            times = Times(connection, tuple(ServiceCategory), progress)
            for category in times.categories:
                times.renew(category)
            _check_near(connection, file, max_off_road_m)
    vacuum(url)
    found = status(url)
    assert found is not None  # noqa: S101  it was just written
    return found


def drop(url: str) -> bool:
    """Delete the roads and all times along them; return whether there were any."""
    with owner_transaction(url) as connection:
        _hold(connection)
        if _status(connection) is None:
            return False
        with audit.bulk(connection, "roads", nodes=0, edges=0):
            _clear(connection)
            connection.execute(delete(travel_time))
            connection.execute(delete(road_network))
            connection.execute(delete(source).where(source.c.key == SOURCE["key"]))
            connection.execute(travel_refresh.update().values(computed_at=None, stale_since=None))
    vacuum(url)
    return True


def refresh(url: str, *, everything: bool = False, progress: Progress = silent) -> tuple[ServiceCategory, ...]:
    """Recompute the times of stale or of all categories, each all or nothing; return which were recomputed.

    Raises
    ------
    SetupError
        Where there are no roads, or pgRouting is missing.
    Unavailable
        Where the database cannot be reached, or another import or refresh is under way.

    """
    found = status(url)
    if found is None:
        raise SetupError("There are no roads. Import an extract of OpenStreetMap: lakana roads import FILE.")
    waiting = tuple(each for each in ServiceCategory if everything or each in found.stale)
    if not waiting:
        return ()
    # Not one transaction: a writer of a service would have to wait for all later categories.
    with owner_engine(url).connect() as connection:
        with connection.begin():
            _hold(connection)
            require_routing(connection)
            times = Times(connection, waiting, progress)
        for category in waiting:
            with connection.begin():
                times.renew(category)
    vacuum(url)
    return waiting


def status(url: str) -> Status | None:
    """Return the status of the network; ``None`` if there is none."""
    with owner_transaction(url) as connection:
        return _status(connection)


def _status(connection: Connection) -> Status | None:
    row = connection.execute(select(road_network)).one_or_none()
    if row is None:
        return None
    known = connection.execute(select(travel_refresh).order_by(travel_refresh.c.category)).all()
    return Status(
        file=row.file,
        roads_as_of=row.roads_as_of,
        imported_at=row.imported_at,
        max_off_road_m=row.max_off_road_m,
        nodes=row.nodes,
        edges=row.edges,
        computed=tuple(each.category for each in known if each.computed_at is not None),
        stale=tuple(each.category for each in known if each.computed_at is None or each.stale_since is not None),
    )


def _hold(connection: Connection) -> None:
    """Lock out other imports, drops and refreshes for the whole session, since a refresh commits in between."""
    if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtext('lakana.roads'))")):
        raise Unavailable("Roads are being imported or refreshed elsewhere; try again when that is done.")


def _clear(connection: Connection) -> None:
    connection.exec_driver_sql("TRUNCATE road.node, road.edge RESTART IDENTITY")


def _write(connection: Connection, network: extract.Network, progress: Progress) -> None:
    _clear(connection)
    total, done = len(network.nodes) + len(network.edges), 0
    nodes = (f"{number}\tSRID=4326;POINT({lon!r} {lat!r})\n" for number, (lon, lat) in network.nodes.items())
    edges = (
        f"{start}\t{end}\t{way.road_class}\t{length_m!r}\t{way.on_foot}\t{way.forward}\t{way.backward}\n"
        for start, end, length_m, way in network.edges
    )
    edge_columns = ("source", "target", "class", "length_m", "on_foot", "forward", "backward")
    for table, columns, lines in ((road_node, ("id", "point"), nodes), (road_edge, edge_columns, edges)):
        for batch in _batches(lines):
            _copy(connection, f"COPY {table} ({', '.join(columns)}) FROM STDIN", batch)
            done += len(batch)
            progress(STEP, done, total)
    # A plan for the empty tables would walk the edges once for each point.
    connection.exec_driver_sql("ANALYZE road.node, road.edge")


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    each = iter(lines)
    while batch := list(islice(each, BATCH)):
        yield batch


def _copy(connection: Connection, statement: str, lines: list[str]) -> None:
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        cursor.copy_expert(statement, StringIO("".join(lines)))


def _check_near(connection: Connection, file: Path, max_off_road_m: float) -> None:
    """Refuse roads that are near no place: with them every place would be out of reach."""
    known = select(travel_time.c.demand_point_id)
    there, near = known.exists(), known.where(travel_time.c.beyond_roads.is_(False)).exists()
    if connection.scalar(select(there & ~near)):
        raise SetupError(
            f"{file} holds no road within {max_off_road_m:g} metres of any place. Give an extract of this country."
        )


def _note(connection: Connection, file: Path, network: extract.Network, max_off_road_m: float) -> None:
    """Record what was imported, and its attribution."""
    moment = network.roads_as_of
    words = SOURCE | {"retrieved_on": None if moment is None else moment.date()}
    own = upsert(source).values(words)
    source_id = connection.scalar(own.on_conflict_do_update(index_elements=["key"], set_=words).returning(source.c.id))
    connection.execute(delete(road_network))
    connection.execute(
        insert(road_network).values(
            file=file.name,
            roads_as_of=moment,
            imported_at=text("now()"),
            max_off_road_m=max_off_road_m,
            nodes=len(network.nodes),
            edges=len(network.edges),
            source_id=source_id,
        )
    )
