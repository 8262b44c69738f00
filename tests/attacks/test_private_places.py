"""How many places a shelter has, and how many are left, changes nothing that the public is told but yes or no.

In a second world every shelter has other numbers, and is full where it was full; everything that the schema and the
routes let the public ask is asked in both.
"""

from __future__ import annotations

import pytest

from geo.audience import Audience
from tests.attacks.replay import replay
from tests.attacks.size import SIZE
from tests.attacks.worlds import quietly

pytestmark = [pytest.mark.database, pytest.mark.slow]

# OTHERWISE gives each shelter twice its places and three more. A shelter with free places gets one more free place;
# a full one stays full.
KNOWN = """
  SELECT h.service_id, n.capacity, n.occupancy, n.capacity > n.occupancy AS free
  FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id LEFT JOIN exact.places e ON e.service_id = s.id
  CROSS JOIN LATERAL (SELECT coalesce(e.capacity, s.capacity) AS capacity, coalesce(e.occupancy, h.occupancy) AS occupancy) n
"""
OTHERWISE = f"""
WITH known AS MATERIALIZED ({KNOWN}), widened AS (
  UPDATE lakana.service s SET capacity = 2 * k.capacity + 3 FROM known k WHERE s.id = k.service_id
)
UPDATE lakana.shelter h
SET occupancy = CASE WHEN k.free THEN greatest(k.capacity + k.occupancy + 2, 0) ELSE 2 * k.capacity + 4 END
FROM known k WHERE h.service_id = k.service_id
"""
SAME = f"""
SELECT bool_and(lakana.has_places(service_id) = free), count(*) FILTER (WHERE free), count(*) FROM ({KNOWN}) AS known
"""


@pytest.fixture(scope="module")
def other_places(make_world):
    """The same world, but that each shelter has other numbers of places."""
    url = make_world()
    with quietly(url) as connection:
        before = connection.exec_driver_sql(SAME).one()
        state = connection.exec_driver_sql("SELECT version, slot FROM lakana.public_version").all()
        connection.exec_driver_sql(OTHERWISE)
        # Capacity and occupancy were changed one after the other, which is known to change the state.
        connection.exec_driver_sql("ALTER TABLE lakana.public_version DISABLE TRIGGER never_before")
        connection.exec_driver_sql("DELETE FROM lakana.public_version")
        for version, slot in state:
            given = "INSERT INTO lakana.public_version (slot, version) OVERRIDING SYSTEM VALUE VALUES (%s, %s)"
            connection.exec_driver_sql(given, (slot, version))
        connection.exec_driver_sql("ALTER TABLE lakana.public_version ENABLE TRIGGER never_before")
        connection.exec_driver_sql("UPDATE exact.places SET changed_on = NULL")  # as published after midnight
        after = connection.exec_driver_sql(SAME).one()
    assert after == before
    assert 0 < after[1] < after[2]
    return url


def test_the_public_is_told_yes_or_no(connect, scout, other_places, planned, figure):
    other = connect(other_places)
    # The figures count the requests of other tests, which one server gets and the other does not.
    asked = [each for each in planned(Audience.PUBLIC) if each.path != "/metrics"][:: SIZE.again]
    found = replay(scout, other, Audience.PUBLIC, asked, at_most=3)
    figure(
        "every shelter's capacity and occupancy changed, whether it is full kept, everything replayed as public",
        f"{found.requests:,} answers, {found.compared_bytes / 1e6:.0f} MB: {len(found.differences)} differ",
        "no difference",
    )
    assert not found.differences, "\n".join(found.differences)


def test_a_partner_is_told_how_many(connect, scout, other_places, planned):
    """The control: the numbers do differ, and the replay notices where they are told."""
    asked = [each for each in planned(Audience.PARTNER) if each.content and b"occupancy" in each.content]
    found = replay(scout, connect(other_places), Audience.PARTNER, asked, at_most=1)
    assert found.differences
