"""What scenarios would change, beside the same changes made for good and taken back."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from api.graphql.compile.execution import Context, executed
from geo.audience import Audience, Caller
from geo.database import owner
from tests.writes.conftest import Desk

pytestmark = pytest.mark.database

PLANNER = Caller(Audience.PLANNER, "planner of scenarios")
FIGURES = """{ populationUnder18 coveredBeforeUnder18 coveredUnder18 uncoveredUnder18 coveredPercent newlyCoveredUnder18
  lostUnder18 netUnder18 meanDistanceBeforeMetres meanDistanceMetres maxDistanceBeforeMetres maxDistanceMetres
  area { id } }"""
COMPARE = f"""query ($ids: [ID!]!, $within: ReachInput!, $area: AreaCode, $level: AreaLevel) {{
  compareScenarios(scenarioIds: $ids, within: $within, areaCode: $area, level: $level) {{ basis reachMetres estimate {{ mode }} dataAsOf {{ services population incidents loadedOn }}
    base {{ scenario {{ id }} total {FIGURES} areas {FIGURES} capacityBefore capacity capacityAdded unknownCapacityCount changedData {{ part }} }}
    scenarios {{ scenario {{ id }} total {FIGURES} areas {FIGURES} capacityBefore capacity capacityAdded unknownCapacityCount changedData {{ part }} }} }} }}"""
COVERAGE = """query ($metres: Float!) { coverage(need: {categories: [SAFE_SHELTER]}, within: {metres: $metres}) {
  total { coveredUnder18 } areas { area { id } coveredUnder18 } } }"""
NEAREST = """SELECT d.id::text, d.area_set_id::text, d.under_18, a.distance_m FROM lakana.demand_point d
LEFT JOIN lakana.access a ON a.demand_point_id = d.id AND a.category = %s"""
WITHIN = "SELECT area_id::text, ancestor_id::text FROM lakana.area_within"
PARTS = {
    None: "SELECT id::text FROM lakana.admin_area WHERE parent_id::text = %s",
    2: """SELECT a.id::text FROM lakana.admin_area a JOIN lakana.area_within w ON w.area_id = a.id
          WHERE a.level = 2 AND a.edition = '2018' AND w.ancestor_id::text = %s""",
}


@pytest.fixture(scope="module")
def desk(copy_seeded) -> Iterator[Desk]:
    made = Desk(copy_seeded())
    yield made
    made.close()


@pytest.fixture
def save(desk: Desk):
    def save(*changes: dict[str, Any], category: str = "SAFE_SHELTER", **more: Any) -> str:
        given = {"name": "Essai", "category": category, "changes": list(changes), **more}
        saved: str = desk.done(PLANNER, "createScenario", **given)["id"]
        return saved

    return save


def add(lon: float, lat: float, **more: Any) -> dict[str, Any]:
    return {"add": {"point": {"lon": lon, "lat": lat}, "name": "Site", **more}}


def close(service_id: str) -> dict[str, Any]:
    return {"close": {"serviceId": service_id}}


def move(service_id: str, lon: float, lat: float) -> dict[str, Any]:
    return {"move": {"serviceId": service_id, "point": {"lon": lon, "lat": lat}}}


def read(desk: Desk, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in desk.rows(statement, *values)]


def services(desk: Desk, category: str) -> list[str]:
    return [
        row[0]
        for row in desk.rows(
            f"SELECT id::text FROM lakana.service WHERE category = '{category}' AND NOT confidential ORDER BY id"
        )
    ]


def compare(desk: Desk, *ids: str, metres: float = 30_000, **more: Any) -> Any:
    return desk.ask(PLANNER, COMPARE, ids=list(ids), **({"within": {"metres": metres}} | more))


def made_for_good(desk: Desk, category: str, changes: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Make the changes in the directory, read what the triggers keep of distances, and take all back.

    A moved service goes and comes as another.
    """
    with owner.owner_engine(desk.url).connect() as connection, connection.begin() as transaction:

        def site(point: dict[str, float]) -> None:
            connection.exec_driver_sql(
                "INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id) "
                "SELECT actor_id, 'Site', %s, ST_MakePoint(%s, %s)::geography, area_id, source_id "
                "FROM lakana.service WHERE NOT confidential ORDER BY id LIMIT 1",
                (category, point["lon"], point["lat"]),
            )

        for change in changes:
            [(kind, given)] = change.items()
            if kind in ("close", "move"):
                connection.exec_driver_sql("DELETE FROM lakana.service WHERE id::text = %s", (given["serviceId"],))
            if kind in ("add", "move"):
                site(given["point"])
        rows = [tuple(row) for row in connection.exec_driver_sql(NEAREST, (category,))]
        transaction.rollback()
    return rows


