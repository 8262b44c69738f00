"""What a document may ask for, on both sides of each bound, and the time it takes to say no."""

from __future__ import annotations

import asyncio
import gc
import math
import time
import uuid
import weakref
from functools import partial
from typing import Any
from unittest import mock

import pytest
from graphql import get_introspection_query, value_from_ast

from api.graphql.compile import document_shape, guard, prices, tariff
from api.graphql.compile.compiled_operation import Operation
from api.graphql.compile.country_size import Country
from api.graphql.compile.document_cache import REMEMBERED_BYTES, Operations
from api.graphql.compile.execution import Answers
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from api.identity.budget import Ledger
from geo import metering
from geo.audience import ANYBODY
from geo.errors import BadInput
from geo.vocabulary import ServiceCategory

OPERATIONS = Operations(compiled_schema())


def refusal(document: str, **variables: object) -> dict[str, Any]:
    """Return the first error of a refused document, nothing where it is let through."""
    try:
        OPERATIONS.get(document, None).variables(variables)
    except Refused as refused:
        return refused.errors[0]
    return {}


def aliases(count: int) -> str:
    return "{ " + " ".join(f"a{i}: sources {{ name }}" for i in range(count)) + " }"


def deep(levels: int) -> str:
    # adminAreas, edges, node, then parents, then the leaf
    parents = levels - 4
    return "{ adminAreas(first: 1) { edges { node { " + "parent { " * parents + "code" + " }" * parents + " } } } }"


def fragments(count: int) -> str:
    spreads = " ".join(f"...f{i}" for i in range(count))
    return f"{{ sources {{ {spreads} }} }} " + " ".join(f"fragment f{i} on Source {{ name }}" for i in range(count))


def expanded(fields: int) -> str:
    """A document of a few hundred characters that selects so many fields: each alias spreads a fragment of 14."""
    leaves = 14
    nested, rest = divmod(fields - 3, 1 + leaves)
    spread = " ".join(f"a{i}: service {{ ...f }}" for i in range(nested)) + " " + " ".join(["__typename"] * rest)
    own = " ".join(["id", *["name"] * (leaves - 1)])
    return f"{{ shelters(first: 1) {{ edges {{ node {{ {spread} }} }} }} }} fragment f on Service {{ {own} }}"


@pytest.mark.parametrize(
    ("make", "bound"),
    [
        (expanded, document_shape.MAX_FIELDS),
        (aliases, document_shape.MAX_ALIASES),
        (deep, document_shape.MAX_DEPTH),
        (fragments, document_shape.MAX_FRAGMENTS),
    ],
)
def test_the_bound_is_allowed_and_one_more_is_not(make, bound):
    assert refusal(make(bound)) == {}
    error = refusal(make(bound + 1))
    assert error != {}
    assert str(bound) in error["message"]


def test_1000_tokens_are_read_and_one_more_is_not():
    # A list instead of a text: if the document is read in full, it is refused for the type.
    def document(tokens: int) -> str:
        return "{ localities(areaCode: [" + "1 " * (tokens - 12) + "]) { totalCount } }"

    assert "Expected a value of type 'AreaCode'" in refusal(document(1000))["message"]
    assert "1000 tokens" in refusal(document(1001))["message"]


def cost(document: str, country: Country | None = None, **variables: object) -> float:
    operation = (OPERATIONS if country is None else Operations(compiled_schema(), country)).get(document, None)
    return operation.cost(operation.variables(variables))


def test_list_sizes_are_counted_where_they_are_literals_variables_or_defaults():
    selection = "{ edges { node { name } } }"
    at = {number: cost(f"{{ services(first: {number}) {selection} }}") for number in (20, 40, 100)}
    assert at[20] < at[40] < at[100]
    variable = f"query ($n: Int = 100) {{ services(first: $n) {selection} }}"
    assert cost(variable) == at[100]
    assert cost(variable, n=40) == at[40]
    assert cost(f"{{ services {selection} }}") == at[20]


def test_a_huge_list_is_refused_before_anything_runs():
    assert refusal("{ featureCollection(layer: ACTORS, first: 10000) }") == {}
    error = refusal("{ nearestServices(origin: {lon: 0, lat: 0}, first: 1000000000) { distanceMetres } }")
    assert error != {}
    assert error["extensions"]["code"] == "TOO_COSTLY"


