"""Minutes along roads from every demand point to the service of a category that is nearest in time.

One walks straight from the point to its nearest node, travels along the roads, and walks straight from the last node to
the service::

    minutes = off_road(point) / walk + min over services s of (Σ length(e) / speed(e) + off_road(s) / walk)

The middle part is found for all points at once, by one search from all services of the category through the *reversed*
network, since one-way roads must lead towards the service. Between a point and a service with the same nearest node one
walks straight. Ties between services are broken by id. Each nation has its own search, since planning never mixes
nations.

Source: Dijkstra, A note on two problems in connexion with graphs (1959), by pgRouting's ``pgr_drivingDistance``.
"""

from __future__ import annotations

from itertools import product

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from geo.database.owner import sql_file
from geo.errors import SetupError
from geo.progress import Progress, silent
from geo.vocabulary import Season, ServiceCategory, TravelMode

STEP = "travel times"

_DRIVEN = ("forward", "backward")
_WALKED = ("on_foot", "on_foot")


def require_routing(connection: Connection) -> None:
    """Add the extension pgRouting where it is missing.

    It is required here and not in every database, because only an import and a refresh use it.

    Raises
    ------
    SetupError
        If we may not add it.

    """
    if connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pgrouting'")):
        return
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION pgrouting SCHEMA public"))
    except DatabaseError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SetupError(
            f"The extension pgrouting is missing and could not be added ({reason}). Install pgRouting on the database "
            "server (scripts/install roads; Debian: apt-get install postgresql-15-pgrouting), or have a superuser run "
            "CREATE EXTENSION pgrouting SCHEMA public."
        ) from None


class Times:
    """Computes times for these categories in one session of the database.

    The constructor finds, once, where each point and each service joins the roads.
    """

    def __init__(
        self, connection: Connection, categories: tuple[ServiceCategory, ...], progress: Progress = silent
    ) -> None:
        self.categories = categories
        self._connection = connection
        self._progress = progress
        self._done, self._total = 0, len(TravelMode) + len(categories) * len(TravelMode) * len(Season)
        # If anything changes after this, renew() computes again.
        self._changes = self._counted()
        self._source_column = self._column_of_the_root()
        self._run("roads/road_legs")
        self._find_legs()

    def renew(self, category: ServiceCategory) -> None:
        """Recompute the times of a category and replace the old ones; there are none without a service.

        Writers of the category are locked out only while the times are replaced, until the end of the transaction. If
        one of them has written during the computation, it is repeated while they wait.
        """
        self._compute(category)
        self._connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(:category))"),
            {"category": category.name},
        )
        now = self._counted()
        if now[category.name] != self._changes[category.name]:
            self._changes = now
            self._find_legs()
            self._compute(category)
        self._run("roads/road_swap", category=category.name)

    def _compute(self, category: ServiceCategory) -> None:
        self._connection.exec_driver_sql("TRUNCATE pg_temp.fresh_time")
        nations = self._connection.scalars(
            text(
                "SELECT DISTINCT CASE WHEN lakana.several_nations() THEN lakana.nation_of(area_set_id)::text END "
                "FROM lakana.service WHERE category = CAST(:category AS lakana.service_category) AND point IS NOT NULL"
            ),
            {"category": category.name},
        ).all()
        statement = text(sql_file("roads/road_times").replace("FROM_V", self._source_column))
        for mode, season in product(TravelMode, Season):
            for nation in nations:
                binds = {"category": category.name, "mode": mode.name, "season": season.name, "nation": nation}
                self._connection.execute(statement, binds | {"edges": _edges(category, mode, season, nation)})
            self._tell()

    def _find_legs(self) -> None:
        for mode in TravelMode:
            self._run("roads/road_leg", mode=mode.name)
            self._tell()
        self._run("roads/road_chains")

    def _run(self, name: str, **binds: str) -> None:
        for statement in sql_file(name).split(";\n\n"):
            self._connection.execute(text(statement), binds)

    def _counted(self) -> dict[str, int]:
        rows = self._connection.execute(text("SELECT category::text, changes FROM lakana.travel_refresh"))
        return {row.category: row.changes for row in rows}

    def _column_of_the_root(self) -> str:
        """Return the column of ``pgr_drivingDistance`` with the start of a path; pgRouting 3.6 renamed it."""
        named = self._connection.scalar(
            text("SELECT count(*) FROM pg_proc WHERE proname = 'pgr_drivingdistance' AND 'from_v' = ANY (proargnames)")
        )
        return "from_v" if named else "start_vid"

    def _tell(self) -> None:
        self._done = min(self._done + 1, self._total)
        self._progress(STEP, self._done, self._total)


def _edges(category: ServiceCategory, mode: TravelMode, season: Season, nation: str | None) -> str:
    """Return the statement that pgRouting reads its graph from; it takes no binds, so it contains only our constants.

    The services are those of the nation, an id, or all where it is ``None``. The network is reversed: ``cost`` is that
    of going from target to source. Each service is a node of its own, from which one walks to its node on the network.
    """
    forward, backward = _WALKED if mode is TravelMode.WALK else _DRIVEN
    its_own = "NULL" if nation is None else f"CAST('{nation}' AS uuid)"
    minutes = "e.length_m * 0.06 / s.speed_km_h"
    return f"""
    SELECT e.id, e.source, e.target,
      CASE WHEN e.{backward} THEN {minutes} ELSE -1 END AS cost,
      CASE WHEN e.{forward} THEN {minutes} ELSE -1 END AS reverse_cost
    FROM pg_temp.chain e
    JOIN lakana.road_speed s ON s.class = e.class AND s.mode = '{mode.name}' AND s.season = '{season.name}'
    WHERE e.{forward} OR e.{backward}
    UNION ALL
    SELECT vid, vid, node, off_road_m * 0.06 / w.speed_km_h, -1
    FROM pg_temp.leg l JOIN lakana.travel_estimate w ON w.mode = 'WALK' AND w.season = '{season.name}'
    WHERE l.category = '{category.name}' AND l.mode = '{mode.name}' AND l.first_at_node
      AND l.nation_id IS NOT DISTINCT FROM {its_own}
    """  # noqa: S608
