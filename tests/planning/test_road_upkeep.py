"""Roads come whole or not at all, and times follow what changes: stale ones say so, and none leads to what is gone."""

from __future__ import annotations

import pytest

from geo import audit
from geo.cluster import backup
from geo.database import owner
from geo.database.owner import owner_transaction
from geo.errors import SetupError
from geo.roads import network, times
from geo.vocabulary import ServiceCategory
from tests.database.land import Land, point
from tests.planning import drawn
from tests.planning.drawn import PLACES, A, B, C, D, F, Roads, metres, minutes

pytestmark = pytest.mark.database

MEDICAL = ServiceCategory.MEDICAL
EVERYTHING = tuple(ServiceCategory)


@pytest.fixture
def url(copy_routed):
    return copy_routed()


@pytest.fixture
def towns(url):
    """Demand at A and D, a service at B."""
    with owner_transaction(url) as connection:
        land = Roads(connection)
        return land.demand(land.home, *PLACES[A]), land.demand(land.home, *PLACES[D]), land.place(*PLACES[B])


@pytest.fixture
def roads(url, towns, tmp_path):
    found = network.import_roads(url, drawn.write(tmp_path))
    assert found.stale == ()
    return found


def run(url, statement, **values):
    with owner_transaction(url) as connection:
        Land(connection).run(statement, **values)


def rows(url, table):
    with owner_transaction(url) as connection:
        return sorted(Land(connection).rows(f"SELECT t::text FROM {table} t"))


def stale(url):
    found = network.status(url)
    assert found is not None
    return found.stale


TABLES = (
    "road.node",
    "road.edge",
    "lakana.road_network",
    "lakana.travel_time",
    "lakana.travel_refresh",
    "lakana.source",
)


def everything(url):
    return {table: rows(url, table) for table in TABLES}


def test_before_and_after_roads_times_are_estimates(url, towns, tmp_path):
    a, _, service = towns
    straight = metres(A, B) * 1.4 / 40 * 0.06
    assert minutes(url)[a] == (pytest.approx(straight, rel=1e-6), service, False, False)
    network.import_roads(url, drawn.write(tmp_path))
    assert minutes(url)[a] == (pytest.approx(metres(A, B) / 65 * 0.06, rel=1e-6), service, True, False)
    assert network.drop(url)
    assert minutes(url)[a] == (pytest.approx(straight, rel=1e-6), service, False, False)
    assert network.status(url) is None
    assert all(not rows(url, table) for table in TABLES[:4])
    assert not network.drop(url)


def test_a_new_service_makes_times_stale_and_refresh_mends_them(url, towns, roads):
    a, _, service = towns
    before = minutes(url)[a]
    with owner_transaction(url) as connection:
        new = Roads(connection).place(*PLACES[A])
    assert stale(url) == (MEDICAL,)
    assert minutes(url)[a] == before == (before[0], service, True, False)
    assert network.refresh(url) == (MEDICAL,)
    assert minutes(url)[a] == (0, new, True, False)
    assert stale(url) == ()
    assert network.refresh(url) == ()
    assert network.refresh(url, everything=True) == EVERYTHING


@pytest.mark.parametrize(
    "change", ["DELETE FROM lakana.service WHERE id = :id", "UPDATE lakana.service SET point = :point WHERE id = :id"]
)
def test_no_time_leads_to_a_service_that_is_gone_or_elsewhere(url, towns, roads, change):
    a, _, service = towns
    assert rows(url, "lakana.travel_time")
    run(url, change, id=service, **({"point": point(*PLACES[F])} if ":point" in change else {}))
    assert rows(url, "lakana.travel_time") == []
    assert all(not on_roads for _, _, on_roads, _ in minutes(url).values())
    assert stale(url) == (MEDICAL,)
    network.refresh(url)
    if ":point" in change:
        assert minutes(url)[a][1:3] == (service, True)
    else:
        assert minutes(url) == {}


def test_a_shelter_that_is_hidden_leaves_no_hole(url, tmp_path):
    """All times of its category wait for the next refresh: those that led to it alone would show where it is."""
    with owner_transaction(url) as connection:
        land = Roads(connection)
        land.zoning(land.home)
        land.zone(land.home, land.home, -1, 11, 3)
        for at in (A, D, F):
            land.demand(land.home, *PLACES[at])
        runner = land.actor(land.home, kind="NGO")
        shelters = [
            land.service(runner, land.home, *PLACES[at], category="SAFE_SHELTER", name="Foyer tu") for at in (B, C)
        ]
        other = land.place(*PLACES[B])
    network.import_roads(url, drawn.write(tmp_path))
    assert {row[2] for row in minutes(url, category="SAFE_SHELTER").values()} == {True}
    run(url, "UPDATE lakana.service SET confidential = true WHERE id = :id", id=shelters[0])
    assert {row[1:3] for row in minutes(url, category="SAFE_SHELTER").values()} == {(shelters[1], False)}
    assert {row[1:3] for row in minutes(url).values()} == {(other, True)}
    assert stale(url) == (ServiceCategory.SAFE_SHELTER,)
    network.refresh(url)
    assert {row[1:3] for row in minutes(url, category="SAFE_SHELTER").values()} == {(shelters[1], True)}