def test_the_cost_is_exact_at_its_bound(monkeypatch):
    names = " ".join(["name"] * 97)
    document = f"{{ services(first: FIRST) {{ edges {{ node {{ {names} }} }} }} }}"
    dear = cost(document.replace("FIRST", "51"))
    monkeypatch.setattr(guard, "MAX_COST", dear)
    assert refusal(document.replace("FIRST", "51")) == {}
    monkeypatch.setattr(guard, "MAX_COST", dear - 0.001)
    assert refusal(document.replace("FIRST", "50")) == {}
    assert refusal(document.replace("FIRST", "51"))["extensions"]["code"] == "TOO_COSTLY"


def test_a_nested_list_is_priced_by_what_is_asked_at_each_depth():
    def nested(*sizes, fields="name"):
        for size in reversed(sizes):
            fields = f"children(first: {size}) {{ edges {{ node {{ {fields} }} }} }}"
        return cost(f"{{ adminAreas(first: 1) {{ edges {{ node {{ {fields} }} }} }} }}")

    alone = nested()
    one = nested(1) - alone
    assert nested(10) - nested(1) == pytest.approx((nested(2) - nested(1)) * 9)
    assert nested(10, 10, 10) - nested(10, 10) > 100 * (nested(10) - nested(1)) / 9 > 0
    assert one > tariff.NESTED_PAGE
    with pytest.raises(Refused):
        nested(100, 100, 100)
    by_default = "{ adminAreas(first: 1) { edges { node { children { edges { node { name } } } } } } }"
    assert cost(by_default) == pytest.approx(nested(20))


def test_a_nested_list_is_priced_by_its_variable():
    document = (
        "query ($n: Int) { adminAreas(first: 1) { edges { node { children(first: $n) { edges { cursor } } } } } }"
    )
    assert cost(document, n=100) > cost(document, n=1)
    assert cost(document) == cost(document, n=20)


def test_the_whole_schema_may_be_introspected():
    assert refusal(get_introspection_query()) == {}


def test_introspection_is_priced_by_what_it_multiplies():
    again = " ".join(f"a{number}: fields {{ type {{ ...F }} }}" for number in range(14))
    names = " ".join(f"b{number}: fields {{ name args {{ name }} }}" for number in range(14))
    document = f"{{ __schema {{ types {{ {again} }} }} }} fragment F on __Type {{ {names} }}"
    assert refusal(document)["extensions"]["code"] == "TOO_COSTLY"


