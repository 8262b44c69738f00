"""The price grows with each size that is asked for, at each depth: for every list of the schema, found from the schema."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
)

from api.graphql.compile import document_shape, guard, tariff
from api.graphql.compile.asked import COVERED_ROWS
from api.graphql.compile.country_size import Country
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.readings import Many, Root, Shape, reading
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from api.nearest import questions
from api.pages import map_questions
from geo.database.owner import owner_engine, owner_transaction
from geo.queries.directory import map_sites
from geo.service import Resources
from geo.vocabulary import ActorKind
from geo.writes import trainings
from geo.writes.fields import MOST_LANGUAGES
from geo.writes.scenarios import MOST_CHANGES
from tests.benchmarks.prices import ASKED

SCHEMA = compiled_schema()
ROOTS = SCHEMA.query_type.fields if SCHEMA.query_type else {}
SIZES = {
    "first": (1, 10, 50),
    "distancesMetres": ([1.0], [1.0, 2.0], [float(metres) for metres in range(1, 40)]),
    "scenarioIds": (["a"], ["a", "b"], ["a", "b", "c", "d"]),
    "siteCount": (1, 3, 80),
    "permutations": (99, 999, 9_999),
    "timeLimitSeconds": (1, 4, 8),
    "level": ("ADM1", "ADM2"),
    "need": ({"categories": ["MEDICAL"]}, {"categories": ["MEDICAL", "LEGAL_AID"]}, {"stage": "SUPPORT"}),
}
"""Arguments that determine a size, from small to large."""
REQUIRED = {
    "areaCode": '"ML"',
    "origin": "{lon: 0, lat: 0}",
    "openAt": '"2026-03-02T10:00:00Z"',
    "at": "{lon: 0, lat: 0}",
    "category": "MEDICAL",
    "within": "{metres: 1000}",
    "period": '"2025"',
    "search": '"Mopti"',
    "incidentType": "TRAFFICKING",
    "kind": "NGO",
    "need": "{categories: [MEDICAL]}",
    "mode": "CAR",
    "model": "MCLP",
    "layer": "ACTORS",
    "name": '"a"',
    "id": '"a"',
    "code": '"MLI"',
    "scenarioIds": '["a"]',
    "level": "ADM1",
    "shelterId": '"a"',
    "purpose": '"a purpose"',
}


def is_list(field: GraphQLField) -> bool:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList) and is_object_type(get_named_type(kind))


def paths(of: GraphQLObjectType, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to every list below a type, without going round in circles or deeper than anybody may."""
    if len(above) >= document_shape.MAX_DEPTH - 2:
        return
    for name, field in of.fields.items():
        kind: Any = get_named_type(field.type)
        if not is_object_type(kind) or name in above:
            continue
        if is_list(field):
            yield (*above, name)
        if len(above) < 4:
            yield from paths(kind, (*above, name))


def leaf(kind: Any) -> str:
    leaves = (
        name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type)) and not field.args
    )
    return next(leaves, "__typename")


def document(root: str, way: tuple[str, ...], given: str) -> str:
    kind: Any = get_named_type(ROOTS[root].type)
    for name in way:
        kind = get_named_type(kind.fields[name].type)
    inner = leaf(kind)
    for name in reversed(way):
        inner = f"{name} {{ {inner} }}"
    return f"{{ {root}{given} {{ {inner} }} }}"


def arguments(root: str, **asked: str) -> str:
    needed = {name: REQUIRED[name] for name, each in ROOTS[root].args.items() if is_required_argument(each)}
    given = needed | asked
    return f"({', '.join(f'{name}: {value}' for name, value in given.items())})" if given else ""


def cost(text: str, country: Country | None = None, **variables: Any) -> float:
    operation = Operations(SCHEMA, country).get(text, None)
    values = guard_free(operation, variables)
    return operation.cost(values)


def guard_free(operation: Any, variables: dict[str, Any]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "MAX_COST", float("inf"))
        return operation.variables(variables)


LISTS = [
    (root, way)
    for root, field in ROOTS.items()
    if is_object_type(kind := get_named_type(field.type)) and isinstance(reading(field), Root)
    for way in [(), *paths(kind)]
    if way or is_list(field)
]


