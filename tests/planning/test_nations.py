"""Several nations in one database: each is planned by its own people and services, and none without being named.

Two nations side by side, west and east of the meridian, and a third on the other side of the earth. What is nearest is
measured again in Python, by each nation alone.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import insert

from geo.database import owner, tables
from geo.roads import network
from seeds.loading.distances import worked_out_once
from tests.database.land import Land, square
from tests.geodesy import distance_m
from tests.planning import drawn
from tests.planning.answers import answer

pytestmark = pytest.mark.database

NATIONS = ("W", "E", "F")
MIDDLE = {"W": (-1.0, 12.0), "E": (1.0, 12.0), "F": (179.9, -17.0)}


class Nations(Land):
    """Each nation with a region, towns and services of its own, drawn by chance around its middle."""

    def __init__(self, connection: Any, nations: tuple[str, ...] = NATIONS) -> None:
        super().__init__(connection)
        self.nation = {code: self.area(code, 0, scheme=f"T{code}") for code in nations}
        self.region = {
            code: self.area(f"{code}1", 1, scheme=f"T{code}", parent_id=self.nation[code]) for code in nations
        }
        self.office = {code: self.actor(self.region[code]) for code in nations}
        self.points: dict[str, list[tuple[str, float, float]]] = {code: [] for code in nations}
        self.services: dict[str, list[tuple[str, float, float]]] = {code: [] for code in nations}

    def town(self, code: str, lon: float, lat: float, children: int = 100) -> str:
        people = {"population": 2 * children, "under_18": children, "population_year": 2022}
        home = self.locality(
            f"{code}{len(self.points[code])}", self.region[code], lon, lat, scheme=f"T{code}", **people
        )
        more = {"population": 2 * children, "under_18": children, "locality_id": home}
        self.points[code].append((self.demand(self.region[code], lon, lat, **more), lon, lat))
        return home

    def serve(self, code: str, lon: float, lat: float, category: str = "MEDICAL") -> str:
        made = self.service(self.office[code], self.region[code], lon, lat, category=category)
        if category == "MEDICAL":
            self.services[code].append((made, lon, lat))
        return made

    def nearest(self) -> dict[str, tuple[str, Any]]:
        """The nearest service of each point's own nation, measured one by one."""
        found = {}
        for code, points in self.points.items():
            for point, lon, lat in points:
                far = [(distance_m(lon, lat, x, y), made) for made, x, y in self.services[code]]
                if far:
                    metres, made = min(far)
                    found[point] = (made, pytest.approx(metres, abs=0.01))
        return found

    def told(self) -> dict[str, tuple[str, float]]:
        rows = self.rows(
            "SELECT demand_point_id::text, service_id::text, distance_m FROM lakana.access WHERE category = 'MEDICAL'"
        )
        return {point: (made, metres) for point, made, metres in rows}


@pytest.fixture
def nations(empty_url):
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        yield Nations(connection)
        transaction.rollback()


def scattered(nations: Nations, seed: int) -> Nations:
    chance = random.Random(seed)
    for code, (lon, lat) in MIDDLE.items():
        for _ in range(8):
            nations.town(
                code, lon + chance.uniform(-1.5, 1.5) % 1.2, lat + chance.uniform(-1, 1), chance.randrange(1, 900)
            )
    for code, (lon, lat) in (("W", MIDDLE["W"]), ("E", MIDDLE["E"])):
        for _ in range(4):
            nations.serve(code, lon + chance.uniform(-1.5, 1.5), lat + chance.uniform(-1, 1))
    return nations


def test_what_is_nearest_is_of_the_own_nation_after_many_came_at_once(nations):
    """Those of a list are followed once, at the end: what is found before is of all nations, and must not be taken."""
    scattered(nations, 0)
    with worked_out_once(nations.connection):
        for number in range(40):
            nations.serve("WE"[number % 2], (number - 20) / 100, 12 + number / 100)
    assert nations.told() == nations.nearest()


@pytest.mark.parametrize("seed", range(3))
def test_what_is_nearest_is_of_the_own_nation_after_every_change(nations, seed):
    scattered(nations, seed)
    assert nations.told() == nations.nearest()
    assert not any(point in nations.told() for point, _, _ in nations.points["F"])  # it has no service: nothing is near
    first = nations.serve("F", 179.0, -17.0)  # the first of a nation, and then the last again
    assert nations.told() == nations.nearest()
    nations.run("DELETE FROM lakana.service WHERE id = :id", id=first)
    nations.services["F"].clear()
    assert nations.told() == nations.nearest()
    gone, *_ = nations.services["W"].pop()
    nations.run("UPDATE lakana.service SET point = 'POINT(0.1 12)'::geography WHERE id = :id", id=gone)
    nations.services["W"].append((gone, 0.1, 12.0))
    assert nations.told() == nations.nearest()
    # A post on the border comes to the other nation without being moved.
    nations.run("UPDATE lakana.service SET area_id = :area WHERE id = :id", area=nations.region["E"], id=gone)
    nations.services["E"].append(nations.services["W"].pop())
    assert nations.told() == nations.nearest()
    nations.town("W", 0.2, 12.1)
    assert nations.told() == nations.nearest()


