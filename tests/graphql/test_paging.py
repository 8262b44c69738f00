"""Pages: cursors that stay right while rows come and go."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import time
import unicodedata
from unittest import mock

import orjson
import pytest
from graphql import GraphQLObjectType
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from api.graphql.compile.execution import Answers
from api.graphql.compile.readings import Pages, reading
from api.graphql.schema import compiled_schema
from geo import metering
from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.database.statements import Job
from geo.errors import BadInput
from geo.queries.base import nested_page
from geo.queries.base.cursor import LONGEST, decode, encode
from geo.queries.directory.localities import Localities
from geo.service import Resources
from geo.texts import MAX_TEXT

ALL = "query ($first: Int, $after: String) { services(first: $first, after: $after) { edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"


@pytest.mark.database
@pytest.mark.parametrize("size", [7, 20, 100])
def test_pages_cover_the_list_once_in_order(ask, size):
    after, seen, pages = None, [], 0
    while True:
        page = ask(ALL, first=size, after=after)["data"]["services"]
        assert page["pageInfo"]["hasPreviousPage"] is (pages > 0)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert len(page["edges"]) <= size
        seen += [edge["node"]["id"] for edge in page["edges"]]
        pages += 1
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["edges"]) == size
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == ask("{ services { totalCount } }")["data"]["services"]["totalCount"]


LISTED = """query ($order: DirectoryOrder!, $categories: [ServiceCategory!], $after: String) {
  services(orderBy: $order, categories: $categories, first: 30, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor } totalCount } }"""


@pytest.mark.database
@pytest.mark.parametrize("categories", [None, ["LEGAL_AID"], ["SAFE_SHELTER", "LEGAL_AID", "MEDICAL"]])
@pytest.mark.parametrize("order", ["NAME", "VERIFIED_ON"])
def test_the_directory_comes_in_its_order_whatever_is_asked_of_it(ask, rows, order, categories):
    """By name; or those first that nobody ever verified, then the others by their day; ties by id."""
    every = rows("SELECT id::text, category::text, name_key, verified_on::text FROM lakana.service")
    keyed = sorted(
        ((each["name_key"] if order == "NAME" else each["verified_on"] or "").encode(), each["id"])
        for each in every
        if categories is None or each["category"] in categories
    )
    after, seen, more = None, [], True
    while more:
        page = ask(LISTED, order=order, categories=categories, after=after)["data"]["services"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert page["totalCount"] == len(keyed)
    assert seen == [each for _, each in keyed]
    assert len({key for key, _ in keyed}) > 1


@pytest.mark.database
def test_what_nobody_ever_verified_comes_first(run, operations, make_database):
    url = make_database()
    _few_services(url, "abcde")
    days = {"a": "2026-01-02", "b": None, "c": "2024-05-31", "d": "2026-01-01", "e": None}
    with owner_transaction(url) as connection:
        for name, day in days.items():
            change = text("UPDATE lakana.service SET verified_on = :day WHERE name = :name RETURNING id::text")
            days[name] = (day or "", connection.execute(change, {"name": name, "day": day}).scalar())  # type: ignore[assignment]
    resources, after, names = Resources(url, 1), None, []
    document = """query ($after: String) { services(orderBy: VERIFIED_ON, first: 1, after: $after) {
        edges { node { name } } pageInfo { endCursor hasNextPage hasPreviousPage } } }"""
    for number in range(5):
        operation = operations.get(document, None)
        answered = run(operation.answer(operation.variables({"after": after}), ANYBODY, resources))
        page = orjson.loads(answered.body)["data"]["services"]
        names.append(page["edges"][0]["node"]["name"])
        after = page["pageInfo"].pop("endCursor")
        assert page["pageInfo"] == {"hasNextPage": number < 4, "hasPreviousPage": number > 0}
    resources.close()
    assert names == sorted("abcde", key=lambda name: str(days[name] or ""))
    assert names[2:] == ["c", "d", "a"]


@pytest.mark.database
def test_an_empty_page_says_so(ask):
    last = None
    page = ask(ALL, first=100)["data"]["services"]
    while page["pageInfo"]["hasNextPage"]:
        last = page["pageInfo"]["endCursor"]
        page = ask(ALL, first=100, after=last)["data"]["services"]
    page = ask(ALL, first=10, after=page["pageInfo"]["endCursor"])["data"]["services"]
    assert page == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": True, "startCursor": None, "endCursor": None},
    }


@pytest.mark.database
def test_a_page_neither_repeats_nor_skips_while_rows_come_and_go(run, operations, make_database, seeded_url):
    url = make_database()
    _few_services(url, "bcdfgh")
    resources = Resources(url, 1)

    def page(after=None):
        operation = operations.get(ALL, None)
        answer = run(operation.answer(operation.variables({"first": 3, "after": after}), ANYBODY, resources))
        found = orjson.loads(answer.body)["data"]["services"]
        return [edge["node"]["name"] for edge in found["edges"]], found["pageInfo"]["endCursor"]

    names, cursor = page()
    assert names == ["b", "c", "d"]
    with owner_transaction(url) as connection:
        connection.execute(text("DELETE FROM lakana.service WHERE name = 'd'"))  # the row that the cursor points to
    _few_services(url, "ae", again=True)
    names, _ = page(cursor)
    resources.close()
    assert names == ["e", "f", "g"]


def _few_services(url: str, names: str, *, again: bool = False) -> None:
    from geo.database import owner  # noqa: PLC0415

    if not again:
        owner.upgrade(url)
    with owner_transaction(url) as connection:
        if not again:
            connection.execute(text("INSERT INTO lakana.source (key, name, illustrative) VALUES ('t', 'T', true)"))
            connection.execute(
                text(
                    "INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, source_id) "
                    "SELECT 'T', '1', 'T', 0, 'T', id FROM lakana.source"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO lakana.actor (name, kind, point, area_id, source_id) "
                    "SELECT 'A', 'NGO', 'POINT(0 0)', id, source_id FROM lakana.admin_area"
                )
            )
        for name in names:
            connection.execute(
                text(
                    "INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id) "
                    "SELECT id, :name, 'OTHER', 'POINT(0 0)', area_id, source_id FROM lakana.actor"
                ),
                {"name": name},
            )


@pytest.mark.database
def test_the_count_is_taken_only_when_asked_for(operations):
    for document, expected in (("{ services { totalCount } }", 1), ("{ services { edges { cursor } } }", 0)):
        operation = operations.get(document, None)
        values = operation.variables({})
        [asked] = operation.selection(values)
        assert (
            operation.job(asked, operation.question(asked, values), values, ANYBODY).statement.sql.count("AS matching")
            == expected
        )


@pytest.mark.parametrize("roots", [1, 2])
def test_a_cursor_is_decoded_once_and_metered(operations, monkeypatch, roots):
    """One of 8,800 characters in 30 nested lists was decoded four times in each, 4.8 ms a request at nobody's cost."""
    decoded, meter = [], metering.Meter()

    def slowly(text, *_):
        until = time.thread_time() + 0.005
        while time.thread_time() < until:
            pass
        decoded.append(text)
        return "00000000-0000-4000-8000-000000000000", "a", "00000000-0000-4000-8000-000000000000"

    monkeypatch.setattr(nested_page, "decode", slowly)
    lists = " ".join(f"c{number}: children(after: $c, first: 1) {{ edges {{ cursor }} }}" for number in range(3))
    areas = " ".join(f'a{number}: adminArea(code: "ML") {{ {lists} }}' for number in range(roots))
    operation = operations.get(f"query ($c: String) {{ {areas} }}", None)
    values = operation.variables({"c": "a cursor"})

    async def jobs():
        metering.enter(meter)
        return [
            await operation._job_or_error(Answers(), each, values, ANYBODY, mock.Mock())
            for each in operation.selection(values)
        ]

    for job in asyncio.run(jobs()):
        assert isinstance(job, Job)
        assert "a" in job.values
    assert len(decoded) == 3 * roots
    assert meter.processor_s > len(decoded) * 0.005


