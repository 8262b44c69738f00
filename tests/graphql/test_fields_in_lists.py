"""A record says the same in a list as by itself: each field of each type, found from the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type, is_object_type, is_required_argument

from api.graphql.compile import guard
from api.graphql.compile.readings import Root, Shape, reading
from api.graphql.compile.reserved import reserved_for
from api.graphql.schema import compiled_schema
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from tests.attacks.worlds import ANSWERED, ASKED, PROBLEM

pytestmark = pytest.mark.database
SCHEMA = compiled_schema()
ROOTS = SCHEMA.query_type.fields if SCHEMA.query_type else {}
NODE: Any = SCHEMA.type_map["Node"]
KEEPER = "keeper of lists"
READERS = (Audience.PUBLIC, Audience.STEWARD, Audience.PLANNER, Audience.PARTNER)
REPORT = {"troubles": {"NO_NUMBER": 1}, "problems": [PROBLEM]}
LISTED = 25
"""The length of a page, of which the first and the last records are asked for by themselves."""


def node_of(root: str) -> Any:
    """Return the type with an id that a connection of the root lists, if it is one."""
    field, how = ROOTS[root], reading(ROOTS[root])
    if not (isinstance(how, Root) and how.shape is Shape.CONNECTION):
        return None
    node = get_named_type(get_named_type(get_named_type(field.type).fields["edges"].type).fields["node"].type)
    return node if NODE in getattr(node, "interfaces", ()) else None


OPEN = [
    root for root, field in ROOTS.items() if node_of(root) and not any(map(is_required_argument, field.args.values()))
]
LISTS = [*{node_of(root): root for root in reversed(OPEN)}.values()]
"""A list of each type."""


def selections(kind: Any, depth: int = 2) -> Iterator[tuple[str, str, frozenset[Audience]]]:
    """Yield the way to each field of a type, what to ask for it, and who may; a nested list's items are in its page."""
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        readers = reserved_for(field) or frozenset(READERS)
        if is_leaf_type(inner):
            yield name, name, readers
        elif not is_object_type(inner):
            yield name, f"{name} {{ __typename id }}", readers
        elif "edges" in inner.fields:
            item = get_named_type(get_named_type(inner.fields["edges"].type).fields["node"].type)
            page = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
            yield (
                name,
                f"{name}(first: 3) {{ totalCount {page} edges {{ cursor node {{ {open_leaves(item)} }} }} }}",
                readers,
            )
        elif depth:
            for way, asked, who in selections(inner, depth - 1):
                yield f"{name}.{way}", f"{name} {{ {asked} }}", readers & who


def open_leaves(kind: Any) -> str:
    """Return the leaves of a type that everybody may read."""
    told = [
        name for name, each in kind.fields.items() if is_leaf_type(get_named_type(each.type)) and not reserved_for(each)
    ]
    return " ".join(["__typename", *told])


def together(of: Any, allowed: frozenset[Audience]) -> Iterator[tuple[Caller, str]]:
    """Yield what to ask for of a type, and as whom: of each of its fields all at once, but outlines by themselves."""
    asked: dict[tuple[Audience, str], list[str]] = {}
    for way, text, readers in selections(of):
        if readers & allowed:
            reader = next(each for each in READERS if each in readers & allowed)
            asked.setdefault((reader, way if way.endswith(".geometry") else way.partition(".")[0]), []).append(text)
    for (reader, _), texts in asked.items():
        yield Caller(reader, KEEPER), " ".join(texts)