def test_another_category_is_two_changes(url, towns, roads):
    run(url, "UPDATE lakana.service SET category = 'LEGAL_AID'")
    assert set(stale(url)) == {MEDICAL, ServiceCategory.LEGAL_AID}
    network.refresh(url)
    assert minutes(url) == {}
    assert {row[2] for row in minutes(url, category="LEGAL_AID").values()} == {True}


def test_what_changes_no_time_makes_none_stale(url, towns, roads):
    before = rows(url, "lakana.travel_time")
    run(url, "UPDATE lakana.service SET capacity = 5, point = point")
    run(url, "UPDATE lakana.demand_point SET under_18 = 7")
    run(url, "DELETE FROM lakana.service WHERE false")
    assert stale(url) == ()
    assert rows(url, "lakana.travel_time") == before


def test_demand_that_comes_or_moves_is_estimated_until_computed(url, towns, roads):
    a, d, service = towns
    with owner_transaction(url) as connection:
        land = Roads(connection)
        new = land.demand(land.home, *PLACES[C])
        land.run("UPDATE lakana.demand_point SET point = :point WHERE id = :id", id=d, point=point(*PLACES[B]))
    assert {each: row[2] for each, row in minutes(url).items()} == {a: True, d: False, new: False}
    assert stale(url) == EVERYTHING
    network.refresh(url)
    assert minutes(url)[d] == (0, service, True, False)
    assert minutes(url)[new][2]
    run(url, "DELETE FROM lakana.demand_point WHERE id = :id", id=new)
    assert minutes(url).keys() == {a, d}


def test_a_change_while_times_are_computed_is_not_lost(url, towns, roads, monkeypatch):
    """Another session moves the service between the computing and the putting: it is computed once more."""
    a, _, service = towns
    run(url, "UPDATE lakana.service SET point = :point", point=point(*PLACES[D]))
    compute = times.Times._compute
    computed: list[ServiceCategory] = []

    def and_move(self, category):
        compute(self, category)
        if not computed:
            run(url, "UPDATE lakana.service SET point = :point", point=point(*PLACES[A]))
        computed.append(category)

    monkeypatch.setattr(times.Times, "_compute", and_move)
    network.refresh(url)
    assert computed == [MEDICAL, MEDICAL]
    assert minutes(url)[a] == (0, service, True, False)
    assert stale(url) == ()


def test_an_import_that_fails_leaves_everything_as_it_was(url, towns, roads, tmp_path, monkeypatch):
    before = everything(url)
    bad = tmp_path / "bad.osm"
    bad.write_text(drawn.osm()[:-30])
    with pytest.raises(SetupError, match="no whole file"):
        network.import_roads(url, bad)

    def fail(self, category):
        if category is EVERYTHING[-1]:
            raise KeyboardInterrupt

    monkeypatch.setattr(times.Times, "_compute", fail)
    other = drawn.write(tmp_path, drawn.WAYS[:1])
    with pytest.raises(KeyboardInterrupt):
        network.import_roads(url, other)
    assert everything(url) == before


def test_a_second_import_replaces_the_first(url, towns, roads, tmp_path):
    _, d, _ = towns
    assert minutes(url)[d][0] is not None
    found = network.import_roads(url, drawn.write(tmp_path, drawn.WAYS[:1]), 100)
    assert found.edges < roads.edges
    assert found.max_off_road_m == 100
    assert minutes(url)[d] == (None, None, True, True)
    assert len(rows(url, "lakana.road_network")) == 1
    assert sum("OpenStreetMap" in row for (row,) in rows(url, "lakana.source")) == 1


def test_it_is_in_the_audit_log_and_in_a_backup(url, towns, roads, make_database, tmp_path):
    with owner_transaction(url) as connection:
        told = Land(connection).one(
            "SELECT after FROM audit.entry WHERE action = 'LOAD' AND after ->> 'file' IS NOT NULL"
        )
    assert told == {"file": "drawn.osm", "nodes": roads.nodes, "edges": roads.edges}
    assert audit.verify(url, tmp_path)[1] == []
    file, other = tmp_path / "lakana.backup", make_database()
    backup.backup(url, file)
    backup.restore(other, file)
    assert everything(other) == everything(url)
    owner.check(other)
    assert network.refresh(other, everything=True) == EVERYTHING
    assert minutes(other) == minutes(url)
