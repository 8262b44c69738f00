"""Coverage of what a child needs in the country of the seeds: beside a brute force, and what must hold of any answer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo.database.owner import owner_transaction
from geo.vocabulary import ServiceCategory, Stage
from tests.geodesy import distance_m
from tests.planning.documents import COUNTED, CURVE, OF, PAGE, covered

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def world(seeded_url, home):
    scheme, _, nation = home.nation.partition(":")
    with owner_transaction(seeded_url) as connection:
        points = connection.execute(
            text(
                "SELECT d.id::text, d.under_18, ST_X(d.point::geometry) AS lon, ST_Y(d.point::geometry) AS lat, coalesce(a.code, :nation) AS code"
                " FROM lakana.demand_point d LEFT JOIN (lakana.area_within w JOIN lakana.admin_area a"
                " ON a.id = w.ancestor_id AND a.level = 1 AND a.scheme = :scheme"
                " AND daterange(a.valid_from, a.valid_to) @> current_date) ON w.area_id = d.area_set_id"
            ),
            {"scheme": scheme, "nation": nation},
        ).all()
        sites = connection.execute(
            text(
                "SELECT category::text, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.service "
                "WHERE NOT confidential"
            )
        ).all()
    return points, sites


def near(point, sites, category, metres):
    # A degree of latitude is over 110 km, so whatever is too far in latitude alone need not be measured.
    return any(
        distance_m(point.lon, point.lat, site.lon, site.lat) <= metres
        for site in sites
        if site.category == category and abs(site.lat - point.lat) * 110_000 <= metres
    )


@pytest.mark.parametrize(
    ("need", "groups", "metres"),
    [
        ({"categories": ["SAFE_SHELTER", "LEGAL_AID"]}, [["SAFE_SHELTER"], ["LEGAL_AID"]], 60_000.0),
        ({"stage": "IDENTIFICATION"}, [["IDENTIFICATION", "POLICE_JUSTICE"]], 25_000.0),
    ],
)
def test_coverage_of_a_need_equals_brute_force(ask, world, home, need, groups, metres):
    points, sites = world
    expected: dict[str, tuple[int, int]] = {}
    for point in points:
        there = all(any(near(point, sites, category, metres) for category in group) for group in groups)
        covered_, everybody = expected.get(point.code, (0, 0))
        expected[point.code] = (covered_ + there * point.under_18, everybody + point.under_18)
    found = ask(OF, need=need, within={"metres": metres}, level="ADM1")["data"]["coverage"]
    assert covered(found["areas"]) == expected
    assert found["total"]["coveredUnder18"] == sum(each[0] for each in expected.values()) > 0
    assert len(expected) == home.parts


NEEDS = st.one_of(
    st.lists(st.sampled_from([each.name for each in ServiceCategory]), min_size=1, max_size=16, unique=True).map(
        lambda names: {"categories": names}
    ),
    st.sampled_from([{"stage": each.name} for each in Stage]),
)
AREAS = st.sampled_from([None, "ISO-3166-2:ML", "ML03", "ISO-3166-2:ML-3", "ML0301"])
METRES = st.floats(0.001, 1_000_000.0)
IN_THE_DATABASE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@IN_THE_DATABASE
@given(need=NEEDS, area=AREAS, metres=METRES, level=st.sampled_from([None, "ADM0", "ADM1", "ADM2"]))
def test_sums_add_up_at_every_level(ask, need, area, metres, level):
    found = ask(OF, need=need, within={"metres": metres}, area=area, level=level)["data"]["coverage"]
    kinds = [each for each in (found["inLocalities"], found["elsewhere"]) if each["populationUnder18"] is not None]
    assert len(kinds) == (1 if area == "ML0301" else 2), "outside its localities nobody of a cercle is counted"
    for each in (found["total"], *found["areas"], *kinds):
        assert 0 <= each["coveredUnder18"] <= each["populationUnder18"]
        assert each["coveredUnder18"] + each["uncoveredUnder18"] == each["populationUnder18"]
        share = 100 * each["coveredUnder18"] / each["populationUnder18"] if each["populationUnder18"] else None
        assert each["coveredPercent"] == pytest.approx(share)
    for field in COUNTED:
        assert sum(each[field] for each in found["areas"]) == found["total"][field]
        assert sum(each[field] for each in kinds) == found["total"][field]


@IN_THE_DATABASE
@given(need=NEEDS, area=AREAS, metres=st.lists(METRES, min_size=2, max_size=8, unique=True))
def test_the_curve_grows_and_is_what_coverage_says(ask, need, area, metres):
    curve = ask(CURVE, need=need, area=area, metres=metres)["data"]["coverageCurve"]
    told = [each["coveredUnder18"] for each in curve["points"]]
    assert told == sorted(told)
    assert [each["distanceMetres"] for each in curve["points"]] == sorted(metres)
    for each in curve["points"][:2]:
        total = ask(OF, need=need, within={"metres": each["distanceMetres"]}, area=area)["data"]["coverage"]["total"]
        assert total["coveredUnder18"] == each["coveredUnder18"]
        assert total["populationUnder18"] == curve["populationUnder18"]


@IN_THE_DATABASE
@given(need=NEEDS, area=AREAS, metres=METRES)
def test_localities_add_up_to_what_the_answer_says_of_them(ask, need, area, metres):
    within = {"metres": metres}
    page = ask(PAGE, need=need, within=within, area=area, first=100)["data"]["localityCoverage"]
    nodes = [edge["node"] for edge in page["edges"]]
    assert len(nodes) == page["totalCount"]
    told = ask(OF, need=need, within=within, area=area)["data"]["coverage"]["inLocalities"]
    assert sum(each["populationUnder18"] for each in nodes) == told["populationUnder18"]
    assert sum(each["populationUnder18"] for each in nodes if each["covered"]) == told["coveredUnder18"]


def test_more_needed_is_never_more_covered(ask):
    categories = ["MEDICAL", "LEGAL_AID", "SAFE_SHELTER", "EDUCATION"]
    told = [
        ask(OF, need={"categories": categories[:n]}, within={"metres": 80_000.0})["data"]["coverage"]["total"][
            "coveredUnder18"
        ]
        for n in (1, 2, 3, 4)
    ]
    assert told == sorted(told, reverse=True)
    assert told[0] > told[-1] > 0


def test_the_answer_names_its_sources(ask):
    found = ask(OF, need={"categories": ["LEGAL_AID"]}, within={"metres": 30_000.0}, level="ADM2")["data"]["coverage"]
    assert len(found["areas"]) > 20
    assert {each["name"] for each in found["sources"]} == {
        "GeoNames",
        "INSTAT, RGPH5 2022; INSTAT, DNP, OCHA: COD-PS Mali",
        "Lakana, données d’illustration",
    }


def test_pages_of_localities_meet(ask):
    given_ = {"need": {"stage": "REFERRAL"}, "within": {"metres": 1_000.0}, "area": "ISO-3166-2:ML-3"}
    whole = ask(PAGE, **given_, first=100)["data"]["localityCoverage"]["edges"]
    first = ask(PAGE, **given_, first=5)["data"]["localityCoverage"]
    rest = ask(PAGE, **given_, first=100, after=first["pageInfo"]["endCursor"])["data"]["localityCoverage"]
    assert [*first["edges"], *rest["edges"]] == whole
    assert len(first["edges"]) == 5
