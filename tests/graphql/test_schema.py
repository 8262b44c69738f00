"""The schema is what the contract fixes, what is committed, and described in full."""

from __future__ import annotations

from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from graphql.utilities import find_breaking_changes

from api.projection import reading
from api.schema import SDL_FILE, compiled_schema, sdl

HERE = Path(__file__).parent
CONNECTIONS = ("AdminArea", "Locality", "ProtectionActor", "Service", "Shelter")


def test_committed_sdl_equals_the_schema():
    assert SDL_FILE.read_text(encoding="utf-8") == sdl()


def test_the_contract_is_kept():
    """Nothing that the contract names is missing, renamed, or of another type."""
    text = (HERE / "contract.graphql").read_text(encoding="utf-8")
    for name in CONNECTIONS:
        text += f"type {name}Edge {{ cursor: String! node: {name}! }}\n"
        text += f"type {name}Connection {{ edges: [{name}Edge!]! pageInfo: PageInfo! totalCount: Int! }}\n"
    ours = build_schema(sdl())
    for enum in ("ActorKind", "IncidentType", "ServiceCategory", "MapLayer"):
        members = ours.type_map[enum]
        assert isinstance(members, GraphQLEnumType)
        text += f"enum {enum} {{ {' '.join(members.values)} }}\n"
    assert find_breaking_changes(build_schema(text), ours) == []


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


def test_every_field_says_how_it_is_read():
    for name, each in compiled_schema().type_map.items():
        if isinstance(each, GraphQLObjectType) and not name.startswith("__"):
            for field_name, field in each.fields.items():
                assert reading(field) is not None, f"{name}.{field_name}"


def test_no_argument_takes_a_list():
    """Free subsets of codes would let small counts be recovered by differencing.

    Scenarios tell of no incident, so several may be compared at once.
    """
    for each in compiled_schema().type_map.values():
        if isinstance(each, GraphQLObjectType) and not each.name.startswith("__"):
            for field in each.fields.values():
                lists = {name for name, argument in field.args.items() if "[" in str(argument.type)}
                assert not lists - {"scenarioIds"}