def test_a_page_decodes_its_cursor_once(monkeypatch):
    decoding = mock.Mock(return_value=("a", "id"))
    monkeypatch.setattr("geo.queries.base.cursor.decode", decoding)
    page = Localities(after="a cursor")
    assert page.binds() | {"after_key": "a", "after_id": "id"} == page.binds()
    assert decoding.call_count == 1


@pytest.mark.parametrize(
    ("kind", "key", "good"),
    [
        (dt.date, "2026-02-28", True),
        (dt.date, "-infinity", True),
        *((dt.date, each, False) for each in ("2026-02-30", "20260228", "infinity", "today", "", 5, None)),
        *((float, each, True) for each in (0.5, 2, -3.0, 1e300)),
        *((float, each, False) for each in ("0.5", True, None, 10**400, float("inf"), float("nan"))),
        (str, "", True),
        *((str, each, False) for each in ("\0", 5, None)),
    ],
)
def test_a_cursor_holds_what_its_order_compares(kind, key, good):
    cursor = encode("a list", (key, "00000000-0000-4000-8000-000000000000"))
    if good:
        assert decode(cursor, "a list", [kind])[0] == key
    else:
        with pytest.raises(BadInput, match="not a cursor of this list"):
            decode(cursor, "a list", [kind])


NESTED = max(
    (
        f"{kind.name}.{name}"
        for kind in compiled_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if isinstance(reading(field), Pages)
    ),
    key=len,
)
"""The list inside a record that has the longest name."""


