"""Exports tell what the queries tell: to whom, of what, and no text in them runs."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from graphql import build_schema, get_named_type
from python_calamine import CalamineWorkbook

from api.exports.columns import Reader
from api.exports.tables import tables
from api.graphql.schema import compiled_schema, sdl
from geo.audience import Audience
from geo.notations.spreadsheet_cells import as_meant
from tests.attacks import matrix
from tests.attacks.client import WITHOUT_CUSTODIAN
from tests.attacks.exports import arguments_of, exported, opened
from tests.attacks.matrix import golden
from tests.attacks.names import FOUND_BY, HIDDEN, RAN, ROW, stored_texts
from tests.attacks.worlds import quietly

pytestmark = [pytest.mark.database, pytest.mark.slow]

SCHEMA = build_schema(sdl())
ALLOWED = golden(matrix.GOLDEN.read_text(encoding="utf-8"))
REFUSED = {401, 403}
RUNS = re.compile(r"[=+\-@\t\r]")
HARMLESS = re.compile(r"[-+][\d .]+(e-?\d+)?")


def test_every_audience_gets_the_exports_that_the_table_allows_it_and_no_other(client, known):
    for name in tables():
        root = name.partition(".")[0]
        for audience in WITHOUT_CUSTODIAN:
            answer = client.send(exported(name, "csv", arguments_of(name, known)[0]), audience)
            allowed = audience in ALLOWED[f"Query.{root}"]
            assert (answer.status_code not in REFUSED) == allowed, (name, audience, answer.text[:300])


@pytest.mark.parametrize("audience", Audience)
def test_no_column_is_for_others_than_the_table_says(audience):
    reader = Reader(compiled_schema(), audience)
    for table in tables().values():
        if table.is_layer or audience not in ALLOWED[f"Query.{table.path[0]}"]:
            continue
        for path in [each.path for each in reader.shown(table.item).columns]:
            kinds: list[Any] = [SCHEMA.type_map[table.item.name]]
            for key in path:
                every = [*kinds, *(each for kind in kinds for each in getattr(kind, "types", ()))]
                kinds = [each for each in every if key in getattr(each, "fields", {})]
                assert kinds, (table.name, path)
                assert all(audience in ALLOWED[f"{each.name}.{key}"] for each in kinds), (table.name, path)
                kinds = [get_named_type(each.fields[key].type) for each in kinds]


def test_columns_of_others_would_be_refused(client):
    """The columns do not decide who sees what: were they wrong, the query's own guard would refuse."""
    with patch("api.exports.columns.reserved_for", lambda _: None):
        answer = client.send(exported("shelters", "csv", {}))
    assert answer.status_code == 401


def test_counts_are_told_as_the_query_tells_them(client):
    for level in ("ADM0", "ADM1", "LOCALITY"):
        asked = {"level": level, "period": "2025"}
        query = (
            "query ($level: AreaLevel!, $period: Period!, $after: String) { incidentCounts(level: $level, period: $period, "
            "first: 100, after: $after) { edges { node { count countLabel status } } pageInfo { hasNextPage endCursor } } }"
        )
        nodes, after = [], None
        while True:
            page = client.ask(query, {**asked, "after": after})["data"]["incidentCounts"]
            nodes += [each["node"] for each in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        rows = _rows(client.send(exported("incidentCounts", "csv", asked)).content)
        assert nodes
        assert [(each["count"], each["countLabel"], each["status"]) for each in rows] == [
            ("" if each["count"] is None else str(each["count"]), as_meant(each["countLabel"]), each["status"])
            for each in nodes
        ]


def _rows(content):
    _, names, _, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [dict(zip(names, each, strict=True)) for each in rows]


BEGINNINGS = ["=1+1 ", "+1+1 ", "-1+1 ", "@SUM(1) ", "\t=1 ", "\r=1 ", "'=1 ", "=cmd|'/C calc'!A0 "]
"""What a spreadsheet program might run at the beginning of a cell, and what only looks as if it had been defused."""


@pytest.fixture(scope="module")
def formulas(connect, make_world):
    """A client of a world whose every text begins like a formula."""
    url = make_world()
    with quietly(url) as connection:
        for place, kind in stored_texts().items():
            table, _, column = place.rpartition(".")
            if column in FOUND_BY or kind == "web_address" or place in HIDDEN:
                continue
            begun = f"(CAST(%s AS text[]))[1 + abs({ROW}) %% {len(BEGINNINGS)}] || {column}"
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {begun}", (BEGINNINGS,))
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return connect(url)


@pytest.fixture(scope="module", params=["formulas", "before_client"])
def texts(request, known):
    """Every export of a world of formulas, and of one whose every text is code, hides or steers; as two audiences."""
    client = request.getfixturevalue(request.param)
    found = {}
    for name in tables():
        for audience in (Audience.PUBLIC, Audience.STEWARD):
            for ending in ("csv", "xlsx", "geojson"):
                answer = client.send(exported(name, ending, arguments_of(name, known)[0]), audience)
                if answer.status_code == 200:
                    found[name, audience, ending] = answer.content
    assert len({name for name, *_ in found}) > len(tables()) * 0.7
    return found


def test_nothing_that_a_file_holds_runs(texts):
    for asked, content in texts.items():
        assert not RAN.search(opened(content).decode(errors="replace")), asked


def test_no_cell_of_csv_is_a_formula(texts):
    for (name, _, ending), content in texts.items():
        if ending == "csv":
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
                for cell in row:
                    assert not RUNS.match(cell) or HARMLESS.fullmatch(cell), (name, cell)


def test_there_are_texts_that_would_run(formulas):
    cells = {each["name"] for each in _rows(formulas.send(exported("services", "csv", {})).content)}
    assert {each[0] for each in BEGINNINGS} == {each.removeprefix("'")[0] for each in cells}
    assert all(each.startswith("'") for each in cells)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(texts):
    for (name, _, ending), content in texts.items():
        if ending == "xlsx":
            whole = opened(content)
            assert b"<f>" not in whole, name
            assert b"<f " not in whole, name
            assert b"<hyperlink" not in whole, name


def test_a_text_is_the_same_in_each_format(texts):
    for (name, audience, ending), content in texts.items():
        if ending != "csv" or name == "featureCollection":
            continue
        rows = _rows(content)
        features = orjson.loads(texts[name, audience, "geojson"])["features"]
        book = CalamineWorkbook.from_filelike(io.BytesIO(texts[name, audience, "xlsx"]))
        names, *sheet = book.get_sheet_by_index(0).to_python()
        assert len(rows) == len(features)
        for number, (row, feature) in enumerate(zip(rows, features, strict=True)):
            for key, value in feature["properties"].items():
                if isinstance(value, str):
                    assert as_meant(row[key]) == value, (name, key)
                    if key.endswith("name") and value.isprintable():
                        assert sheet[number + 1][names.index(key)] == value, (name, key)
