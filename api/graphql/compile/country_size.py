"""How large the country is, and what it speaks: prices of questions that scan all of it depend on this.

Prices are told, so only rows that everybody may read are counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson

from api.errors import log_internal
from api.languages import common_language
from geo.audience import Audience
from geo.coordinates import MOST_DEGREES, degrees_between
from geo.database.statements import Job, Statement
from geo.errors import LakanaError
from geo.processes.beside import beside
from geo.service import Resources
from geo.vocabulary import Locale

LOOK_EVERY_S = 300.0
"""How often we count. It takes 20 ms in a country of 300,000 demand points."""


_COUNTED = Job(
    Statement(
        """
        SELECT json_build_object(
          'demand_points', (SELECT count(*) FROM lakana.demand_point),
          'localities', (SELECT count(*) FROM lakana.locality),
          'services', (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM lakana.service GROUP BY category) s),
          'steps', (SELECT coalesce(max(n), 0)
                    FROM (SELECT count(*) AS n FROM lakana.pathway_step GROUP BY nation_id, incident_type) s),
          'sought', (SELECT coalesce(json_agg(n), '[]') FROM (
                       SELECT json_agg(s.n) AS n
                       FROM (SELECT DISTINCT nation_id, incident_type, category FROM lakana.pathway_step) p
                       JOIN (SELECT category, count(*) AS n FROM lakana.service GROUP BY category) s USING (category)
                       GROUP BY p.nation_id, p.incident_type) w),
          'sources', (SELECT count(*) FROM lakana.source WHERE lakana.is_named_source(id)),
          'quarters', (SELECT count(DISTINCT quarter) FROM lakana.release),
          'competent', (SELECT coalesce(sum(n), 0) FROM (
                          SELECT level, max(n) AS n FROM (
                            SELECT a.level, count(*) AS n FROM lakana.actor c
                            JOIN lakana.admin_area a ON a.id = c.jurisdiction_id GROUP BY a.id) j
                          GROUP BY level) k),
          'crowded', (SELECT coalesce(max(n), 0)
                      FROM (SELECT count(*) AS n FROM lakana.actor GROUP BY kind, ST_AsBinary(point)) p),
          'coming', (SELECT count(*) FROM lakana.service WHERE point IS NULL AND NOT confidential),
          'organizers', (SELECT coalesce(max(n), 0)
                         FROM (SELECT count(*) AS n FROM lakana.training_organizer GROUP BY training_event_id) t),
          'rows', json_build_object(
            'services', (SELECT count(*) FROM lakana.service),
            'actors', (SELECT count(*) FROM lakana.actor), 'localities', (SELECT count(*) FROM lakana.locality),
            'admin_areas', (SELECT count(*) FROM lakana.admin_area),
            'place_names', (SELECT count(*) FROM lakana.locality_name) + (SELECT count(*) FROM lakana.admin_area),
            'organizations', (SELECT count(*) FROM lakana.organization o
                              WHERE EXISTS (SELECT FROM lakana.actor c WHERE c.organization_id = o.id)
                                 OR EXISTS (SELECT FROM lakana.training_organizer t WHERE t.organization_id = o.id)),
            'presence', (SELECT count(*) FROM lakana.presence),
            'trainings', (SELECT count(*) FROM lakana.training_event),
            'figures', (SELECT count(*) FROM lakana.context_value)),
          'languages', (SELECT coalesce(json_agg(own), '[]')
                        FROM (SELECT array_agg(language ORDER BY position) AS own
                              FROM lakana.nation_language GROUP BY nation_id) n),
          'square_degrees', (SELECT coalesce(least(ST_Area(ST_Extent(point::geometry)),
                                                   ST_Area(ST_Extent(ST_ShiftLongitude(point::geometry)))), 0)
                             FROM lakana.locality),
          'outline_positions', (SELECT coalesce(max(ST_NPoints(geom)), 0) FROM lakana.admin_area),
          'areas', (SELECT coalesce(json_object_agg(level, n), '{}')
                    FROM (SELECT level, max(n) AS n FROM (
                            SELECT level, scheme, count(*) AS n FROM lakana.admin_area
                            WHERE daterange(valid_from, valid_to) @> current_date GROUP BY level, scheme) e
                          GROUP BY level) a)
        )::text
        """.replace("%", "%%"),
        (),
        {},
    ),
    (),
)


@dataclass
class Country:
    """Row counts of the database; until they are known, those of the seeds.

    Parameters
    ----------
    demand_points
        Localities and cells whose children are counted.
    localities
        Towns and villages.
    services
        Services of the category that has most.
    steps
        Steps of the longest response pathway.
    sought
        Of each pathway, the services of each of its categories.
    sources
        Sources that something public names.
    quarters
        Released quarters.
    competent
        Actors that may be competent at one place: of each level, those of the jurisdiction that has most.
    crowded
        Actors of one kind on one spot, where most are.
    coming
        Public services without a point: helplines, and teams that come.
    organizers
        Of the training that has most.
    outline_positions
        Positions of the largest outline of an area.
    areas
        Admin areas in force by level, of the scheme that has most.
    rows
        Rows of the tables that lists are made of, as the lists tell them; shelters are looked for among all services.
    square_degrees
        The size of the box that holds all localities, across the antimeridian where that is smaller.
    languages
        The languages of each nation, the first one first.

    """

    demand_points: int = 3_151
    localities: int = 94
    services: int = 138
    steps: int = 9
    sought: Sequence[Sequence[int]] = ((138, 79, 60, 59, 41, 39, 39, 33, 30),)
    sources: int = 22
    quarters: int = 8
    competent: int = 40
    crowded: int = 5
    coming: int = 0
    organizers: int = 3
    outline_positions: int = 1_728
    areas: tuple[int, ...] = (1, 20, 160)
    rows: Mapping[str, int] = field(default_factory=dict)
    square_degrees: float = 150.0
    languages: Sequence[Sequence[str]] = ()

    @property
    def language(self) -> Locale:
        """The language of answers to those who ask for none: the first of the country that we speak."""
        return common_language(self.languages)

    def parts(self, level: int | None) -> int:
        """Return the number of areas of a level; for ``None``, of the level that has most."""
        known = self.areas or (1,)
        return max(known) if level is None else known[max(0, min(level, len(known) - 1))]

    def part(self, west: float, south: float, east: float, north: float) -> float:
        """Return which part of the country a box is taken to hold, by its size."""
        # What is outside of these bounds is refused later.
        west, east = (max(-MOST_DEGREES, min(each, MOST_DEGREES)) for each in (west, east))
        south, north = (max(-90.0, min(each, 90.0)) for each in (south, north))
        size = degrees_between(west, east) * abs(north - south)
        return min(size / self.square_degrees, 1.0) if self.square_degrees else 1.0

    def learn(self, counted: dict[str, Any]) -> None:
        """Store new counts."""
        levels = {int(level): n for level, n in counted.pop("areas").items()}
        self.areas = tuple(levels.get(level, 0) for level in range(max(levels, default=-1) + 1))
        for name, value in counted.items():
            setattr(self, name, value)

    async def look(self, resources: Resources) -> None:
        """Count again.

        Raises
        ------
        LakanaError
            Where the database does not answer.

        """
        [answer] = await resources.of(Audience.PUBLIC).run([_COUNTED], "counting")
        if isinstance(answer, Exception):
            raise answer
        self.learn(orjson.loads(answer or "{}"))


@asynccontextmanager
async def counting(country: Country, resources: Resources) -> AsyncIterator[None]:
    """Count now, so that the first answer is in the country's language, and on and on while the context is open."""
    await _look(country, resources)
    async with beside(partial(_keep, country, resources), log_internal):
        yield


async def _keep(country: Country, resources: Resources) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        await _look(country, resources)


async def _look(country: Country, resources: Resources) -> None:
    # If the database is away, the old counts stay; requests report the outage themselves.
    with suppress(LakanaError):
        await country.look(resources)
