"""Audience × type × field, and login × table × column × function: what no table allows is refused to everybody."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from graphql import assert_interface_type, build_schema

import api
from geo.audience import Audience
from geo.database.owner import owner_transaction
from tests.attacks import matrix, privileges
from tests.attacks.matrix import golden

pytestmark = [pytest.mark.database, pytest.mark.slow]

SDL = Path(api.__file__).with_name("schema.graphql")
SCHEMA = build_schema(SDL.read_text(encoding="utf-8"))
NODE = assert_interface_type(SCHEMA.type_map["Node"])
ALLOWED = golden(matrix.GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def matrix_world(make_world):
    """A world of its own: what may be written is written."""
    return make_world()


@pytest.fixture(scope="module")
def matrix_client(connect, matrix_world):
    return connect(matrix_world)


def test_every_field_of_the_schema_has_its_line():
    listed = {name for name in ALLOWED if "(" not in name}
    unlisted = matrix.offered(SCHEMA) - listed
    assert not unlisted, f"say in {matrix.GOLDEN.name} who may ask for {sorted(unlisted)}"
    assert not listed - matrix.offered(SCHEMA), "gone from the schema"


def test_every_audience_may_what_the_table_says_and_nothing_else(matrix_client, known, figure):
    assert matrix.differences(matrix_client, SCHEMA, ALLOWED, known) == []
    figure("fields × audiences asked one by one", f"{len(matrix.offered(SCHEMA))} × {len(Audience)}", "as listed")


def test_node_gives_each_audience_what_the_table_says(scout, known):
    types = [each.name for each in SCHEMA.get_possible_types(NODE)]
    for name in types:
        ids = known.ids(name)
        assert ids, f"no id of a {name} was found to ask node(id) for"
        for audience in Audience:
            answer = scout.ask("query ($id: ID!) { node(id: $id) { __typename } }", {"id": ids[0]}, audience)
            seen = (answer["data"]["node"] or {}).get("__typename") == name
            assert seen == (audience in ALLOWED.get(f"Query.node({name})", ())), (name, audience)
            assert seen or answer == {"data": {"node": None}}


def test_the_matrix_notices_a_guard_that_is_gone(matrix_client, known):
    with patch("api.graphql.compile.guard.check_audience", lambda *_: None):
        found = matrix.differences(matrix_client, SCHEMA, ALLOWED, known, only="Shelter")
    assert any(each.startswith("Shelter.frontGate as PUBLIC: allowed") for each in found)


def test_the_matrix_notices_a_field_that_is_reserved_and_should_not_be(matrix_client, known):
    wider = ALLOWED | {"Shelter.frontGate": frozenset(Audience)}
    found = matrix.differences(matrix_client, SCHEMA, wider, known, only="Shelter")
    assert any("frontGate as PUBLIC" in each for each in found)


def test_logins_have_the_rights_that_are_listed_and_no_other(world, figure):
    with owner_transaction(world) as connection:
        found = privileges.privileges(connection)
    listed = privileges.golden()
    assert found - listed == set(), f"not listed in {privileges.GOLDEN.name}"
    assert listed - found == set(), "listed, but not so"
    figure("rights of logins in the database, from the catalogue", f"{len(found)} lines", "as listed")


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT ON exact.site TO lakana_steward",
        "GRANT SELECT (point) ON exact.site TO lakana_public",
        "GRANT UPDATE (name) ON lakana.service TO lakana_public",  # this login may read the whole table
        "GRANT SELECT ON raw.incident_count TO PUBLIC",
        "CREATE FUNCTION lakana.tell() RETURNS geography LANGUAGE sql SECURITY DEFINER AS 'SELECT point FROM exact.site'",
        "CREATE VIEW lakana.told AS SELECT * FROM exact.site; GRANT SELECT ON lakana.told TO lakana_partner",
        "GRANT CREATE ON SCHEMA lakana TO lakana_planner",
    ],
)
def test_a_right_that_is_not_listed_is_noticed(world, statement):
    with owner_transaction(world) as connection:
        connection.exec_driver_sql(statement)
        assert privileges.privileges(connection) - privileges.golden()
        connection.rollback()


def test_a_right_to_a_column_is_noticed_beside_one_to_the_table(world):
    with owner_transaction(world) as connection:
        before = privileges.privileges(connection)
        connection.exec_driver_sql("GRANT UPDATE (name) ON lakana.service TO lakana_partner")
        found = privileges.privileges(connection) - before
        connection.rollback()
    assert found == {"lakana.service.name UPDATE: partner"}
