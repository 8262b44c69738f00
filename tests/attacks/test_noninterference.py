"""Where a confidential site stands inside its zone changes nothing that anybody but a custodian is told.

How long an answer takes is not compared.
"""

from __future__ import annotations

from functools import cache

import pytest

from geo.audience import Audience
from tests.attacks.client import WITHOUT_CUSTODIAN
from tests.attacks.replay import Written, operations, replay
from tests.attacks.size import SIZE
from tests.attacks.worlds import ids, move_inside_zones, quietly, targets

pytestmark = [pytest.mark.database, pytest.mark.slow]


FIGURES = "/metrics"


@pytest.fixture(scope="module")
def seeded_ids(planted_template):
    """The ids that are the same in every world."""
    return ids(planted_template)


def test_the_worlds_differ(world, moved_world):
    here, there = targets(world), targets(moved_world)
    assert len(here) >= 10
    for before, after in zip(here, there, strict=True):
        assert before.service_id == after.service_id
        assert before.published == after.published
        assert before.exact != after.exact


@pytest.fixture(scope="module")
def replayed(scout, moved_client, planned):
    """Ask the moved world what the scout has asked as an audience, once. Figures count what each was asked."""
    return cache(
        lambda audience: replay(
            scout, moved_client, audience, [each for each in planned(audience) if each.path != FIGURES]
        )
    )


def test_every_argument_of_every_question_is_answered_to_somebody(replayed):
    every = [replayed(audience) for audience in WITHOUT_CUSTODIAN]
    unanswered = set().union(*(each.asked for each in every)).difference(*(each.answered for each in every))
    assert not unanswered, (
        f"never answered, so not attacked: {unanswered}; teach tests/attacks/arguments.py better values"
    )


@pytest.mark.parametrize("audience", WITHOUT_CUSTODIAN)
def test_a_move_inside_its_zone_changes_no_answer(replayed, audience, figure):
    found = replayed(audience)
    assert not found.differences, "\n".join(found.differences[:5])
    figure(
        f"replayed as {audience.name.lower()}: requests, bytes compared, differences",
        f"{found.requests:,}, {found.compared_bytes / 1e6:.1f} MB, {len(found.differences)}",
        "0 differences",
    )


def test_nor_a_figure(connect, world, moved_world, planned):
    """Two servers that have been asked the same have the same figures."""
    requests = planned(Audience.PUBLIC)
    figures = [each for each in requests if each.path == FIGURES]
    assert figures
    found = replay(connect(world), connect(moved_world), Audience.PUBLIC, [*requests[::20], *figures])
    assert not found.differences, "\n".join(found.differences[:5])


MOVE = """mutation ($id: ID!, $place: PointInput!) {
  updateShelter(input: {id: $id, expectedVersion: 1, changes: {point: $place}, idempotencyKey: "move"}) { __typename } }"""


def test_a_move_by_a_steward_changes_no_answer_of_others(make_world, scout, connect, planned, canary, figure):
    mover = connect(make_world())
    [target] = [each for each in targets(mover.url) if each.exact == canary]
    place = {"lon": canary.lon + 0.05, "lat": canary.lat - 0.05}
    moved = mover.ask(MOVE, {"id": target.shelter_id, "place": place}, Audience.STEWARD)
    assert moved == {"data": {"updateShelter": {"__typename": "ShelterUpdated"}}}
    assert targets(mover.url) != targets(scout.url)
    asked = [each for each in planned(Audience.PUBLIC) if each.path != FIGURES][:: SIZE.again]
    found = replay(scout, mover, Audience.PUBLIC, asked)
    assert not found.differences, "\n".join(found.differences[:5])
    figure(
        "replayed as public after a steward's move: requests, differences", f"{found.requests:,}, 0", "0 differences"
    )


@pytest.fixture(scope="module")
def written(make_world, connect):
    """Three worlds that are written to: one to find out by, and two that differ in where the sites stand."""
    urls = [make_world() for _ in range(3)]
    move_inside_zones(urls[2])
    return [connect(url) for url in urls]


@pytest.mark.parametrize("audience", WITHOUT_CUSTODIAN)
def test_no_write_tells_where_a_site_stands(written, known, seeded_ids, audience, figure):
    scout, here, there = written
    writes = operations(scout, audience, known, "mutation")
    # Ids of what was written differ between the worlds, and one world's cursor points elsewhere in the other.
    reads = operations(scout, audience, known, "query", {"auditEntries", "proposals"})
    reads = [each for each in reads if b'"after":' not in each.content]
    found = replay(here, there, audience, [*writes, *reads], views=(Written(seeded_ids), Written(seeded_ids)))
    assert not found.differences, "\n".join(found.differences[:5])
    assert bool(found.written) == (audience in {Audience.PARTNER, Audience.PLANNER, Audience.STEWARD})
    figure(
        f"written as {audience.name.lower()}: requests, done, differences in answers and in the audit log",
        f"{found.requests:,}, {found.written:,}, {len(found.differences)}",
        "0 differences",
    )


def tell(connection, column, service):
    """Let something of one exact site be told."""
    connection.exec_driver_sql("ALTER TABLE lakana.service DROP CONSTRAINT service_confidential_check")
    connection.exec_driver_sql("ALTER TABLE lakana.service DISABLE TRIGGER hide_confidential_site")
    connection.exec_driver_sql("SELECT exact.list_actor(id) FROM exact.unlisted_actor")
    connection.exec_driver_sql(
        f"UPDATE lakana.service s SET {column} = x.{column} FROM exact.site x WHERE x.service_id = s.id AND s.id = %s "
        f"AND x.{column} IS NOT NULL RETURNING s.id",
        (service,),
    ).one()


def leak_place(connection, service):
    """The trigger that leaves a zone alone is gone, and one place is told."""
    tell(connection, "point", service)


def leak_distance(connection, service):
    """Coverage is measured from where one site really stands; its public place stays."""
    connection.exec_driver_sql(
        "SELECT lakana.keep_access('SAFE_SHELTER', array_agg(DISTINCT a.block_id), array_agg(d.id), array_agg(a.service_id), "
        "array_agg(ST_Distance(x.point, d.point))) "
        "FROM exact.site x, lakana.access a JOIN lakana.demand_point d ON d.id = a.demand_point_id "
        "WHERE a.category = 'SAFE_SHELTER' AND x.service_id = %s",
        (service,),
    )


def leak_locality(connection, service):
    """The locality of one site is told."""
    tell(connection, "locality_id", service)


def leak_actor(connection, service):
    """Who runs one site is told."""
    tell(connection, "actor_id", service)


def leak_moment(connection, _):
    """A move is told by the time of the last change."""
    connection.exec_driver_sql("SELECT lakana.touch_access('SAFE_SHELTER')")


@pytest.mark.parametrize(
    "leak",
    [
        leak_place,
        pytest.param(leak_distance, marks=pytest.mark.control),  # these two are told by few questions
        leak_locality,
        leak_actor,
        pytest.param(leak_moment, marks=pytest.mark.control),
    ],
)
def test_the_replay_notices_a_leak(make_world, scout, connect, planned, canary, leak, figure):
    """The site is the one with the canary's place, which is asked about in every round."""
    url = make_world()
    [leaking] = [each for each in targets(url) if each.exact == canary]
    with quietly(url) as connection:
        leak(connection, leaking.service_id)
    asked = [each for each in planned(Audience.PUBLIC) if each.path != FIGURES]
    found = replay(scout, connect(url), Audience.PUBLIC, asked, at_most=1)
    assert found.differences
    figure(f"negative control: {leak.__doc__}", f"noticed by request {found.requests:,}", "noticed")