ATTACKS = {
    "fragments that double": "{ sources { ...f0 } } "
    + " ".join(f"fragment f{i} on Source {{ ...f{i + 1} ...f{i + 1} }}" for i in range(18))
    + " fragment f18 on Source { name }",
    "fragments that spread themselves": "{ sources { ...a } } fragment a on Source { ...b } fragment b on Source { ...a }",
    "braces": "{" * 100_000,
    "lists": "{ services(text: " + "[" * 50_000,
    "fields that conflict": "{ " + " ".join("sources { name url licence }" for _ in range(160)) + " }",
    "deep inline fragments": "{ " + "... { " * 300 + "sources { name }" + " }" * 300 + " }",
    "introspection that turns round": "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_answered_quickly(name):
    started = time.process_time()
    refusal(ATTACKS[name])
    assert time.process_time() - started < 1


def test_one_field_may_not_be_compared_with_itself_for_long():
    """Each with each: 900 names, three kilobytes, held everybody up for 0.15 s."""

    def document(times: int) -> str:
        return "{ services(first: 1) { edges { node { " + "name " * times + "} } } }"

    assert refusal(document(100)) == {}
    assert "repeats too many fields" in refusal(document(101))["message"]


def test_operations_are_remembered_within_bounds():
    operations = Operations(compiled_schema())
    for number in range(13_000):
        operations._remember(f"{{ a{number}: __typename }}", None, ANYBODY, [])
    assert operations._known.size_bytes <= REMEMBERED_BYTES
    assert len(operations._known) < 13_000


def test_more_values_than_any_input_takes_are_refused_before_they_are_coerced():
    """A body may hold 24,000 numbers, and to coerce them held everybody up for 30 ms."""
    curve = "query ($d: [Float!]) { coverageCurve(need: {categories: [MEDICAL]}, distancesMetres: $d) { basis } }"
    assert refusal(curve, d=[1.5] * 50) == {}
    error = refusal(curve, d=[1.5] * (guard.MAX_VALUES + 1))
    assert error["extensions"]["code"] == "TOO_COSTLY"
    assert "6,000" in error["message"]
    nested = {"a": [{"b": [1.5] * 60}] * 100}
    assert refusal(curve, d=nested)["extensions"]["code"] == "TOO_COSTLY"
    beside_each_other = {f"a{number}": number for number in range(guard.MAX_VALUES)}
    assert refusal(curve, d=[1.5], **beside_each_other)["extensions"]["code"] == "TOO_COSTLY"
    beside = {"coordinates": [], "categories": [1.5] * (guard.MAX_VALUES + 1)}
    assert refusal(curve, d=beside)["extensions"]["code"] == "TOO_COSTLY"


def test_fragments_that_multiply_are_refused_before_anything_is_made_of_them():
    """1,683 characters became two million characters of SQL: 6 s of processor, 80 MB, for 257 points."""
    inner = " ".join(f"b{i}: service {{ shelter {{ ...f }} }}" for i in range(14))
    outer = " ".join(f"a{i}: service {{ shelter {{ ...g }} }}" for i in range(14))
    document = f"""{{ shelters(first: 1) {{ edges {{ node {{ {outer} }} }} }} }} fragment g on Shelter {{ {inner} }}
      fragment f on Shelter {{ id name girls boys minimumAgeMonths maximumAgeMonths hasPlaces confidential }}"""
    error = refusal(document)
    assert error["extensions"]["code"] == "TOO_COSTLY"
    assert "selects 1,991 fields" in error["message"]


async def making_costs(document: str, *given: dict[str, Any]) -> list[int]:
    """Return what making the statements costs a holder for each of these variables in turn."""
    operation, costs = OPERATIONS.get(document, None), []
    account = Ledger("public", 1_000_000).account("a")
    for each in given:
        before = account.owed
        metering.enter(metering.Meter(owe=account.owe))
        values = operation.variables(each)
        for asked in operation.selection(values):
            await operation._job_or_error(Answers(), asked, values, ANYBODY, mock.Mock())
        costs.append(account.owed - before)
    return costs


@pytest.mark.parametrize("field", ["node(id: $i) { id }", "nodes(ids: [$i]) { __typename }"])
def test_a_record_of_whatever_type_costs_what_making_its_statement_takes(field):
    """30 of them took 570 ms a document, and owed what any other two fields owe: 4 points each."""
    [cost, again] = asyncio.run(making_costs(f"query ($i: ID!) {{ {field} }}", *[{"i": str(uuid.uuid4())}] * 2))
    assert (cost >= 55, again) == (True, 0)


def test_each_choice_of_fields_costs_its_making_once():
    document = "query ($f: Boolean!) { sources { name url @include(if: $f) licence } }"
    costs = making_costs(document, *({"f": flag} for flag in (True, True, False, False)))
    assert asyncio.run(costs) == [8, 0, 8, 0]


def test_a_choice_costs_its_making_whoever_made_it_before():
    """A holder who found it made had paid less, and could tell that somebody had asked for the same."""
    document = "query ($f: Boolean!) { sources { licence url @include(if: $f) } }"
    assert [asyncio.run(making_costs(document, {"f": True})) for _ in range(2)] == [[6], [6]]


def test_each_choice_of_arguments_costs_its_making_once():
    """Each choice of what is given has a statement of its own: 42 of one document took 170 to 630 ms at 14 points."""
    document = """query ($a: AreaCode, $t: String) { services(areaCode: $a, text: $t) { ...f ...f } __typename }
      fragment f on ServiceConnection { totalCount edges { cursor } }"""
    each = [{"a": "ML"}, {"a": "ML", "t": "x"}, {"t": "y"}, {}]
    costs = asyncio.run(making_costs(document, *each, *each, {"a": "ML01", "t": "z"}))
    assert min(costs[:4]) >= 14
    assert costs[4:] == [0] * 5


CATEGORIES = " ".join(each.name for each in ServiceCategory)


@pytest.mark.parametrize("value", ["9", "$m"])
def test_what_a_price_depends_on_is_read_once(monkeypatch, value):
    """Twelve such fields of 28 totals were refused after 32 ms, for one point, again and again."""
    fields = " ".join(
        f"a{i}: localityCoverage(need: {{categories: [{CATEGORIES}]}} within: {{travel: {{mode: CAR minutes: {value}}}}}"
        f" first: 1) {{ {'totalCount ' * 28} }}"
        for i in range(12)
    )
    operation = OPERATIONS.get(f"query {'($m: Float!)' if '$' in value else ''} {{ {fields} }}", None)
    read, worked = mock.Mock(side_effect=value_from_ast), mock.Mock(side_effect=prices.coverage)
    monkeypatch.setattr(guard, "value_from_ast", read)
    monkeypatch.setattr(prices, "coverage", worked)
    with pytest.raises(Refused) as refused:
        operation.variables({"m": 9.0} if "$" in value else {})
    assert refused.value.errors[0]["extensions"]["code"] == "TOO_COSTLY"
    assert refused.value.price == math.ceil(12 * 29 * tariff.RECKONED) > 1
    assert read.call_count == (12 if "$" in value else 0)
    assert worked.call_count <= 2 * 12


def test_a_total_costs_as_much_however_it_is_repeated():
    once, twice = (cost(f'{{ services(text: "a") {{ {"totalCount " * number} }} }}') for number in (1, 2))
    assert twice - once == pytest.approx(once - cost('{ services(text: "a") { __typename } }') + tariff.LEAF)


def test_variants_of_documents_are_remembered_within_bounds(monkeypatch):
    """Each of 64 variants of a document has a statement of its own: 500 documents would have taken 1.5 GB."""
    monkeypatch.setattr("api.graphql.compile.document_cache.REMEMBERED_BYTES", 400_000)
    operations = Operations(compiled_schema())
    flags = [f"f{number}" for number in range(4)]
    fields = " ".join(
        f"{name} @include(if: ${flag})"
        for name, flag in zip(("name", "kind", "version", "verifiedOn"), flags, strict=True)
    )
    declared = ", ".join(f"${flag}: Boolean!" for flag in flags)
    made = 0
    for document in range(8):
        operation = operations.get(
            f"query q{document}({declared}) {{ actors {{ edges {{ node {{ id {fields} }} }} }} }}", None
        )
        for variant in range(2 ** len(flags)):
            values = operation.variables({flag: bool(variant >> place & 1) for place, flag in enumerate(flags)})
            [asked] = operation.selection(values)
            question = operation.question(asked, values)
            make = partial(operation._compile, asked, question, values)
            asyncio.run(operation.compiled((asked.key, question.shape()), [asked.node], make, values, ANYBODY))
            made += 1
        assert operations._known.size_bytes <= 400_000
    kept = [read for read, _ in operations._known._kept.values() if isinstance(read, Operation)]
    assert sum(len(each._made._kept) for each in kept) < made


def test_the_choices_of_a_document_share_the_values_that_it_writes_out():
    """Each of 256 choices of a planner kept 85 points of its own: 21 kB counted as 8."""
    points = " ".join(f"{{lat: 1{number % 10} lon: 1}}" for number in range(50))
    document = f"""query ($a: Boolean!) {{ __typename @include(if: $a) siteRecommendations(category: MEDICAL,
      within: {{metres: 1000}}, model: MCLP, candidates: {{points: [{points}]}}) {{ __typename }} }}"""
    operation = OPERATIONS.get(document, None)
    one, other = (operation.selection(operation.variables({"a": flag})) for flag in (True, False))
    assert one is not other
    assert one.asked[0].arguments is other.asked[0].arguments


def test_documents_that_are_forgotten_leave_nothing_behind(monkeypatch):
    """What was made of a document holds its tree, and both go together: 6,000 of them had taken 2 GB."""
    monkeypatch.setattr("api.graphql.compile.document_cache.REMEMBERED_BYTES", 1_000_000)
    operations = Operations(compiled_schema())
    made = []
    for number in range(60):
        operation = operations.get(f"query q{number} {{ {'a' * number}b: services(first: -1) {{ totalCount }} }}", None)
        values = operation.variables({})
        [asked] = operation.selection(values)
        with pytest.raises(BadInput):
            operation.question(asked, values)
        made.append(weakref.ref(operation))
        del operation, asked, values
    gc.collect()
    assert operations._known.size_bytes <= 1_000_000
    assert len([each for each in made if each() is not None]) == len(operations._known) < 60