def ways(record: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field of an answer with what it says, a list as a whole."""
    if isinstance(record, dict):
        for name, told in record.items():
            yield from ways(told, f"{way}.{name}")
    else:
        yield way.removeprefix("."), json.dumps(record)


@pytest.fixture(scope="module", autouse=True)
def _rows(seeded_url: str) -> Iterator[None]:
    """Two of each thing that the seeds have none of, and two localities that report from different quarters."""
    with owner_transaction(seeded_url) as connection:
        run = connection.exec_driver_sql
        run("SELECT set_config('lakana.holder', %s, true)", (KEEPER,))
        services = run("SELECT id::text FROM lakana.service WHERE NOT confidential ORDER BY id LIMIT 2").scalars().all()
        for number, service in enumerate(services):
            changes = json.dumps([{"kind": "CLOSE", "service_id": service}])
            run(
                "INSERT INTO lakana.scenario (name, category, changes, base_date, base_data) "
                "VALUES (%s, 'MEDICAL', %s, now(), '{}')",
                (f"Essai {number}", changes),
            )
            run(
                "INSERT INTO lakana.siting_job (asked, status, progress, answer) SELECT %s, 'DONE', 1, %s::jsonb || "
                "jsonb_build_object('sources', json_build_array(id)) FROM lakana.source ORDER BY id OFFSET %s LIMIT 1",
                (ASKED, ANSWERED, number),
            )
            run(
                "INSERT INTO lakana.proposal (kind, subject_id, changes, reason, by_partner) "
                "VALUES ('SERVICE', %s, %s, 'x y', false)",
                (service, json.dumps({"values": {"name": f"Essai {number}"}})),
            )
        run(
            "SELECT lakana.report_wrong_number(s.id, p.number) FROM lakana.service s, lakana.phones(s.phone) p "
            "WHERE s.phone IS NOT NULL ORDER BY s.id LIMIT 3"
        )
        run(
            "INSERT INTO lakana.presence (organization_id, organization_name, area_id, sector, starts_on, reported_on, source_id) "
            "SELECT o.id, upper(o.name), a.id, 'PROTECTION', '2025-01-01', '2025-12-31', o.source_id FROM "
            "(SELECT * FROM lakana.organization ORDER BY id LIMIT 2) o, (SELECT * FROM lakana.admin_area WHERE level = 1 LIMIT 1) a"
        )
        run(
            "WITH made AS (INSERT INTO audit.import (kind, source_id, rows_read, rows_new, rows_changed, rows_unchanged, "
            "rows_refused, report) SELECT 'organizations', id, 2, 1, 0, 0, 1, %s FROM lakana.source ORDER BY key LIMIT 2 "
            "RETURNING id) INSERT INTO audit.import_file (import_id, number, name, sheet, sha256) "
            "SELECT id, number, 'a.csv', 'a', repeat('0', 64) FROM made, generate_series(0, 1) AS number",
            (json.dumps(REPORT),),
        )
        run(
            "INSERT INTO identity.person (audience, name, issuer, subject, organization_id, area_id) SELECT 'PARTNER', 'Awa ' || n, "
            "'https://lists.example', 'awa-' || n, (SELECT min(organization_id::text)::uuid FROM lakana.actor), "
            "(SELECT min(id::text)::uuid FROM lakana.admin_area WHERE level = 1) FROM generate_series(1, 2) n"
        )
        run(
            "INSERT INTO lakana.expected_reporter (locality_id, from_quarter) "
            "SELECT id, '202' || row_number() OVER (ORDER BY id) || '-Q1' FROM (SELECT id FROM lakana.locality ORDER BY id LIMIT 2) l "
        )
    yield
    with owner_transaction(seeded_url) as connection:
        for table in (
            "lakana.scenario",
            "lakana.siting_job",
            "lakana.proposal",
            "lakana.wrong_number",
            "lakana.presence",
            "audit.import",
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("DELETE FROM identity.person WHERE issuer = 'https://lists.example'")
        # Other tests share the database, whose seeds expect reporters from later quarters.
        connection.exec_driver_sql("DELETE FROM lakana.expected_reporter WHERE from_quarter IN ('2021-Q1', '2022-Q1')")


@pytest.mark.parametrize("root", LISTS)
def test_a_record_says_the_same_in_a_list_as_by_itself(ask_as, root, monkeypatch):
    """`knownAreas`, `expectedToReport` and `location.adminArea` were those of all records of the page."""
    monkeypatch.setattr(guard, "MAX_COST", float("inf"))
    of, differing = node_of(root), set()
    for caller, asked in together(of, reserved_for(ROOTS[root]) or frozenset(READERS)):
        page = ask_as(caller, f"{{ {root}(first: {LISTED}) {{ edges {{ node {{ id {asked} }} }} }} }}")
        assert "errors" not in page, (asked, page)
        records = [edge["node"] for edge in page["data"][root]["edges"]]
        document = f"query ($id: ID!) {{ node(id: $id) {{ ... on {of.name} {{ id {asked} }} }} }}"
        assert len(records) > 1
        for record in [*records[:2], *records[-2:]]:
            alone = ask_as(caller, document, id=record["id"])["data"]["node"]
            differing |= {*ways(alone)} ^ {*ways(record)}
    assert not sorted({way for way, _ in differing})


def test_every_list_of_records_is_compared():
    """Of what has an id, only zones are in no list of the root; each is in the list of its services' places."""
    listed = {node_of(root).name for root in LISTS}
    assert {each.name for each in SCHEMA.get_possible_types(NODE)} - listed == {"Zone"}
