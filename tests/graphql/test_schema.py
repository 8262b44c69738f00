"""The schema is what the contract fixes, what is committed, and described in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_non_null_type,
)
from graphql.utilities import find_breaking_changes

from api.errors import INTERNAL, TABLE, VALIDATION_FAILED
from api.graphql.compile.readings import reading
from api.graphql.schema import SDL_FILE, compiled_schema, sdl
from api.http.documents import NOT_FOUND
from api.http.graphql_request import NOT_SUPPORTED

HERE = Path(__file__).parent
CONNECTIONS = (
    "AdminArea",
    "CoverageGap",
    "IncidentCount",
    "Locality",
    "Organization",
    "ProtectionActor",
    "Service",
    "Shelter",
)


def test_committed_sdl_equals_the_schema():
    assert SDL_FILE.read_text(encoding="utf-8") == sdl()


def test_the_contract_is_kept():
    """Nothing that the contract names is missing, renamed, or of another type."""
    text = (HERE / "contract.graphql").read_text(encoding="utf-8")
    for name in CONNECTIONS:
        text += f"type {name}Edge {{ cursor: String! node: {name}! }}\n"
        text += f"type {name}Connection {{ edges: [{name}Edge!]! pageInfo: PageInfo! totalCount: Int! }}\n"
    ours = build_schema(sdl())
    for enum in (
        "ActorKind",
        "DirectoryOrder",
        "IncidentType",
        "MapLayer",
        "Season",
        "ServiceCategory",
        "Sex",
        "Stage",
        "TravelMode",
    ):
        members = ours.type_map[enum]
        assert isinstance(members, GraphQLEnumType)
        text += f"enum {enum} {{ {' '.join(members.values)} }}\n"
    assert find_breaking_changes(build_schema(text), ours) == []


def test_the_codes_of_errors_are_those_of_the_contract():
    text = (HERE / "contract.graphql").read_text(encoding="utf-8").partition("# Errors: ")[2]
    ours = {each.code for each in TABLE.values()} | {VALIDATION_FAILED, INTERNAL, NOT_SUPPORTED, NOT_FOUND}
    listed = {*re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)*\b", text)}
    assert ours == listed


def test_everything_is_described():
    for name, each in compiled_schema().type_map.items():
        if name.startswith("__"):
            continue
        assert each.description, name
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in each.fields.items():
                assert field.description, f"{name}.{field_name}"
                for argument_name, argument in getattr(field, "args", {}).items():
                    assert argument.description, f"{name}.{field_name}({argument_name})"
        if isinstance(each, GraphQLEnumType):
            assert all(value.description for value in each.values.values()), name


def test_everything_that_may_be_null_says_when():
    """Each field of its own; of a root field the description of the root says it for all."""
    schema = compiled_schema()
    roots = [each for each in (schema.query_type, schema.mutation_type) if each]
    for root in roots:
        assert "is null where" in (root.description or "")
    silent = [
        f"{kind.name}.{name}"
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        if kind not in roots
        for name, field in kind.fields.items()
        if not is_non_null_type(field.type)
        and not re.search(r"\b(null|none)\b", field.description or "", re.IGNORECASE)
    ]
    assert silent == []


def test_a_service_may_have_no_place_and_so_no_distance():
    ours = compiled_schema()
    told = {
        f"{kind}.{field}": str(ours.type_map[kind].fields[field].type)  # type: ignore[attr-defined]
        for kind, field in (
            ("Service", "location"),
            ("NearestService", "distanceMetres"),
            ("ReferralOption", "distanceMetres"),
        )
    }
    assert told == {
        "Service.location": "SiteLocation",
        "NearestService.distanceMetres": "Float",
        "ReferralOption.distanceMetres": "Float",
    }


def test_no_list_has_holes_but_those_of_ids():
    """An item is never null, but for an id that leads nowhere."""
    holes = [
        f"{kind.name}.{name}"
        for kind in compiled_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if isinstance(inner := get_nullable_type(field.type), GraphQLList) and not is_non_null_type(inner.of_type)
    ]
    assert sorted(holes) == ["Query.nodes", "ScenarioComparison.scenarios"]


def test_every_input_is_called_one():
    inputs = [name for name, each in compiled_schema().type_map.items() if isinstance(each, GraphQLInputObjectType)]
    assert len(inputs) > 40
    assert [name for name in inputs if not name.endswith("Input")] == []


def test_every_distance_that_is_asked_for_says_which_are_allowed():
    schema = compiled_schema()
    arguments = [
        (f"{name}({argument})", each.description)
        for name, field in (schema.query_type.fields if schema.query_type else {}).items()
        for argument, each in field.args.items()
    ]
    inputs = [
        (f"{kind.name}.{name}", field.description)
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLInputObjectType)
        for name, field in kind.fields.items()
    ]
    asked = {name: words or "" for name, words in (*arguments, *inputs) if re.search(r"[mM]etres\)?$", name)}
    assert len(asked) >= 4
    assert [name for name, words in asked.items() if not re.search(r"\d", words)] == []


RESTS_ON = {"basis", "reachMetres", "estimate", "assumptions", "dataAsOf", "sources"}
OF_TRAININGS = RESTS_ON - {"dataAsOf"} | {"lastTrainingOn"}
OF_EACH_ROW = {"nearestSearch", "nearestServices", "referralOptions"}
"""Answers within a reach that measure to one place and count nobody."""


def test_an_answer_within_a_reach_says_what_it_rests_on():
    query = compiled_schema().query_type
    assert query
    within = {name: get_named_type(each.type) for name, each in query.fields.items() if "within" in each.args}
    assert len(within) > 8
    for name in within.keys() - OF_EACH_ROW:
        answer = within[name]
        assert isinstance(answer, GraphQLObjectType)
        assert set(answer.fields) >= (OF_TRAININGS if name == "trainingCoverage" else RESTS_ON), name


def test_no_sum_of_children_is_0_where_it_is_not_known():
    """A row of one place or of one site is of a known number of children; what adds places up may be over none."""
    one_place = {"AccessScore", "CoverageGap", "Hotspot", "LocalityCoverage", "Population", "RecommendedSite"}
    one_place |= {"UntrainedLocality"}
    told = {
        f"{kind.name}.{name}": kind.name
        for kind in compiled_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if re.search("[uU]nder18$", name) and str(field.type) == "Int!"
    }
    assert set(told.values()) == one_place


def test_no_argument_of_a_planning_question_is_nullable_only_because_it_has_a_default():
    query = compiled_schema().query_type
    assert query
    told = {
        (name, argument): each.description or ""
        for name, field in query.fields.items()
        for argument, each in field.args.items()
        if not isinstance(each.type, GraphQLNonNull)
    }
    by_contract = {
        ("coverageGaps", "weights"),
        ("nearestServices", "within"),
        ("nearestSearch", "within"),
        ("referralOptions", "within"),
    }
    fixed = {key for key, words in told.items() if re.search(r"\d[^,;.]* where (it is )?left out", words)}
    assert fixed <= by_contract | {("siteRecommendations", "siteCount")}


def test_every_field_says_how_it_is_read():
    for name, each in compiled_schema().type_map.items():
        if isinstance(each, GraphQLObjectType) and not name.startswith("__"):
            for field_name, field in each.fields.items():
                assert reading(field) is not None, f"{name}.{field_name}"


CHOOSE_NO_COUNT = {"Float", "ServiceCategory", "PointInput", "GeoJSON"}
"""What lists may contain: distances, categories of services and places of sites select no cell of the release."""
BY_ID = {"compareScenarios(scenarioIds)", "nodes(ids)", "sitesTried(closedIds)"}
"""Scenarios reveal nothing about incidents, so several may be compared at once; nor does any record of an id."""


def _lists(kind: object, way: str) -> Iterator[tuple[str, str]]:
    """Return every list in an argument, however deep in its input types, with what it is a list of."""
    if isinstance(kind, GraphQLList):
        yield way, get_named_type(kind).name
    named = get_named_type(kind)  # type: ignore[call-overload]
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield from _lists(get_nullable_type(field.type), f"{way}.{name}")


def test_no_argument_takes_a_list_that_chooses_counts():
    """Free subsets of codes would let small counts be recovered by differencing."""
    query = compiled_schema().query_type
    assert query
    found = {
        way: of
        for name, field in query.fields.items()
        for argument, each in field.args.items()
        for way, of in _lists(get_nullable_type(each.type), f"{name}({argument})")
    }
    assert {way for way, of in found.items() if of not in CHOOSE_NO_COUNT} == BY_ID
    assert found["coverage(need).categories"] == "ServiceCategory"