def test_posts_of_two_nations_may_stand_at_one_spot(nations):
    here, there = nations.serve("W", 0, 12), nations.serve("E", 0, 12)
    nations.town("W", -0.5, 12)
    nations.town("E", 0.5, 12)
    assert nations.told() == nations.nearest()
    nations.run("DELETE FROM lakana.service WHERE id = :id", id=here)
    nations.services["W"].clear()
    assert nations.told() == nations.nearest()
    assert [made for made, _ in nations.told().values()] == [there]


def test_a_nation_that_comes_later_takes_its_places_with_it(empty_url):
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        alone = Nations(connection, ("W",))
        alone.serve("W", -1, 12)
        alone.town("W", -1.2, 12)
        assert alone.one("SELECT count(*) FROM lakana.nation_spot") == 0  # with one nation nothing is kept twice
        more = Nations(connection, ("E",))
        more.run("SELECT lakana.settle_places()")
        more.town("E", 1.2, 12)
        alone.points |= more.points
        alone.services |= more.services
        assert alone.told() == alone.nearest()
        assert len(alone.told()) == 1
        transaction.rollback()


def test_a_place_on_the_border_lies_in_the_nation_that_it_is_registered_in(nations):
    for code, lon in (("W", -2.0), ("E", -0.1)):  # drawn by two hands, they overlap
        nations.run(
            "UPDATE lakana.admin_area SET geom = :geom WHERE id = :id",
            geom=square(lon, 11, 2.1),
            id=nations.region[code],
        )
    nations.town("W", 0.05, 12)
    ours = "SELECT count(*) FROM lakana.demand_point d JOIN lakana.area_within w ON w.area_id = d.area_set_id WHERE w.ancestor_id = :id"
    assert [nations.one(ours, id=nations.nation[code]) for code in ("W", "E")] == [1, 0]


NEED = "need: {categories: [MEDICAL]}, within: {metres: 1000}"
LISTS = {
    "coverageGaps": f"{{ coverageGaps({NEED}, first: 50%s) {{ edges {{ node {{ locality {{ areaCode }} }} }} }} }}",
    "localityCoverage": f"{{ localityCoverage({NEED}, first: 50%s) {{ edges {{ node {{ locality {{ areaCode }} }} }} }} }}",
    "travelTimes": "{ travelTimes(category: MEDICAL, mode: WALK, first: 50%s) { edges { node { locality { areaCode } } } } }",
    "accessScores": "{ accessScores(category: MEDICAL, within: {metres: 900000}, first: 50%s) "
    "{ edges { node { locality { areaCode } } } } }",
}
ALL = LISTS | {
    "coverage": f"{{ coverage({NEED}%s) {{ total {{ populationUnder18 }} }} }}",
    "coverageCurve": "{ coverageCurve(need: {categories: [MEDICAL]}%s) { points { coveredUnder18 } } }",
    "gapAreas": "{ gapAreas(category: MEDICAL, within: {metres: 1000}%s) { areaSquareKilometres } }",
    "trends": "{ trends(level: LOCALITY%s) { fromPeriod } }",
    "trends of a scheme": '{ trends(level: ADM1, scheme: "TW"%s) { fromPeriod } }',
    "hotspots": '{ hotspots(level: LOCALITY, period: "2025"%s) { totalCount } }',
    "counts": '{ incidentCounts(level: LOCALITY, period: "2025"%s) { edges { node { count } } } }',
    "siting": "{ siteRecommendations(category: MEDICAL, within: {metres: 1000}, model: MCLP%s) { status } }",
    "training": "{ trainingCoverage(kind: SCHOOL, within: {metres: 1000}%s) { trainedActorCount } }",
}


@pytest.mark.parametrize("name", ALL)
def test_where_there_are_several_nations_planning_asks_which(nations, name):
    scattered(nations, 1)
    with pytest.raises(Exception) as caught, nations.connection.begin_nested():
        answer(nations.connection, ALL[name] % "")
    error: Any = caught.value
    told = (error.__context__ or error).diag  # the prepared statement cannot be removed any more, which is told first
    assert (told.sqlstate, told.message_detail) == ("LK400", "areaCode")
    assert told.message_hint == "TE:E (E), TF:F (F), TW:W (W)"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("code", NATIONS)