class Expected:
    """The figures of a comparison, worked out in Python from distances before and after."""

    def __init__(self, desk: Desk, before: list[tuple], after: list[tuple], reach_m: float) -> None:
        later = {row[0]: row[3] for row in after}
        self._rows = [(area, children, was, later[point]) for point, area, children, was in before]
        self._reach_m = reach_m
        self._above = defaultdict(set)
        for area, ancestor in read(desk, WITHIN):
            self._above[area].add(ancestor)

    def by_part(self, whole: str, parts: set[str]) -> dict[str, dict[str, Any]]:
        """Return the figures by part; a demand point in no part counts for the whole itself, as do all under ''."""
        held = defaultdict(list)
        for row in self._rows:
            above = self._above[row[0]]
            if whole in above:
                held[min(above & parts, default=whole)].append(row)
                held[""].append(row)
        return {part: self._figures(rows) for part, rows in held.items()}

    def _figures(self, rows: list[tuple]) -> dict[str, Any]:
        def reached(metres: float | None) -> bool:
            return metres is not None and metres <= self._reach_m

        def mean(turn: int) -> float | None:
            people = sum(row[1] for row in rows)
            known = people and all(row[turn] is not None for row in rows)
            return sum(row[1] * row[turn] for row in rows) / people if known else None

        def longest(turn: int) -> float | None:
            return max((row[turn] for row in rows if row[1] and row[turn] is not None), default=None)

        newly = sum(row[1] for row in rows if reached(row[3]) and not reached(row[2]))
        lost = sum(row[1] for row in rows if reached(row[2]) and not reached(row[3]))
        return {
            "populationUnder18": sum(row[1] for row in rows),
            "coveredBeforeUnder18": sum(row[1] for row in rows if reached(row[2])),
            "coveredUnder18": sum(row[1] for row in rows if reached(row[3])),
            "uncoveredUnder18": sum(row[1] for row in rows if not reached(row[3])),
            "newlyCoveredUnder18": newly,
            "lostUnder18": lost,
            "netUnder18": newly - lost,
            "meanDistanceBeforeMetres": mean(2),
            "meanDistanceMetres": mean(3),
            "maxDistanceBeforeMetres": longest(2),
            "maxDistanceMetres": longest(3),
        }


