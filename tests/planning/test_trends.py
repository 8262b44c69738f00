"""Trends as the API tells them: published values only, sums across divisions, no change within rounding."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from geo.arguments import Period
from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.queries.incidents.trends import Trends
from geo.service import Resources
from geo.vocabulary import AreaLevel
from tests.graphql.conftest import ask, ask_as, operations, resources, run  # noqa: F401  fixtures
from tests.mali import regions
from tests.planning.documents import under

pytestmark = pytest.mark.database

ASKED = """query ($level: AreaLevel!, $area: AreaCode, $type: IncidentType, $from: Period, $to: Period,
  $scheme: String, $first: Int = 50, $after: String) {
  trends(level: $level, areaCode: $area, incidentType: $type, fromPeriod: $from, toPeriod: $to, scheme: $scheme,
    first: $first, after: $after) {
    edges { node { area { scheme code } locality { name } partCount errorBound firstCount lastCount change direction
      quarters { period count change direction } } }
    pageInfo { hasNextPage endCursor } totalCount fromPeriod toPeriod assumptions dataAsOf { services population incidents loadedOn } sources { illustrative } } }"""
QUARTERS = [f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def trends(ask):  # noqa: F811
    def trends(level: str, **asked) -> dict[str, Any]:
        """Return the answer with the trends of all its pages."""
        found: list[dict[str, Any]] = []
        after = None
        while True:
            answer = ask(ASKED, level=level, **asked, after=after)
            assert "errors" not in answer, answer
            page: dict[str, Any] = under("trends", answer["data"]["trends"])
            found += page["trends"]
            after = page["endCursor"]
            if not page["hasNextPage"]:
                return page | {"trends": found}

    return trends


@pytest.fixture(scope="module")
def published(seeded_url):
    """What the table holds: (place, period) → count, by level and type."""
    found: dict = defaultdict(dict)
    with owner_transaction(seeded_url) as connection:
        for level, kind, place, period, count in connection.execute(
            text(
                "SELECT p.level::text, incident_type::text, coalesce(a.code, l.name_fr), period, count "
                "FROM lakana.published_count p LEFT JOIN lakana.admin_area a ON a.id = p.area_id "
                "LEFT JOIN lakana.locality l ON l.id = p.locality_id WHERE current"
            )
        ):
            found[level, kind][place, period] = count
    return found


def test_a_region_of_the_division_in_use_has_the_published_values(trends, published):
    answer = trends("ADM1", type="TRAFFICKING")
    assert (answer["fromPeriod"], answer["toPeriod"]) == (QUARTERS[0], QUARTERS[-1])
    assert {each["area"]["code"] for each in answer["trends"]} == {f"ML{at:02}" for at in range(1, 21)}
    for each in answer["trends"]:
        code, told = each["area"]["code"], published["ADM1", "TRAFFICKING"]
        assert [quarter["period"] for quarter in each["quarters"]] == QUARTERS
        # A region of fewer than three localities is published by type for the year only.
        assert [quarter["count"] for quarter in each["quarters"]] == [told.get((code, period)) for period in QUARTERS]
        assert (each["partCount"], each["errorBound"]) == (1, 4)
    known = {each["area"]["code"] for each in answer["trends"] if each["lastCount"] is not None}
    assert 5 < len(known) < 20


def test_a_sum_is_not_known_where_one_of_its_parts_is_not_told_by_type(trends, published):
    told, quarter = published["ADM1", "TRAFFICKING"], QUARTERS[-1]
    for each in trends("ADM1", type="TRAFFICKING", scheme="ISO-3166-2")["trends"]:
        parts = [told.get((new, quarter)) for new, old in regions().items() if old == each["area"]["code"]]
        assert each["partCount"] == len(parts)
        assert each["lastCount"] == (None if None in parts else sum(parts))


def test_localities_are_told_by_quarter_of_all_types_only(trends):
    every, of_a_type = trends("LOCALITY")["trends"], trends("LOCALITY", type="TRAFFICKING")["trends"]
    assert {each["partCount"] for each in (*every, *of_a_type)} == {1}
    assert all(quarter["count"] is not None for each in every for quarter in each["quarters"])
    assert all(quarter["count"] is None for each in of_a_type for quarter in each["quarters"])


def test_a_division_that_is_not_known_has_no_areas(trends, ask):  # noqa: F811
    assert trends("ADM1", scheme="NUTS")["trends"] == []
    assert ask('{ adminAreas(scheme: "NUTS") { totalCount } }')["data"]["adminAreas"] == {"totalCount": 0}


def test_a_region_of_the_old_division_is_the_sum_of_its_parts(trends, published):
    answer = trends("ADM1", scheme="ISO-3166-2")
    assert {each["area"]["code"] for each in answer["trends"]} == set(regions().values())
    for each in answer["trends"]:
        parts = [new for new, old in regions().items() if old == each["area"]["code"]]
        assert each["partCount"] == len(parts)
        assert each["errorBound"] == 4 * len(parts)
        for quarter in each["quarters"]:
            told = published["ADM1", None]
            assert quarter["count"] == sum(told[part, quarter["period"]] for part in parts)
    assert {each["partCount"] for each in answer["trends"]} == {1, 2, 3}


def test_the_error_bound_holds_against_the_true_counts(trends, seeded_url):
    """What the API may never read: the true counts, of which each value is at most its bound off."""
    with owner_transaction(seeded_url) as connection:
        true: dict[str, int] = dict(
            connection.execute(
                text(
                    "SELECT a.code || ' ' || quarter, sum(count)::int FROM raw.incident_count "
                    "JOIN lakana.locality l ON l.id = locality_id JOIN lakana.area_within w USING (area_id) "
                    "JOIN lakana.admin_area a ON a.id = w.ancestor_id WHERE a.scheme = 'ISO-3166-2' GROUP BY 1"
                )
            ).all()
        )
    for each in trends("ADM1", scheme="ISO-3166-2")["trends"]:
        code, bound = each["area"]["code"], each["errorBound"]
        for quarter in each["quarters"]:
            assert abs(quarter["count"] - true[f"{code} {quarter['period']}"]) <= bound
        grew = true[f"{code} {QUARTERS[-1]}"] - true[f"{code} {QUARTERS[0]}"]
        assert {"RISE": grew > 0, "FALL": grew < 0, "WITHIN_ROUNDING": True}[each["direction"]]


def test_changes_are_differences_and_called_so_beyond_the_bound_only(trends):
    called = set()
    for each in trends("LOCALITY")["trends"]:
        counts = [quarter["count"] for quarter in each["quarters"]]
        assert each["change"] == counts[-1] - counts[0] == each["lastCount"] - each["firstCount"]
        assert each["quarters"][0]["change"] is each["quarters"][0]["direction"] is None
        steps = [(quarter["change"], quarter["direction"]) for quarter in each["quarters"][1:]]
        assert [step for step, _ in steps] == [two - one for one, two in pairwise(counts)]
        for moved, said in [*steps, (each["change"], each["direction"])]:
            assert said == ("WITHIN_ROUNDING" if abs(moved) <= 8 else "RISE" if moved > 0 else "FALL")
            called.add(said)
    assert called == {"RISE", "FALL", "WITHIN_ROUNDING"}


def test_the_nation_in_either_division_has_the_same_counts(trends):
    [new], [old] = trends("ADM0")["trends"], trends("ADM0", scheme="ISO-3166-2")["trends"]
    assert (new["area"]["code"], old["area"]["code"]) == ("MLI", "ML")
    assert new["quarters"] == old["quarters"]
    assert old["partCount"] == 1


def test_a_cercle_of_which_nothing_is_published_has_nulls_and_no_zeros(trends, published):
    told = {place for place, _ in published["ADM2", None]}
    answer = trends("ADM2")
    assert answer["totalCount"] == 160 > len(told)
    for each in answer["trends"]:
        known = each["area"]["code"] in told
        assert each["partCount"] == known
        assert all((quarter["count"] is not None) == known for quarter in each["quarters"])
        assert (each["direction"] is not None) == known


def test_a_missing_quarter_of_one_part_makes_the_sum_null(copy_seeded, run, operations):  # noqa: F811
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.execute(
            text(
                "DELETE FROM lakana.published_count WHERE incident_type IS NULL AND level = 'ADM1' "
                "AND (period = '2025-Q2' AND area_id = (SELECT id FROM lakana.admin_area WHERE (code, edition) = ('ML03', 'v03')) "
                "OR period = '2025-Q4' AND area_id = (SELECT id FROM lakana.admin_area WHERE (code, edition) = ('ML17', 'v03')))"
            )
        )
    its_pools, operation = Resources(url, 1), operations.get(ASKED, None)
    variables = operation.variables({"level": "ADM1", "scheme": "ISO-3166-2"})
    answer = orjson.loads(run(operation.answer(variables, ANYBODY, its_pools)).body)["data"]["trends"]
    its_pools.close()
    by_code = {each["area"]["code"]: each for each in under("trends", answer)["trends"]}
    sikasso = by_code["ML-3"]
    assert sikasso["partCount"] == 3
    missing = [quarter["period"] for quarter in sikasso["quarters"] if quarter["count"] is None]
    assert missing == ["2025-Q2"]
    blank = [quarter["period"] for quarter in sikasso["quarters"] if quarter["direction"] is None]
    assert blank == ["2024-Q1", "2025-Q2", "2025-Q3"]
    assert sikasso["direction"] is not None
    segou = by_code["ML-4"]
    assert segou["firstCount"] is not None
    assert segou["lastCount"] is segou["change"] is segou["direction"] is None


def test_an_area_keeps_what_lies_in_it(trends):
    answer = trends("ADM1", area="ISO-3166-2:ML-3")
    assert {each["area"]["code"] for each in answer["trends"]} == {"ML03", "ML15", "ML16"}
    places = trends("LOCALITY", area="ISO-3166-2:ML-3")["trends"]
    assert {"Sikasso", "Koutiala"} <= {each["locality"]["name"] for each in places}
    assert len(places) < 94


@pytest.mark.parametrize(
    ("asked", "quarters"),
    [
        ({"from": "2025", "to": "2025"}, QUARTERS[4:]),
        ({"from": "2025-Q3"}, QUARTERS[6:]),
        ({"to": "2024-Q2"}, ["2022-Q3", "2022-Q4", *[f"2023-Q{at}" for at in (1, 2, 3, 4)], "2024-Q1", "2024-Q2"]),
        ({"from": "2025-Q1", "to": "2025-Q1"}, ["2025-Q1"]),
        ({"from": "2031-Q1"}, ["2031-Q1"]),
        ({"from": "2025-Q4", "to": "2026-Q1"}, ["2025-Q4", "2026-Q1"]),
    ],
)
def test_spans(trends, asked, quarters):
    answer = trends("ADM0", **asked)
    [nation] = answer["trends"]
    assert [each["period"] for each in nation["quarters"]] == quarters
    assert (answer["fromPeriod"], answer["toPeriod"]) == (quarters[0], quarters[-1])
    for each in nation["quarters"]:
        assert (each["count"] is not None) == (each["period"] in QUARTERS)


def test_the_answer_says_what_rounding_can_do(trends):
    answer = trends("ADM0")
    assert any("8 par partie" in each for each in answer["assumptions"])
    assert any("<5" in each for each in answer["assumptions"])
    assert answer["sources"] == [{"illustrative": True}]
    assert answer["dataAsOf"]["incidents"] == QUARTERS[-1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from": "2025-Q5"}, "fromPeriod: give a year (2025) or a quarter (2025-Q4)"),
        ({"to": "25"}, "toPeriod: give a year"),
        ({"from": "2025-Q2", "to": "2025-Q1"}, "fromPeriod: 2025-Q2 comes after 2025-Q1"),
        ({"from": "2014-Q4", "to": "2024-Q4"}, "more than 40 quarters"),
        ({"from": "1990"}, "more than 40 quarters"),
        ({"scheme": " "}, "scheme: give from 1 to 200 characters"),
        ({"area": "COD-AB:XX"}, "no area in force bears the code COD-AB:XX"),
        ({"first": 51}, "first: 51 is outside 1 to 50"),
        ({"after": "WzFd"}, "after: not a cursor of this list"),
    ],
)
def test_bad_input_says_what_to_change(ask, wrong, said):  # noqa: F811
    [error] = ask(ASKED, level="ADM1", **wrong)["errors"]
    assert said in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_localities_belong_to_no_division():
    with pytest.raises(BadInput, match="scheme: localities belong to no division"):
        Trends(level=AreaLevel.LOCALITY, scheme="ISO-3166-2")


def test_forty_quarters_are_allowed():
    assert (
        Trends(level=AreaLevel.ADM0, from_period=Period("2015-Q1"), to_period=Period("2024-Q4")).to_period == "2024-Q4"
    )