def test_lists_of_planning_have_one_nation_alone(nations, name, code):
    scattered(nations, 2)
    told = answer(nations.connection, LISTS[name] % f', areaCode: "T{code}:{code}"')
    codes = {edge["node"]["locality"]["areaCode"] for edge in told["edges"]}
    assert codes == {f"T{code}:{code}{number}" for number in range(8)}


def test_help_across_the_border_is_no_coverage_and_no_place(nations):
    nations.town("W", -0.01, 12, 100)
    nations.serve("E", 0.01, 12)
    nations.run("UPDATE lakana.service SET capacity = 10")
    total = '{ coverage(%s, areaCode: "TW:W") { total { coveredUnder18 populationUnder18 } } }'
    need = "need: {categories: [MEDICAL]}, within: {metres: 50000}"
    assert answer(nations.connection, total % need)["total"] == {"coveredUnder18": 0, "populationUnder18": 100}
    scores = '{ accessScores(category: MEDICAL, within: {metres: 50000}, areaCode: "TW:W") { serviceCount unservedUnder18 } }'
    assert answer(nations.connection, scores) == {"serviceCount": 0, "unservedUnder18": 100}


def test_land_is_not_reached_from_across_the_border(nations):
    nations.run(
        "UPDATE lakana.admin_area SET geom = :geom WHERE id = :id", geom=square(-1, 11.5, 1), id=nations.nation["W"]
    )
    nations.serve("E", 0.01, 12)
    land = '{ gapAreas(category: MEDICAL, within: {metres: 900000}, areaCode: "TW:W") { areaSquareKilometres } }'
    before = answer(nations.connection, land)
    nations.serve("W", -0.5, 12)
    assert (before["areaSquareKilometres"] > 10_000, answer(nations.connection, land)["areaSquareKilometres"]) == (
        True,
        0,
    )


def test_what_is_nearest_to_a_child_is_told_with_its_nation(nations):
    nations.serve("E", 0.01, 12)
    nations.serve("W", -0.9, 12)
    near = (
        "{ nearestServices(origin: {lon: -0.01, lat: 12}, categories: [MEDICAL])"
        " { service { location { nation { areaCode } } actor { location { nation { areaCode } } } } } }"
    )
    told = [each["service"] for each in answer(nations.connection, near)]
    nation = [(each["location"]["nation"], each["actor"]["location"]["nation"]) for each in told]
    assert [(its["areaCode"], whose["areaCode"]) for its, whose in nation] == [
        ("TE:E", "TE:E"),
        ("TW:W", "TW:W"),
    ]


def test_only_those_who_were_trained_in_the_nation_count(nations):
    nations.town("W", 0, 12, 70)
    event = nations.add(
        tables.training_event, name="Formation", starts_on="2024-01-01", ends_on="2024-01-02", participant_kinds=["POLICE_BRIGADE"],
        topics=["TRAFFICKING"], source_id=nations.source,
    )  # fmt: skip
    values = {"actor_id": nations.office["E"], "training_event_id": event, "source_id": nations.source}
    nations.connection.execute(insert(tables.trained_actor).values(**values))
    asked = '{ trainingCoverage(kind: POLICE_BRIGADE, within: {metres: 1000000}, areaCode: "T%s:%s") { trainedActorCount } }'
    assert [answer(nations.connection, asked % (code, code))["trainedActorCount"] for code in ("W", "E")] == [0, 1]


def test_times_along_a_road_across_the_border_lead_to_the_own_nation(copy_routed, tmp_path):
    """The river of the drawing is the border: west of it the only service is at A, and the bridge leads to a nearer one."""
    url = copy_routed()
    with owner.owner_transaction(url) as connection:
        land = Nations(connection, ("W", "E"))
        home = land.serve("W", *drawn.PLACES[drawn.A])
        abroad = land.serve("E", *drawn.PLACES[drawn.E])
        points = {
            "W": land.demand(land.region["W"], *drawn.PLACES[drawn.D]),
            "E": land.demand(land.region["E"], *drawn.PLACES[drawn.C]),
        }
    network.import_roads(url, drawn.write(tmp_path))
    known = drawn.minutes(url, "CAR")
    assert {code: known[point][1] for code, point in points.items()} == {"W": home, "E": abroad}
    way = drawn.metres(drawn.A, drawn.B) / 65 + drawn.metres(drawn.B, drawn.D) / 55
    assert known[points["W"]][0] == pytest.approx(way * 0.06, rel=1e-6)