def test_the_longest_cursor_is_read():
    """A name of 200 ligatures, of 18 letters each, is the longest key."""
    row = "00000000-0000-4000-8000-000000000000"
    key = unicodedata.normalize("NFKC", "\ufdfa" * MAX_TEXT)
    longest = encode(NESTED, (row, key, row))
    assert LONGEST * 0.98 < len(longest) <= LONGEST
    assert decode(longest, NESTED, [str, str]) == (row, key, row)


@pytest.mark.parametrize(("lists", "decoded"), [(22_000, False), (2_000, True)])
def test_a_cursor_that_is_none_is_refused_before_it_is_parsed(monkeypatch, lists, decoded):
    """One of 88,000 characters took 4 to 8 ms, thirty times in a document."""
    decoding, parsing = mock.Mock(side_effect=base64.b64decode), mock.Mock(side_effect=json.loads)
    monkeypatch.setattr("geo.queries.base.cursor.base64.b64decode", decoding)
    monkeypatch.setattr("geo.queries.base.cursor.json.loads", parsing)
    long = base64.urlsafe_b64encode(b'["a list"' + b",[]" * lists + b"]").decode()
    with pytest.raises(BadInput, match="not a cursor of this list"):
        decode(long, "a list", [str])
    assert decoding.called == decoded
    assert not parsing.called


@given(st.text(max_size=200))
def test_any_text_is_a_cursor_or_a_clear_error(cursor):
    try:
        key, row_id = decode(cursor, "a list", [str])
    except BadInput as error:
        assert error.field == "after"
    else:
        assert isinstance(key, str)
        assert len(row_id) == 36


@pytest.mark.database
def test_a_cursor_of_another_list_is_refused(ask):
    """Of another type, of other filters; whichever way its base64 is written, its own list takes it."""
    told = ask("{ services(first: 1) { pageInfo { endCursor } } }")["data"]["services"]["pageInfo"]["endCursor"]
    for other in (
        "actors(after: $a)",
        "services(after: $a, categories: [LEGAL_AID])",
        "services(after: $a, orderBy: VERIFIED_ON)",
        'services(after: $a, text: "a")',
        "shelters(after: $a)",
    ):
        error = ask(f"query ($a: String) {{ {other} {{ totalCount }} }}", a=told)["errors"][0]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "after"}
        assert "pass an `endCursor` of it" in error["message"]
    for same in (told, told + "=" * (-len(told) % 4), told.replace("-", "+").replace("_", "/")):
        again = ask("query ($a: String) { services(first: 7, after: $a) { edges { cursor } } }", a=same)
        assert len(again["data"]["services"]["edges"]) == 7
