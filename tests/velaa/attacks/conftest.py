"""The worlds of the attacks in Velaa, and what is asked of them: a part of what is asked in Mali."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from unittest.mock import patch

import pytest

from geo.audience import Audience
from geo.coordinates import LonLat
from tests.attacks import routes
from tests.attacks.arguments import Values
from tests.attacks.client import Client, Request
from tests.attacks.conftest import (
    client,
    connect,
    make_world,
    moved_client,
    moved_world,
    no_countdown,
    planted,
    planted_template,
    remembered,
    scout,
    world,
)
from tests.attacks.exports import export_requests
from tests.attacks.replay import learn, operations, plan
from tests.attacks.size import SIZE
from tests.attacks.worlds import targets

__all__ = [
    "client",
    "connect",
    "make_world",
    "moved_client",
    "moved_world",
    "no_countdown",
    "planted",
    "planted_template",
    "remembered",
    "scout",
    "world",
]
ABOUT_PLACES = (
    "actors",
    "coverage",
    "coverageGaps",
    "featureCollection",
    "localityCoverage",
    "nearestServices",
    "node",
    "places",
    "referralOptions",
    "services",
    "shelters",
)
"""The root fields that tell where something stands or how far away; the others are asked in Mali, and by the full attacks."""
PARAMETERS = {"area": ["VELA:XVL", "XV13", "XX:NONE"], "bbox": ["178,-18,-179,-16", "-180,-17,-179.5,-16", "x"]}
FORMS = {
    "/nearest": ["lat=-16.5&lon=179.99&incident=TRAFFICKING&age=14", "lat=-17.5&lon=-179.99&incident=CHILD_LABOUR"],
    "/nearest/places": ["place=გურია"],
}


@pytest.fixture(scope="session")
def canary() -> LonLat:
    """A place in the west of the antimeridian whose digits occur nowhere else."""
    return LonLat(lon=-179.623457, lat=-16.765433)


@pytest.fixture(scope="session")
def known(scout: Client, world: str, moved_world: str, canary: LonLat) -> Values:
    """What may be asked about: the real places of both worlds, and what the public is told."""
    aims = [*targets(world), *targets(moved_world)]
    values = Values(sorted(aims, key=lambda each: each.exact != canary))
    learn(scout, values, Audience.PUBLIC)
    return values


@pytest.fixture(scope="session")
def planned(scout: Client, known: Values) -> Iterator[Callable[[Audience], list[Request]]]:
    """Plan what an audience asks, once."""

    def part(audience: Audience) -> list[Request]:
        if SIZE.chunks:
            return plan(scout, audience, known)
        asked = operations(scout, audience, known, "query", ABOUT_PLACES)
        return [*asked, *export_requests(known, audience), *routes.route_requests(scout)]

    with patch.dict(routes.PARAMETERS, PARAMETERS), patch.dict(routes.FORMS, FORMS):
        yield cache(part)