def check(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, figure in expected.items():
        if isinstance(figure, float):
            assert abs(found[name] - figure) < 1e-6, name
        else:
            assert found[name] == figure, name


def sample(desk: Desk, seed: int) -> tuple[str, list[dict[str, Any]]]:
    """Draw a scenario: sites on towns and between them, services closed and moved."""
    draw = random.Random(seed)
    category = draw.choice(["SAFE_SHELTER", "LEGAL_AID", "OTHER", "IDENTIFICATION"])
    known = services(desk, category)
    chosen = draw.sample(known, min(len(known), draw.randint(2, 12)))
    towns = read(desk, "SELECT ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.locality ORDER BY code")
    changes = [close(each) for each in chosen[::2]]
    changes += [move(each, *draw.choice(towns)) for each in chosen[1::2]]
    changes += [add(*draw.choice(towns)) for _ in range(draw.randint(0, 4))]
    for _ in range(draw.randint(0, 10)):  # between two towns, and so inside the hull of the country
        (lon, lat), (other_lon, other_lat), share = draw.choice(towns), draw.choice(towns), draw.random()
        changes.append(add(lon + share * (other_lon - lon), lat + share * (other_lat - lat)))
    return category, changes


@pytest.mark.parametrize("seed", range(8))
def test_a_comparison_is_what_the_changes_would_bring_for_good(desk: Desk, save, seed: int):
    category, changes = sample(desk, seed)
    metres, level = (5_000.0, 30_000.0, 120_000.0)[seed % 3], (None, 2)[seed % 2]
    [whole] = desk.rows("SELECT lakana.home_area()::text")[0]
    before = read(desk, NEAREST, category)
    after = made_for_good(desk, category, changes)
    assert before != after
    level_asked = level and f"ADM{level}"
    answer = compare(desk, save(*changes, category=category), metres=metres, level=level_asked)
    [outcome] = answer["scenarios"]
    expected = Expected(desk, before, after, metres).by_part(whole, {row[0] for row in desk.rows(PARTS[level], whole)})
    check(outcome["total"], expected.pop(""))
    assert {each["area"]["id"] for each in outcome["areas"]} == set(expected)
    for each in outcome["areas"]:
        check(each, expected[each["area"]["id"]])
    unchanged = Expected(desk, before, before, metres).by_part(whole, set())
    check(answer["base"]["total"], unchanged[""])
    assert answer["base"]["total"]["netUnder18"] == 0


def test_an_area_and_a_time_of_travel(desk: Desk, save):
    changes = [add(-5.46, 12.39), close(services(desk, "SAFE_SHELTER")[0])]
    before = read(desk, NEAREST, "SAFE_SHELTER")
    after = made_for_good(desk, "SAFE_SHELTER", changes)
    travel = {"mode": "MOTORCYCLE", "season": "RAINY", "minutes": 90}
    answer = compare(desk, save(*changes), within={"travel": travel}, area="COD-AB:ML03")
    speed, detour = desk.one(
        "SELECT speed_km_h, detour FROM lakana.travel_estimate WHERE mode = 'MOTORCYCLE' AND season = 'RAINY'"
    )
    assert answer["reachMetres"] == pytest.approx(1.5 * speed * 1000 / detour, rel=1e-12)
    whole = desk.one("SELECT lakana.area_in_force('COD-AB:ML03')::text")
    parts = {row[0] for row in desk.rows(PARTS[2], whole)}  # of a region, the cercles whose outlines are known
    expected = Expected(desk, before, after, answer["reachMetres"]).by_part(whole, parts)
    [outcome] = answer["scenarios"]
    check(outcome["total"], expected.pop(""))
    assert {each["area"]["id"] for each in outcome["areas"]} == set(expected)


def test_the_sums_add_up_and_the_base_is_what_coverage_says(desk: Desk, save):
    farthest = desk.one(
        "SELECT ST_X(l.point::geometry), ST_Y(l.point::geometry) FROM lakana.access a "
        "JOIN lakana.demand_point d ON d.id = a.demand_point_id JOIN lakana.locality l ON l.id = d.locality_id "
        "WHERE a.category = 'SAFE_SHELTER' AND d.under_18 > 0 ORDER BY a.distance_m DESC LIMIT 1"
    )
    changes = [add(*farthest), *(close(each) for each in services(desk, "SAFE_SHELTER")[:10])]
    answer = compare(desk, save(*changes), save(changes[0]), metres=40_000)
    for outcome in (answer["base"], *answer["scenarios"]):
        total = outcome["total"]
        for name in ("populationUnder18", "coveredUnder18", "newlyCoveredUnder18", "lostUnder18", "netUnder18"):
            assert sum(each[name] for each in outcome["areas"]) == total[name]
        for each in (total, *outcome["areas"]):
            assert each["netUnder18"] == each["newlyCoveredUnder18"] - each["lostUnder18"]
            assert each["netUnder18"] == each["coveredUnder18"] - each["coveredBeforeUnder18"]
            assert each["coveredUnder18"] + each["uncoveredUnder18"] == each["populationUnder18"]
    told = desk.ask(PLANNER, COVERAGE, metres=40_000)
    assert told["total"]["coveredUnder18"] == answer["base"]["total"]["coveredUnder18"]
    by_area = {each["area"]["id"]: each["coveredUnder18"] for each in told["areas"]}
    assert by_area == {each["area"]["id"]: each["coveredUnder18"] for each in answer["base"]["areas"]}
    assert answer["scenarios"][0]["total"]["lostUnder18"] > 0
    assert answer["scenarios"][1]["total"]["newlyCoveredUnder18"] > 0


def test_the_limit_itself_is_within_reach(desk: Desk, save):
    """A site beside the demand point that is farthest from all: its distance is the threshold, then a hair less."""
    lon, lat, far, children = desk.one(
        "SELECT ST_X(d.point::geometry), ST_Y(d.point::geometry) - 0.02, a.distance_m, d.under_18 "
        "FROM lakana.access a JOIN lakana.demand_point d ON d.id = a.demand_point_id "
        "WHERE a.category = 'SAFE_SHELTER' AND d.under_18 > 0 ORDER BY a.distance_m DESC, d.id LIMIT 1"
    )
    metres = desk.one(
        f"SELECT min(ST_Distance(ST_MakePoint({lon}, {lat})::geography, point)) FROM lakana.demand_point WHERE under_18 > 0"
    )
    assert metres < far
    one = save(add(lon, lat))
    assert compare(desk, one, metres=metres)["scenarios"][0]["total"]["newlyCoveredUnder18"] >= children
    assert compare(desk, one, metres=metres - 1e-6)["scenarios"][0]["total"]["newlyCoveredUnder18"] == 0


def test_with_every_service_closed_nobody_is_covered_and_nobody_knows_how_far(desk: Desk, save):
    everyone = services(desk, "OTHER")
    assert 1 < len(everyone) <= 50
    total = compare(desk, save(*map(close, everyone), category="OTHER"))["scenarios"][0]["total"]
    assert (total["coveredUnder18"], total["coveredPercent"], total["meanDistanceMetres"]) == (0, 0, None)
    assert total["lostUnder18"] == total["coveredBeforeUnder18"] > 0
    moved = [move(everyone[0], -8, 12.6), *map(close, everyone[1:])]
    total = compare(desk, save(*moved, category="OTHER"))["scenarios"][0]["total"]
    assert total["coveredUnder18"] > 0
    assert total["maxDistanceMetres"] > total["meanDistanceMetres"] > 0


def test_places_are_counted(desk: Desk, save):
    first, second, third = services(desk, "SAFE_SHELTER")[:3]
    known = dict(
        read(desk, "SELECT id::text, capacity FROM lakana.service WHERE category = 'SAFE_SHELTER' AND NOT confidential")
    )
    resize = {"resize": {"serviceId": second, "capacity": 99}}
    answer = compare(
        desk, save(add(-5.46, 12.39, capacity=20), close(first), resize, move(third, -8, 12.6), add(-8, 13))
    )
    [outcome] = answer["scenarios"]
    assert outcome["capacityBefore"] == sum(known.values())
    assert outcome["capacityAdded"] == 20 - known[first] + 99 - known[second]
    assert outcome["capacity"] == outcome["capacityBefore"] + outcome["capacityAdded"]
    assert answer["base"]["capacity"] == answer["base"]["capacityBefore"] == outcome["capacityBefore"]
    assert (answer["base"]["unknownCapacityCount"], outcome["unknownCapacityCount"]) == (0, 1)  # the second site added


def test_what_a_comparison_rests_on_is_told(desk: Desk, save):
    one = save(add(-8, 13))
    measured = compare(desk, one)
    assert (measured["basis"], measured["reachMetres"], measured["estimate"]) == ("MEASURED", 30_000, None)
    timed = compare(desk, one, within={"travel": {"mode": "WALK", "minutes": 60}})
    assert (timed["basis"], timed["estimate"]) == ("ESTIMATE", {"mode": "WALK"})


def test_where_nobody_is_counted_nobody_is_known(copy_seeded):
    desk = Desk(copy_seeded())
    desk.rows("DELETE FROM lakana.demand_point RETURNING 1")
    given: dict[str, Any] = {"name": "Essai", "category": "SAFE_SHELTER", "changes": [add(-8, 13)]}
    answer = compare(desk, desk.done(PLANNER, "createScenario", **given)["id"])
    for outcome in (answer["base"], *answer["scenarios"]):
        assert {value for name, value in outcome["total"].items() if name != "area"} == {None}
    desk.close()


def test_what_is_kept_is_told_again(desk: Desk, save):
    first, second, third = services(desk, "SAFE_SHELTER")[:3]
    one = save(
        add(-5.46, 12.39, capacity=20),
        close(first),
        move(second, -8, 12.5),
        {"resize": {"serviceId": third, "capacity": 0}},
    )
    told = desk.ask(
        PLANNER,
        """query ($id: ID!) { node(id: $id) { ... on Scenario { name category categoryLabel(language: "en") version
        changes { kind serviceId service { id } name point capacity } } } }""",
        id=one,
    )
    nothing = {"serviceId": None, "service": None, "name": None, "point": None, "capacity": None}
    assert told == {
        "name": "Essai",
        "category": "SAFE_SHELTER",
        "categoryLabel": "Safe shelter",
        "version": 1,
        "changes": [
            nothing | {"kind": "ADD", "name": "Site", "point": _point(-5.46, 12.39), "capacity": 20},
            nothing | {"kind": "CLOSE", "serviceId": first, "service": {"id": first}},
            nothing | {"kind": "MOVE", "serviceId": second, "service": {"id": second}, "point": _point(-8, 12.5)},
            nothing | {"kind": "RESIZE", "serviceId": third, "service": {"id": third}, "capacity": 0},
        ],
    }


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_nothing_real_changes(desk: Desk, save):
    tables = [
        f"{schema}.{name}"
        for schema, name in read(
            desk,
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('lakana', 'exact', 'raw', 'identity') "
            "AND tablename <> 'scenario'",
        )
    ]
    assert len(tables) > 20

    def hashes() -> list[Any]:
        return [desk.one(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {each} t") for each in tables]

    before = hashes()
    changes = sample(desk, 1)
    one = save(*changes[1], category=changes[0])
    compare(desk, one)
    desk.done(PLANNER, "updateScenario", id=one, expectedVersion=1, changes={"changes": [add(-8, 12.6)]})
    compare(desk, one)
    desk.done(PLANNER, "retireScenario", id=one, expectedVersion=2)
    assert hashes() == before


def test_a_scenario_that_names_a_confidential_service_is_refused(desk: Desk, save):
    hidden = desk.one("SELECT id::text FROM lakana.service WHERE confidential ORDER BY id LIMIT 1")
    for change in (close(hidden), move(hidden, -8, 12.6), {"resize": {"serviceId": hidden, "capacity": 3}}):
        values: dict[str, Any] = {"name": "Essai", "category": "SAFE_SHELTER", "changes": [add(-8, 12.6), change]}
        refused = desk.write(PLANNER, "createScenario", **values)
        [kind] = change
        assert (refused["__typename"], refused["field"]) == ("ValidationError", f"changes.1.{kind}.serviceId")
        assert "confidential" in refused["message"]


def test_one_that_was_saved_before_its_service_became_confidential_is_not_compared(desk: Desk, save):
    kept = save(add(-8, 12.6))
    hidden = desk.one("SELECT id::text FROM lakana.service WHERE confidential ORDER BY id LIMIT 1")
    desk.rows(
        "UPDATE lakana.scenario SET changes = jsonb_build_array(jsonb_build_object('kind', 'CLOSE', 'service_id', %s::text)) "
        "WHERE id::text = %s RETURNING 1", hidden, kept
    )  # fmt: skip
    response = desk.response(PLANNER, COMPARE, ids=[kept], within={"metres": 30_000})
    [error] = response["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "confidential service" in error["message"]


def test_both_ways_of_execution_give_the_same_bytes(desk: Desk, save):
    one = save(add(-5.46, 12.39), close(services(desk, "SAFE_SHELTER")[0]))
    listing = (
        "{ scenarios(first: 2) { totalCount pageInfo { endCursor } edges { cursor node { name changes { kind } } } } }"
    )
    for document, variables in ((COMPARE, {"ids": [one], "within": {"metres": 30_000}}), (listing, {})):
        operation = desk._operations.get(document, None)
        values = operation.variables(variables)
        compiled = desk._runner.run(operation.answer(values, PLANNER, desk.resources))
        assert compiled.codes == (), compiled.body
        answers = desk._runner.run(operation.answers(values, PLANNER, desk.resources))
        context = Context(values, answers, PLANNER, desk.resources)
        assert desk._runner.run(executed(operation, context)).body == compiled.body


def test_pages_neither_repeat_nor_skip(desk: Desk, save):
    for number in range(5):
        save(add(-5.46, 12.39), name=f"Page {number}")
    page = """query ($after: String) { scenarios(first: 2, after: $after) { totalCount edges { node { id name } }
      pageInfo { endCursor hasNextPage } } }"""
    found: list[tuple[str, str]] = []
    after, more = None, True
    while more:
        answer = desk.ask(PLANNER, page, after=after)
        found += [(each["node"]["name"], each["node"]["id"]) for each in answer["edges"]]
        after, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]
    assert len(found) == len(set(found)) == answer["totalCount"]
    assert found == sorted(found)
