"""What the attacks stand on: worlds to compare, clients of each audience, and a table of figures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import cache, partial
from unittest.mock import patch

import pytest
import structlog

from api.graphql.compile import compiled_operation, document_thread
from geo.audience import Audience
from geo.coordinates import LonLat
from tests.attacks.arguments import Values
from tests.attacks.client import Client, Keys, Request, Run, make_keys
from tests.attacks.names import plant
from tests.attacks.replay import learn, plan
from tests.attacks.worlds import (
    CANARY,
    move_inside_zones,
    plant_canary,
    plant_context,
    plant_import,
    plant_presence,
    plant_proposals,
    plant_scenario,
    plant_shelters,
    plant_siting_job,
    plant_wrong_numbers,
    quietly,
    targets,
)


@pytest.fixture(scope="session", autouse=True)
def no_countdown() -> Iterator[None]:
    """How long a door stays open or shut is told from now on: two answers minutes apart differ by the clock alone."""
    with patch("api.nearest.told.Told.until", lambda _, moment: moment and "a while"):
        yield


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="session")
def canary() -> LonLat:
    """Where one confidential shelter stands."""
    return CANARY


@pytest.fixture(scope="session")
def planted(copy_seeded: Callable[[], str], canary: LonLat) -> tuple[str, Keys]:
    """The seeds with a canary in the place of one confidential shelter, to be copied and never served, with its keys."""
    url = copy_seeded()
    plant_shelters(url)
    organization = plant_canary(url, canary)
    plant_scenario(url, organization)
    keys = make_keys(url, organization)
    plant_siting_job(url)
    plant_proposals(url)
    plant_wrong_numbers(url)
    plant_presence(url)
    plant_context(url)
    plant_import(url)
    return url, keys


@pytest.fixture(scope="session")
def planted_template(planted: tuple[str, Keys]) -> str:
    return planted[0]


@pytest.fixture(scope="session")
def make_world(make_database: Callable[..., str], planted_template: str) -> Callable[[], str]:
    """Make a copy of the world with the canary."""
    return partial(make_database, planted_template)


@pytest.fixture(scope="session")
def world(make_world: Callable[[], str]) -> str:
    """The world as it is."""
    return make_world()


@pytest.fixture(scope="session")
def moved_world(make_world: Callable[[], str]) -> str:
    """The same world, but that every confidential site stands elsewhere in its zone."""
    url = make_world()
    move_inside_zones(url)
    return url


@pytest.fixture(scope="session")
def before_world(make_world: Callable[[], str]) -> str:
    """A world whose every text is one that no rule held."""
    url = make_world()
    with quietly(url) as connection:
        connection.exec_driver_sql("UPDATE lakana.proposal SET status = 'REJECTED', review_note = 'Non'")
    plant(url)
    return url


@pytest.fixture(scope="session")
def before_client(connect: Callable[[str], Client], before_world: str) -> Client:
    """A client of the world with the texts of before."""
    return connect(before_world)


@pytest.fixture(scope="session")
def connect(run: Run, planted: tuple[str, Keys]) -> Iterator[Callable[..., Client]]:
    """Return a client of a new application over a world."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    clients: list[Client] = []

    def connect(url: str, *, keeps: bool = False) -> Client:
        clients.append(Client(run, url, planted[1], keeps=keeps))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def scout(connect: Callable[..., Client], world: str) -> Client:
    """A client of the world as it is that finds out what can be asked, so that the others are asked the same."""
    return connect(world, keeps=True)


@pytest.fixture(scope="session")
def client(connect: Callable[[str], Client], world: str) -> Client:
    """A client of the world as it is."""
    return connect(world)


@pytest.fixture(scope="session")
def moved_client(connect: Callable[[str], Client], moved_world: str) -> Client:
    """A client of the world whose sites have moved."""
    return connect(moved_world)


@pytest.fixture(scope="package", autouse=True)
def remembered() -> Iterator[None]:
    """Keep whatever was made of an operation, and compile without pauses: nobody else waits."""
    with (
        patch.object(compiled_operation, "MADE_AT_MOST_BYTES", 2_000_000_000),
        patch.object(document_thread, "PAUSE_S", 0.0),
    ):
        yield


@pytest.fixture(scope="session")
def known(scout: Client, world: str, moved_world: str, canary: LonLat) -> Values:
    """What may be asked about: the real places of both worlds, the partner's own first, and all that answers told."""
    aims = [*targets(world), *targets(moved_world)]
    values = Values(sorted(aims, key=lambda each: each.exact != canary))
    # What one round learns lets the next one reach more.
    for audience in (Audience.PUBLIC, Audience.STEWARD, Audience.PLANNER):
        learn(scout, values, audience)
    return values


@pytest.fixture(scope="session")
def planned(scout: Client, known: Values) -> Callable[[Audience], list[Request]]:
    """Plan what an audience asks, once."""
    return cache(lambda audience: plan(scout, audience, known))