def told(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(told(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {told(each)}' for key, each in value.items())}}}"
    return f'"{value}"' if isinstance(value, str) and value.islower() else str(value)


def sized(many: int) -> Country:
    counts: dict[str, Any] = {
        each.name: many for each in fields(Country) if each.name not in {"areas", "rows", "sought"}
    }
    return Country(areas=(1, many, many), sought=((many,),), **counts)


@pytest.mark.parametrize(("root", "way"), LISTS, ids=lambda each: ".".join(each) if isinstance(each, tuple) else each)
def test_a_list_costs_what_it_can_hold(root, way):
    """A list is dearer than its one row would be, unless the country holds one; and a larger country's is as dear or dearer."""
    small, large = sized(1), sized(300)
    text = document(root, way, arguments(root))
    assert cost(text, large) >= cost(text, small)
    last: Any = get_named_type(ROOTS[root].type)
    definition = ROOTS[root]
    for name in way:
        definition = last.fields[name]
        last = get_named_type(definition.type)
    how: Any = reading(definition)
    assert isinstance(how, Many | Root)
    if way:
        assert not (isinstance(how.size, int) and how.size <= 1), "a list of one row is no list"


@pytest.mark.parametrize("root", [name for name, each in ROOTS.items() if set(each.args) & set(SIZES)])
def test_the_price_grows_with_each_size_asked_for(root):
    """As a literal, as a variable and as a variable's default, at every depth where it bounds a list."""
    if not isinstance(reading(ROOTS[root]), Root):
        pytest.skip("worked out by Python")
    kind = get_named_type(ROOTS[root].type)
    ways = [way for name, way in LISTS if name == root] or [()]
    for name in set(ROOTS[root].args) & set(SIZES):
        kinds = str(ROOTS[root].args[name].type)
        sizes = SIZES[name]
        grown = False
        for way in ways:
            costs = []
            for size in sizes:
                if not is_object_type(kind):
                    text, variable = (
                        f"{{ {root}{arguments(root, **{name: each})} }}" for each in (told(size), "$size")
                    )
                else:
                    text, variable = (
                        document(root, way, arguments(root, **{name: each})) for each in (told(size), "$size")
                    )
                costs.append(cost(text))
                assert cost(f"query ($size: {kinds}) {variable}", size=size) == costs[-1]
                if not kinds.endswith("!"):
                    assert cost(f"query ($size: {kinds} = {told(size)}) {variable}") == costs[-1]
            assert costs == sorted(costs)
            grown = grown or costs[-1] > costs[0]
        assert grown or name == "level", f"{root}({name}:) is free"


def test_an_outline_to_which_every_row_may_lead_costs_as_the_largest():
    """The nation's takes 0.85 ms and stood for 0.06 ms, beside each of its 20 regions 15 times."""
    seeds, detailed = Country(), Country(outline_positions=1_000_000)
    bare, own, parents = (
        f"{{ adminAreas(level: ADM1, first: 50) {{ edges {{ node {{ {fields} }} }} }} }}"
        for fields in ("parent { code }", "parent { code } geometry", "parent { code geometry }")
    )
    largest = seeds.outline_positions * tariff.OUTLINE_POSITION
    assert cost(parents, seeds) - cost(bare, seeds) == pytest.approx(50 * largest)
    assert cost(own, seeds) - cost(bare, seeds) == pytest.approx(49 * tariff.OUTLINE + largest)
    spread = parents.replace("{ code geometry }", "{ code ...F }") + " fragment F on AdminArea { geometry }"
    assert cost(spread, seeds) == pytest.approx(cost(parents, seeds))
    one = cost("{ adminAreas(level: ADM0, first: 1) { edges { node { geometry } } } }")
    assert one > largest
    assert cost(parents, detailed) < guard.MAX_COST


def test_coverage_costs_categories_times_demand_points():
    text = "{ coverage(need: {categories: [CATEGORIES]}, within: {metres: 1000}) { basis } }"
    one, two = text.replace("CATEGORIES", "MEDICAL"), text.replace("CATEGORIES", "MEDICAL, LEGAL_AID")
    seeds, tenfold = Country(), Country(demand_points=31_510)
    assert cost(two, seeds) - cost(one, seeds) == pytest.approx(seeds.demand_points * tariff.PAIR)
    assert cost(two, tenfold) - cost(one, tenfold) == pytest.approx(tenfold.demand_points * tariff.PAIR)
    assert cost(two, Country(demand_points=3_000_000)) <= tariff.WORK_AT_MOST + 10  # the rest is charged afterwards


@pytest.mark.parametrize("name", ["START", "FRAME", "REGIONS", "COUNTS", "COVERAGE", "GAPS", "FEATURES", "LAND"])
def test_what_a_map_asks_is_never_too_dear(name):
    """The map of coverage of 300,000 demand points was refused, once they had been counted: it asked for all at once."""
    values = {"nation": "MLI", "category": "MEDICAL", "metres": 30_000.0, "period": "2025", "layer": "SERVICES"}
    text = getattr(map_questions, name)
    given = {each: value for each, value in values.items() if f"${each}:" in text}
    given |= {"first": map_sites.SITES_AT_MOST} if "$first" in text else {}
    sizes: dict[str, Any] = {"demand_points": 3_000_000, "localities": 3_000_000, "services": 1_000_000}
    country = Country(areas=(1, 60, 1_000), sources=200, quarters=40, outline_positions=300_000, **sizes)
    assert cost(text, country, **given) < guard.MAX_COST


def test_a_comparison_costs_the_most_changes_that_its_scenarios_may_have():
    """One of 50 services moved takes 0.8 s, and was priced as 32 ms."""
    text = '{ compareScenarios(scenarioIds: ["a"], within: {metres: 1000}) { category } }'
    seeds, fewer = Country(), Country(demand_points=1_000)
    assert cost(text, seeds) * tariff.POINT_MS > 300
    assert cost(text, fewer) > 1_000 * MOST_CHANGES * tariff.CHANGED
    assert cost(text, Country(demand_points=300_000)) < guard.MAX_COST


def test_a_trial_costs_by_its_changes():
    """As a scenario with as many, and today is not counted apart."""
    text = "query ($n: [PointInput!]) { sitesTried(category: MEDICAL, within: {metres: 1000}, sites: $n) { basis } }"
    points = Country().demand_points
    one, many = (cost(text, Country(), n=[{"lon": 0.0, "lat": 10.0}] * n) for n in (1, 21))
    assert many - one == pytest.approx(20 * points * tariff.CHANGED, rel=0.2)
    assert one > points * tariff.COMPARED
    assert cost(text, Country(demand_points=100_000), n=[{"lon": 0.0, "lat": 10.0}]) < 15_000


def test_sites_cost_candidates_times_demand_points():
    """1,000 points within 300 km cost as much as one, and took the database more than 15 s."""
    given = "category: MEDICAL, within: {metres: 300000}, model: MCLP"
    text = f"query ($points: [PointInput!]!) {{ siteRecommendations({given}, candidates: {{points: $points}}) {{ status }} }}"
    seeds, tenfold = Country(), Country(demand_points=10 * Country().demand_points)
    one, many = ([{"lon": 0.0, "lat": 10.0}] * n for n in (1, 1_000))
    added = cost(text, seeds, points=many) - cost(text, seeds, points=one)
    assert added > 999 * seeds.demand_points * tariff.SITED_PAIR - tariff.WORK_AT_MOST / 4
    assert cost(text, tenfold, points=many) >= tariff.WORK_AT_MOST
    localities = cost(f"{{ siteRecommendations({given}) {{ status }} }}", seeds)
    assert cost(text, seeds, points=one) < localities < cost(text, seeds, points=many)


SOURCED = {
    "coverageGaps": "need: {categories: [MEDICAL]}, within: {metres: 1000}, first: 1",
    "gapAreas": "category: MEDICAL, within: {metres: 1000}",
    "coverage": "need: {categories: [MEDICAL]}, within: {metres: 1000}",
    "localityCoverage": "need: {categories: [MEDICAL]}, within: {metres: 1000}, first: 1",
    "coverageCurve": "need: {categories: [MEDICAL]}",
    "travelTimes": "category: MEDICAL, mode: CAR, first: 1",
    "referralOptions": "at: {lon: 0, lat: 0}, incidentType: TRAFFICKING, first: 1",
    "accessScores": "category: MEDICAL, within: {metres: 1000}, first: 1",
    "compareScenarios": 'scenarioIds: ["a"], within: {metres: 1000}',
    "sitesTried": "category: MEDICAL, within: {metres: 1000}",
}
"""Answers whose sources are looked for among services and demand points."""


@pytest.mark.parametrize("root", SOURCED)
def test_sources_cost_by_the_rows_that_are_looked_at(root):
    """With 300,000 services those of a ranking took 1.2 to 4.6 s for 1,262 points, those of gaps' land 3.2 s for 2."""

    def priced(country):
        sourced, plain = (
            cost(f"{{ {root}({SOURCED[root]}) {{ {each} }} }}", country) for each in ("sources { name }", "__typename")
        )
        return sourced - plain

    assert priced(Country()) < 30
    assert 800 < priced(Country(rows={"services": 300_000})) < 1_500
    assert 800 < priced(Country(demand_points=300_000)) < 1_500


def test_a_referral_costs_by_the_services_of_its_categories_and_not_of_the_largest():
    """With 5,754 clinics, 2,889 schools and few of the rest, the page of case workers was refused for its price."""
    text = "{ referralOptions(at: {lon: 0, lat: 0}, incidentType: TRAFFICKING) { __typename } }"
    few = (138, 79, 60, 59, 41, 33, 30)
    seeds, large = (Country(sought=((*each, *few), few)) for each in ((39, 39), (5_754, 2_889)))
    assert cost(text, large) - cost(text, seeds) == pytest.approx(2 * (1_000 - 39) * tariff.SEARCHED, abs=2)
    at = {"at": {"lon": 0.0, "lat": 0.0}, "incident": "TRAFFICKING"}
    assert (
        cost(questions.NEAREST, Country(services=5_754, rows={"services": 9_276}, sought=large.sought), **at)
        < guard.MAX_COST
    )


def test_a_layer_of_areas_costs_what_there_is():
    """A page of OGC features asks for 10,000; with 251 areas it cost 4,503 points for 14 ms."""
    text = "{ featureCollection(layer: ADMIN_AREAS, first: 10000) }"
    assert 251 * tariff.OUTLINE < cost(text, Country(rows={"admin_areas": 251})) < 1.2 * 251 * tariff.OUTLINE
    assert cost(text, Country(rows={"admin_areas": 60_000})) > 4_000


@pytest.mark.parametrize(
    "name", ["Query", "AdminArea", "ServiceCategory", "WriteError", "CreateScenarioInput", "Int", "Nobody"]
)
def test_introspection_costs_each_value_of_the_type_that_is_named(name, ask):
    """28 times that of all queries took the one thread 3 s, priced as 0.12 s: it had 5 fields of one argument each."""
    fields = (
        "fields { name args { name type { name ofType { name } } } type { ...T } } possibleTypes { name } "
        "enumValues { name } inputFields { name type { kind } } interfaces { name } ofType { name }"
    )
    fragment = " fragment T on __Type { kind ofType { name ofType { kind } } }"
    literal = f'{{ __type(name: "{name}") {{ name {fields} }} }}{fragment}'
    variable = f"query ($name: String!) {{ __type(name: $name) {{ name {fields} }} }}{fragment}"
    whole = ask(literal)["data"]["__type"]
    assert cost(literal) == cost(variable, name=name)
    assert cost(literal) == pytest.approx(
        tariff.ROOT + tariff.INTROSPECTED * (values(whole) if whole else 0), rel=0.35
    )  # what is null here is counted as if it were not


def values(answer: Any) -> int:
    """Return how many values an answer has, each list and object among them."""
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return sum(1 + values(each) for each in parts)


def test_introspection_of_the_whole_schema_may_be_asked_for():
    assert 500 < cost(get_introspection_query()) < guard.MAX_COST / 2


OPEN_AT = 'openAt: "2026-03-01T03:00:00Z"'


@pytest.mark.parametrize("root", ["nearestServices", "nearestSearch"])
def test_a_search_of_all_categories_costs_by_the_services_that_it_may_look_at(root):
    """Of 1,003 services in 17 categories it took 87 ms for 22 points, as if one category were looked at."""

    def priced(services: int, arguments: str = "") -> float:
        text = f"{{ {root}(origin: {{lon: 0, lat: 0}}, first: 1, {OPEN_AT}{arguments}) {{ __typename }} }}"
        return cost(text, Country(services=59, rows={"services": services}))

    assert priced(1_003) > 1_000 * tariff.SEARCHED
    assert priced(300_000) < 1_000 * tariff.SEARCHED + 10
    assert priced(1_003, ", categories: [MEDICAL]") == pytest.approx(59 * tariff.SEARCHED, abs=10)
    assert priced(1_003) * 4 > 87 / tariff.POINT_MS  # which is charged afterwards


@pytest.mark.parametrize("given", ["", OPEN_AT, "categories: [MEDICAL]"])
def test_services_that_come_cost_finding_the_areas_of_the_place(given):
    """With outlines of 41,000 positions it took 66 ms far abroad for 8 points; now 0.4 ms, and 4 ms inside."""
    text = f"{{ nearestServices(origin: {{lon: 0, lat: 0}}, {given}) {{ distanceMetres }} }}"
    assert cost(text, Country(coming=1)) - cost(text, Country()) >= tariff.AT_PLACE
    assert 1.5 * cost(text, Country(coming=1, outline_positions=33_700)) > 4 / tariff.POINT_MS


def test_who_is_competent_costs_by_the_outlines_and_the_actors_of_one_jurisdiction():
    text = "{ competentActors(at: {lon: 0, lat: 0}) { certain } }"
    assert cost(text, Country(outline_positions=33_700)) - cost(text, Country()) > 15
    assert cost(text, Country(competent=12_000)) - cost(text, Country(competent=100)) > 300
    assert cost(text, Country(crowded=12_000)) - cost(text, Country()) > 300  # all on one spot: 71 ms


def test_one_outline_costs_as_the_largest():
    """It was divided by a page that `adminArea` does not have: 5 points for 12.4 ms."""
    detailed = Country(outline_positions=41_000)
    assert cost('{ adminArea(code: "MLI") { geometry } }', detailed) > tariff.OUTLINE_AT_MOST
    page = cost("{ adminAreas(level: ADM1, first: 50) { edges { node { geometry } } } }", detailed)
    assert page < 50 * tariff.OUTLINE + tariff.OUTLINE_AT_MOST + 20


def test_the_nearest_are_cheap_beside_a_walk_over_the_country():
    nearest = cost(
        "{ nearestServices(origin: {lon: 0, lat: 0}, first: 10) { distanceMetres service { id name category phone "
        "openingHours { text } capacity verifiedOn } } }"
    )
    sixteen = ASKED["localityCoverage"][2]
    walk = cost(f"{{ localityCoverage({sixteen}) {{ totalCount }} }}")
    assert nearest < 10
    assert walk > 100 * nearest


def test_what_may_not_be_asked_is_refused_whatever_it_says():
    with pytest.raises(Refused):
        Operations(SCHEMA).get("{ services(first: 1000000000) { edges { node { name } } } }", None).variables({})


NUMBERS = {"Int": (-(2**31), -1, 0, 2**31 - 1), "Float": (-1e308, -1.0, 0.0, 1e308)}


def numeric() -> Iterator[tuple[str, str, str]]:
    for kind, root in (("query", compiled_schema().query_type), ("mutation", compiled_schema().mutation_type)):
        assert root is not None
        for name, field in root.fields.items():
            for argument, declared in field.args.items():
                if get_named_type(declared.type).name in NUMBERS:
                    yield kind, name, argument


@pytest.mark.parametrize(("kind", "name", "argument"), [*numeric()])
def test_no_number_gives_credit(kind, name, argument):
    """Prices are reckoned before values are checked: a work of minus a million points had paid for others."""
    root = compiled_schema().query_type if kind == "query" else compiled_schema().mutation_type
    assert root is not None
    field = root.fields[name]
    given = {each: arg for each, arg in field.args.items() if is_non_null_type(arg.type) or each == argument}
    declared = ", ".join(f"${each}: {arg.type}" for each, arg in given.items())
    passed = ", ".join(f"{each}: ${each}" for each in given)
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    operation = Operations(compiled_schema()).get(f"{kind} ({declared}) {{ {name}({passed}){selection} }}", None)
    named = get_named_type(field.args[argument].type).name
    listed = is_list_type(get_nullable_type(field.args[argument].type))

    def given_as(value: Any) -> Any:
        return SimpleNamespace(coerced={argument: value})

    for number in NUMBERS[named]:
        cost = operation.cost(given_as([number] if listed else number))
        assert cost >= tariff.ROOT, number
        assert operation.cost(given_as(None)) >= tariff.ROOT


SCENARIO: dict[str, Any] = {"name": "A", "category": "MEDICAL", "changes": [{"close": {"serviceId": "a"}}]}


def test_places_cost_by_the_spellings_that_are_known_and_the_letters():
    """100 letters took 3 to 8 ms of the seeds' 900 spellings, « kakaka… » 2.3 s of 300,000, for the price of 3 letters."""

    def of(text: str, names: int) -> float:
        return cost(f'{{ places(search: "{text}") {{ score }} }}', Country(rows={"place_names": names}))

    assert of("Mopti", 1_000) < 30
    assert of("Mopti", 300_000) == pytest.approx(299_000 * (tariff.SEARCHED_NAME + 5 * tariff.SEARCHED_LETTER), rel=0.5)
    assert of("x" * 100, 300_000) > 1.5 * of("abcdefgh", 300_000)
    assert of("ka" * 50, 10_000) > 100 > of("koutiala", 10_000) > 50
    assert of("ka", 10_000) > 250


RETURN = {"localityId": "a", "period": "2025-Q4", "counts": [{"incidentType": "OTHER", "reported": {"count": 1}}]}
SITING = {"category": "MEDICAL", "within": {"metres": 1_000.0}, "model": "MCLP"}
UPDATE = {"id": "a", "expectedVersion": 1}


@pytest.mark.parametrize(
    ("mutation", "small", "large", "more"),
    [
        ("createScenario", SCENARIO, SCENARIO | {"changes": SCENARIO["changes"] * 50}, 49 * tariff.CHANGE),
        (
            "updateScenario",
            UPDATE | {"changes": {"changes": SCENARIO["changes"]}},
            UPDATE | {"changes": {"changes": SCENARIO["changes"] * 50}},
            49 * tariff.CHANGE,
        ),
        ("recordIncidentCounts", {"returns": [RETURN]}, {"returns": [RETURN] * 100}, 99 * tariff.RETURN),
        (
            "setExpectedReporters",
            {"fromPeriod": "2025-Q4", "localityIds": ["a"]},
            {"fromPeriod": "2025-Q4", "localityIds": ["a"] * 500},
            499 * tariff.CHANGE,
        ),
        ("startSiting", SITING, SITING | {"timeLimitSeconds": 600}, 540 * tariff.JOB_SECOND),
        ("startSiting", SITING | {"timeLimitSeconds": -(10**6)}, SITING, tariff.WRITE + 60 * tariff.JOB_SECOND),
    ],
)
def test_a_write_costs_by_what_its_input_holds(mutation, small, large, more):
    text = (
        f"mutation ($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ {mutation}(input: $input) {{ __typename }} }}"
    )
    costs = [cost(text, input=given | {"idempotencyKey": "k"}) for given in (small, large)]
    assert costs[1] - costs[0] == pytest.approx(more)
    assert costs[0] >= tariff.ROOT


def input_lists(kind: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the lists of objects, ids and texts in an input, each with the way to it and what it is made of."""
    for name, field in kind.fields.items():
        of: Any = get_named_type(field.type)
        if is_list_type(get_nullable_type(field.type)):
            if not is_enum_type(of):
                yield (*way, name), of
        elif is_input_object_type(of) and of.name not in way:
            yield from input_lists(of, (*way, name))


def given_for(kind: Any) -> Any:
    """Return a value of an input type, with what is required."""
    of: Any = get_nullable_type(kind)
    if is_list_type(of):
        return [given_for(of.of_type)]
    if is_input_object_type(of):
        needed = {name: each for name, each in of.fields.items() if is_required_input_field(each)}
        if of.is_one_of:
            needed = dict(list(of.fields.items())[:1])
        return {name: given_for(each.type) for name, each in needed.items()}
    if is_enum_type(of):
        return next(iter(of.values))
    return {"Int": 1, "Float": 1.0, "Boolean": True, "Date": "2026-01-01", "GeoJSON": None}.get(of.name, "a")


SHORT = {
    "languages": MOST_LANGUAGES,
    "participants": len(ActorKind),
    "organizerIds": trainings.MOST_ORGANIZERS,
}
"""Lists that hold a few dozen at most."""
WRITTEN = [
    (mutation, way, of)
    for mutation, field in (SCHEMA.mutation_type.fields if SCHEMA.mutation_type else {}).items()
    for way, of in input_lists(get_named_type(field.args["input"].type))
]


@pytest.mark.parametrize(("mutation", "way", "of"), WRITTEN)
def test_every_list_of_a_write_has_a_price(mutation, way, of):
    """recordTraining with 458 actors took 105 to 609 ms for 56 points, startSiting with 1,000 points 25 ms for none."""
    if SHORT.get(way[-1], 100) <= 50:
        return
    assert SCHEMA.mutation_type is not None
    kind: Any = get_named_type(SCHEMA.mutation_type.fields[mutation].args["input"].type)
    text = f"mutation ($input: {kind.name}!) {{ {mutation}(input: $input) {{ __typename }} }}"

    def priced(size: int) -> float:
        given = given_for(kind)
        inner = given
        for name in way[:-1]:
            inner = inner.setdefault(name, {})
            if SCHEMA.type_map["CandidatesInput"] is of:
                inner.clear()
        inner[way[-1]] = [given_for(of)] * size
        return cost(text, input=given)

    assert priced(400) - priced(1) >= 399 * tariff.GIVEN_POINT


BOUNDED = {"scenarios": 200, "sitingJobs": 103}
"""Lists of one's own: the database keeps no more (tests/writes/test_bounds.py)."""
WITHHELD = {"auditEntries", "imports", "people", "proposals", "wrongNumbers"}
"""Lists that the public does not read, or of which some rows are withheld from those who ask: their price depends on nothing that is there."""
CONNECTIONS = [
    name for name, field in ROOTS.items() if isinstance(how := reading(field), Root) and how.shape is Shape.CONNECTION
]


@pytest.mark.parametrize("root", CONNECTIONS)
def test_every_list_costs_by_the_rows_that_are_counted(root, crowded):
    """`auditEntries(first: 1) { totalCount }` was 10 points for 77 ms among 20,000, and grew with the log."""
    if root in BOUNDED:
        assert BOUNDED[root] <= COVERED_ROWS
        return
    if root in WITHHELD:
        assert cost(f"{{ {root} {{ totalCount }} }}") > 300
        return
    text = f"{{ {root}{arguments(root)} {{ totalCount }} }}"
    assert cost(text, crowded) - cost(text) > 300


@pytest.fixture(scope="module")
def crowded(seeded_url) -> Country:
    """A country with 300,000 of each thing that is counted in a database."""
    country, resources = Country(), Resources(seeded_url, 1)
    try:
        asyncio.run(country.look(resources))
    finally:
        resources.close()
    return replace(
        country,
        rows=dict.fromkeys(country.rows, 300_000),
        localities=300_000,
        demand_points=300_000,
        areas=(1, 300_000),
    )


def test_counting_the_audit_log_costs_what_it_takes():
    """77 ms among 20,000 entries."""
    assert 77 / tariff.POINT_MS < cost("{ auditEntries(first: 1) { totalCount } }") < 2_000


def test_no_price_tells_how_many_rows_are_withheld(copy_seeded):
    """The price of `auditEntries { totalCount }` less its answer told the entries about hidden shelters: 7 of 7 exact."""
    url = copy_seeded()
    totals = ("auditEntries", "proposals", "organizations")

    def priced() -> list[float]:
        country, resources = Country(), Resources(url, 1)
        try:
            asyncio.run(country.look(resources))
        finally:
            resources.close()
        return [cost(f"{{ {root} {{ totalCount }} }}", country) for root in totals]

    before = priced()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(WITHHOLD)
    with owner_engine(url).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    assert priced() == before


WITHHOLD = """
SET LOCAL lakana.bulk = 'on';
SELECT audit.append('UNLIST', 'actor', gen_random_uuid()::text, NULL, NULL) FROM generate_series(1, 2000);
DO $$
BEGIN
  FOR partner IN 1..20 LOOP
    PERFORM set_config('lakana.holder', 'partner ' || partner, true);
    INSERT INTO lakana.proposal (kind, subject_id, changes, reason, by_partner)
    SELECT 'SERVICE', id, '{}', 'x y', true FROM generate_series(1, 100),
      (SELECT id FROM lakana.service WHERE confidential ORDER BY id LIMIT 1) s;
  END LOOP;
END $$;
INSERT INTO lakana.organization (name, kind, source_id)
SELECT 'Organisation ' || md5(n::text), kind, source_id FROM generate_series(1, 2000) n,
  (SELECT kind, source_id FROM lakana.organization LIMIT 1) o
"""
"""Entries of the log, proposals and organisations that nobody who asks for them is shown, today."""


def test_a_job_s_question_costs_what_is_read_of_it():
    """100 with 91 kB of `exclude` took 80 to 160 ms for 26 points."""

    def priced(fields):
        return cost(f"{{ sitingJobs(first: 100) {{ edges {{ node {{ {fields} }} }} }} }}")

    assert priced("question { siteCount }") - priced("status") > 99 * tariff.UNPACKED
    assert priced("question { siteCount exclude }") - priced("question { siteCount }") > 99 * tariff.STORED_POLYGONS


COUNTRY_BOX = "bbox: {west: -12, south: 10, east: 4, north: 25}"
TOWN_BOX = "bbox: {west: -6.7, south: 13.1, east: -6.2, north: 13.6}"


@pytest.mark.parametrize("field", ["services", "featureCollection"])
def test_a_box_costs_by_the_rows_that_it_may_hold(field):
    """Where there are many: 300,000 services took 440 to 1,027 ms for 7 points. One page after the other stays cheap."""
    crowded = Country(rows={"services": 300_000, "actors": 20})

    def priced(box, country, field=field):
        layer, selected = ("layer: SERVICES, ", "") if field == "featureCollection" else ("", "{ edges { cursor } }")
        return cost(f"{{ {field}({layer}first: 1{box and ', ' + box}) {selected} }}", country)

    small = priced("", Country())
    assert priced(COUNTRY_BOX, Country()) == small == priced("", crowded)
    assert priced(COUNTRY_BOX, crowded) > small + tariff.WORK_AT_MOST - tariff.PAGE - 1
    assert small < priced(TOWN_BOX, crowded) < small + 20
    assert priced(COUNTRY_BOX, crowded, "shelters") > 3_000  # their places are looked for among those of all services
    assert priced(COUNTRY_BOX, crowded, "actors") == priced("", crowded, "actors")
    if field == "services":
        assert small + 50 < priced('text: "foyer"', crowded) < priced('text: "fo"', crowded)


@pytest.mark.parametrize(
    "edges",
    ["west: 1e308, south: 0, east: -1e308, north: 1", "west: 0, south: -1e308, east: 0, north: 1e308"],
)
@pytest.mark.parametrize("field", ["services", "shelters", "localities"])
def test_a_box_outside_of_all_bounds_has_a_price(field, edges):
    """It was not a number, which is above no limit, and 500."""
    price = cost(f"{{ {field}(bbox: {{{edges}}}) {{ totalCount }} }}", Country(rows={"services": 300_000}))
    assert 0 < price < 5_000


def test_a_total_costs_by_the_rows_that_are_counted():
    crowded = Country(rows={"services": 300_000})

    def priced(arguments, country):
        return cost(f"{{ services{arguments} {{ totalCount }} }}", country)

    assert priced("", Country()) < 10
    assert 300 < priced("", crowded) < 500
    assert priced('(areaCode: "ISO-3166-2:ML-3")', crowded) > 800
