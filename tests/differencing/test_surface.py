"""No operation gives a count that is not a published cell: no argument takes a list, and nothing adds cells up."""

from __future__ import annotations

import pytest
from graphql import GraphQLList, GraphQLObjectType, get_named_type, get_nullable_type

from api.graphql.schema import compiled_schema
from tests.differencing.outsider import LEVELS, TYPES, Lattice, counts

pytestmark = [pytest.mark.database, pytest.mark.slow]

GAPS = """{ coverageGaps(need: {categories: [SAFE_SHELTER]}, within: {metres: 1}, first: 100) {
  edges { node { incidentCount incidentType locality { point } } } } }"""

CHOOSE_NO_COUNT = {"Float", "ServiceCategory", "ID", "PointInput", "GeoJSON"}
"""What lists may contain where no incidents are published: none of these types names a cell of the release."""


def test_no_question_that_tells_counts_takes_a_list():
    """Elsewhere a list may hold distances or categories of services, which choose no cell."""
    query = compiled_schema().query_type
    assert query
    for name, field in query.fields.items():
        for argument, each in field.args.items():
            kind = get_nullable_type(each.type)
            if isinstance(kind, GraphQLList):
                assert get_named_type(kind).name in CHOOSE_NO_COUNT, f"{name}({argument})"
                assert "incident" not in str(field.type).lower(), f"{name}({argument})"


def test_counts_of_incidents_are_told_by_two_types_only():
    """A new field that tells of incidents must be looked at here: it may give published cells and nothing else."""
    telling = {
        f"{kind.name}.{name}"
        for kind in compiled_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__") and kind.name != "Mutation"
        for name in kind.fields
        if "incident" in f"{kind.name}{name}".lower() and "count" in name.lower()
    }
    assert telling - {"Query.incidentCounts", "IncidentCountConnection.totalCount"} == {
        "IncidentCount.count",
        "IncidentCount.countLabel",
        "CoverageGap.incidentCount",
    }


def test_an_area_chooses_cells_and_adds_none_up(lattice: Lattice, ask):
    told, year = lattice.told(), lattice.year
    areas = [place for level, place, period, kind in told if level == "ADM1" and (period, kind) == (year, None)]
    for area in areas[:5]:
        for level in LEVELS:
            for kind in (TYPES[0], None):
                for row in counts(ask, level=level, period=year, type=kind, area=area):
                    assert told[level, row["areaCode"], year, kind] == row["count"]
                    assert row["status"] == "PUBLISHED"


def test_a_gap_tells_the_published_count_of_its_locality(lattice: Lattice, ask):
    told = {}
    for kind in (*TYPES, None):
        for row in counts(ask, level="LOCALITY", period=lattice.year, type=kind):
            told[kind, *row["point"]["coordinates"]] = row["count"]
    gaps = [edge["node"] for edge in ask(GAPS)["data"]["coverageGaps"]["edges"]]
    assert len(gaps) > 10
    assert len({gap["incidentType"] for gap in gaps}) > 1
    assert all(
        told[gap["incidentType"], *gap["locality"]["point"]["coordinates"]] == gap["incidentCount"] for gap in gaps
    )
