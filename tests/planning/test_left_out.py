"""Confidential services have no distance: whatever measures leaves them out, and says how many."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.assumptions.catalogue import translated
from geo.assumptions.coverage import LEFT_OUT
from geo.database import tables
from geo.vocabulary import Locale
from tests.planning.answers import answer

pytestmark = pytest.mark.database

NEED = "need: {categories: [SAFE_SHELTER]}"
REACH = "within: {metres: 500}"
SAID = """dataAsOf { services population incidents loadedOn } sources { name } fr: assumptions en: assumptions(language: "en") bm: assumptions(language: "bm")
  confidentialLeftOut"""
MEASURED = {
    "coverage": f"""coverage({NEED}, {REACH} AREA) {{ total {{ coveredUnder18 populationUnder18 }}
      areas {{ area {{ code }} coveredUnder18 }} areasNotKnown {{ code }}
      inLocalities {{ coveredUnder18 }} elsewhere {{ coveredUnder18 }} {SAID} }}""",
    "coverage by places": f"""coverage({NEED}, {REACH}, byPlaces: true AREA)
      {{ total {{ coveredUnder18 }} available availableUsed {SAID} }}""",
    "within a time": f"""coverage({NEED}, within: {{travel: {{mode: WALK, minutes: 60}}}} AREA)
      {{ total {{ coveredUnder18 }} {SAID} }}""",
    "curve": f"""coverageCurve({NEED}, distancesMetres: [100, 500, 50000] AREA)
      {{ points {{ distanceMetres coveredUnder18 }} {SAID} }}""",
    "localities": f"""localityCoverage({NEED}, {REACH} AREA)
      {{ totalCount edges {{ cursor node {{ covered nearestDistanceMetres }} }} {SAID} }}""",
    "gaps": f"""coverageGaps({NEED}, {REACH} AREA) {{ totalCount uncoveredUnder18
      edges {{ cursor node {{ nearestDistanceMetres beyondMetres priority nearestService {{ id }} }} }} {SAID} }}""",
    "land": f"gapAreas(category: SAFE_SHELTER, {REACH} AREA) {{ geometry areaSquareKilometres uncoveredUnder18 {SAID} }}",
    "scores": f"""accessScores(category: SAFE_SHELTER, {REACH} AREA) {{ edges {{ node {{ capacityPer1000Under18 }} }} serviceCount
      unreachedServiceCount unknownCapacityCount capacity unservedUnder18 meanCapacityPer1000Under18 {SAID} }}""",
    "times": f"""travelTimes(category: SAFE_SHELTER, mode: WALK AREA)
      {{ edges {{ node {{ minutes basis nearestService {{ id }} }} }} {SAID} }}""",
    "sites": f"""siteRecommendations(category: SAFE_SHELTER, {REACH}, model: MCLP, siteCount: 1,
      candidates: {{points: [{{lon: 0.02, lat: 0}}]}} AREA) {{ objectiveBefore objectiveAfter coveredBeforeUnder18
      sites {{ marginalGainUnder18 }} {SAID} }}""",
    "nearest": "nearestServices(origin: {lon: 0.02, lat: 0}) { distanceMetres service { id } }",
}


@pytest.fixture
def divided(country):
    """The small country with two zones, a shelter in the open and one of another category."""
    country.zones = country.divide()
    shelter(country, country.serve("SAFE_SHELTER", 0.0), capacity=12)
    country.serve("MEDICAL", 0.02)
    # An old date of the data, so that the tests notice any other.
    country.run("UPDATE lakana.access_refresh SET refreshed_at = '2020-01-01 00:00:00+00'")
    return country


def shelter(country, service, capacity):
    country.run("UPDATE lakana.service SET capacity = :capacity WHERE id = :id", capacity=capacity, id=service)
    country.add(tables.shelter, service_id=service, occupancy=2, girls=True, boys=True)
    return service


def asked(country, name, area=None):
    where = f', areaCode: "{area}"' if area else ""
    return answer(country.connection, "{ " + MEASURED[name].replace(" AREA", where) + " }")


@pytest.mark.parametrize("name", MEASURED)
def test_a_confidential_service_changes_no_figure_but_how_many_are_left_out(divided, name):
    before = asked(divided, name)
    divided.run("SAVEPOINT shown")
    shelter(divided, divided.serve("SAFE_SHELTER", 0.021), capacity=7)
    assert asked(divided, name) != before, "the control: one in the open counts"
    divided.run("ROLLBACK TO shown")
    shelter(divided, divided.hide("SAFE_SHELTER", divided.west, 0.020), capacity=7)
    shelter(divided, divided.hide("SAFE_SHELTER", divided.east, 0.030), capacity=9)
    after = asked(divided, name)
    if isinstance(before, list):
        assert after == before
        return
    assert (before.pop("confidentialLeftOut"), after.pop("confidentialLeftOut")) == (0, 2)
    if "fr" in before:
        for alias, locale in (("fr", Locale.FR), ("en", Locale.EN), ("bm", Locale.FR)):
            *others, last = before.pop(alias)
            *same, told = after.pop(alias)
            assert others == same
            assert (last, told) == tuple(translated(LEFT_OUT, locale) % number for number in (0, 2))
    assert after == before


@pytest.mark.parametrize("name", [name for name in MEASURED if "AREA" in MEASURED[name]])
def test_those_are_left_out_whose_zone_has_a_part_in_common_with_the_area(divided, name):
    for area, lon, many in ((divided.west, 0.0, 2), (divided.east, 0.03, 1)):
        for _ in range(many):
            shelter(divided, divided.hide("SAFE_SHELTER", area, lon), capacity=3)
    divided.hide("MEDICAL", divided.west, 0.0)
    # A cercle is part of a zone: a service somewhere in the zone may be in the cercle.
    told = {area: asked(divided, name, area)["confidentialLeftOut"] for area in (None, "T:N", "T:A", "T:AA", "T:B")}
    assert told == {None: 3, "T:N": 3, "T:A": 2, "T:AA": 2, "T:B": 1}


@pytest.mark.parametrize("name", ["localities", "gaps", "scores", "times"])
def test_of_two_nations_only_those_of_the_one_are_left_out(divided, name):
    """It was an error of the whole answer as soon as two nations were loaded: no one of them is the home."""
    other = divided.area("M", 0)
    divided.zoning(other)
    divided.zone(other, other, 5, 5, 1, name_fr="Autre")
    divided.hide("SAFE_SHELTER", divided.west, 0.0)
    divided.hide("SAFE_SHELTER", other, 5.5)
    assert asked(divided, name, "T:N")["confidentialLeftOut"] == 1


def test_every_category_of_a_need_is_looked_at(divided):
    divided.hide("MEDICAL", divided.west, 0.0)
    divided.hide("LEGAL_AID", divided.west, 0.0)
    divided.hide("SAFE_SHELTER", divided.east, 0.0)
    document = "query ($need: NeedInput!) { coverage(need: $need, within: {metres: 1}) { confidentialLeftOut } }"
    for need, number in (
        ({"categories": ["MEDICAL", "SAFE_SHELTER"]}, 2),
        ({"categories": ["LEGAL_AID"]}, 1),
        ({"stage": "SUPPORT"}, 3),
        ({"stage": "REFERRAL"}, 0),
    ):
        assert answer(divided.connection, document, need=need) == {"confidentialLeftOut": number}


def test_an_area_lists_a_confidential_service_where_it_holds_its_whole_zone_and_a_box_never(divided):
    hidden = shelter(divided, divided.hide("SAFE_SHELTER", divided.west, 0.0), capacity=3)
    everywhere = "bbox: {west: -180, south: -90, east: 180, north: 90}"
    for listing in ("services(categories: [SAFE_SHELTER]", "shelters(availableOnly: false"):
        of = "id" if listing.startswith("services") else "service { id }"
        found = {}
        for where in (
            'areaCode: "T:N"',
            'areaCode: "T:A"',
            'areaCode: "T:AA"',
            'areaCode: "T:B"',
            everywhere,
            "first: 9",
        ):
            rows = answer(divided.connection, f"{{ {listing}, {where}) {{ totalCount edges {{ node {{ {of} }} }} }} }}")
            assert rows["totalCount"] == len(rows["edges"])
            ids = {each["node"].get("id") or each["node"]["service"]["id"] for each in rows["edges"]}
            found[where] = hidden in ids
        assert list(found.values()) == [True, True, False, False, False, True]
    for layer in ("SERVICES", "SHELTERS"):
        for where, told in (('areaCode: "T:A"', True), ('areaCode: "T:AA"', False), (everywhere, False)):
            collection = answer(divided.connection, f"{{ featureCollection(layer: {layer}, {where}) }}")
            assert ("Ouest" in [each["properties"]["zoneName"] for each in collection["features"]]) is told


def test_a_confidential_service_is_told_with_its_zone_and_without_actor_and_place(divided):
    shelter(divided, divided.hide("SAFE_SHELTER", divided.west, 0.0, verified_on=dt.date(2026, 2, 14)), capacity=3)
    document = """{ shelters { edges { node { confidential hasPlaces actor { id } location { point precision radiusMetres
      locality { id } adminArea { code } zone { id name areas { code } point radiusMetres } }
      service { verifiedOn phone openingHours { text } capacity actor { id } location { zone { id } } } } } } }"""
    [told] = [e["node"] for e in answer(divided.connection, document)["edges"] if e["node"]["confidential"]]
    zone = told["location"]["zone"]
    assert zone["areas"] == [{"code": "A"}]
    assert zone["name"] == "Ouest"
    assert (told["location"]["point"], told["location"]["radiusMetres"]) == (zone["point"], zone["radiusMetres"])
    assert told["location"]["precision"] == "AREA"
    assert told["location"]["adminArea"] == {"code": "A"}
    assert (told["actor"], told["location"]["locality"], told["hasPlaces"]) == (None, None, True)
    assert told["service"] == {
        "verifiedOn": "2026-01-01",
        "phone": None,
        "openingHours": None,
        "capacity": None,
        "actor": None,
        "location": {"zone": {"id": zone["id"]}},
    }
    node = "query ($id: ID!) { node(id: $id) { id ... on Zone { name radiusMetres } } }"
    assert answer(divided.connection, node, id=zone["id"]) == {
        "id": zone["id"],
        "name": "Ouest",
        "radiusMetres": 60_000,
    }


def test_a_zone_of_two_areas_names_no_area(divided):
    divided.run(
        "INSERT INTO lakana.zone_area VALUES (:zone, :area)",
        zone=divided.zones[0],
        area=divided.area("C", 1, parent_id=divided.nation),
    )
    divided.hide("SAFE_SHELTER", divided.west, 0.0)
    document = '{ services(text: "tu") { edges { node { location { adminArea { code } zone { areas { code } } } } } } }'
    [edge] = answer(divided.connection, document)["edges"]
    assert edge["node"]["location"] == {"adminArea": None, "zone": {"areas": [{"code": "A"}, {"code": "C"}]}}


def test_an_actor_lists_no_confidential_service(divided):
    shown = divided.serve("LEGAL_AID", 0.0)
    divided.hide("LEGAL_AID", divided.west, 0.0)
    [edge] = answer(
        divided.connection, "{ actors { edges { node { services { edges { node { id category } } } } } } }"
    )["edges"]
    services = [each["node"] for each in edge["node"]["services"]["edges"]]
    assert [each["id"] for each in services if each["category"] == "LEGAL_AID"] == [shown]


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        ((None, None), (None, None)),
        ((0, 30), (0, 71)),
        ((0, 215), (0, 215)),
        ((71, 72), (0, 143)),
        ((72, 143), (72, 143)),
        ((144, 144), (144, 215)),
    ],
)
def test_ages_of_a_confidential_shelter_are_bands(divided, ages, told):
    service = divided.hide("SAFE_SHELTER", divided.west, 0.0)
    divided.add(
        tables.shelter,
        service_id=service,
        occupancy=0,
        girls=True,
        boys=False,
        minimum_age_months=ages[0],
        maximum_age_months=ages[1],
    )
    assert divided.rows(
        "SELECT minimum_age_months, maximum_age_months FROM lakana.shelter WHERE service_id = :id", id=service
    ) == [told]


def test_ages_become_bands_with_the_shelter_that_becomes_confidential(divided):
    shown = divided.serve("SAFE_SHELTER", 0.01)
    divided.add(
        tables.shelter,
        service_id=shown,
        occupancy=0,
        girls=True,
        boys=True,
        minimum_age_months=84,
        maximum_age_months=167,
    )
    known = "SELECT minimum_age_months, maximum_age_months FROM lakana.shelter ORDER BY minimum_age_months LIMIT 1"
    assert divided.rows(known) == [(84, 167)]
    divided.run("UPDATE lakana.actor SET kind = 'OTHER'")
    divided.run("UPDATE lakana.service SET confidential = true WHERE id = :id", id=shown)
    assert divided.rows(known) == [(72, 215)]


@pytest.mark.parametrize(
    ("capacity", "occupancy", "told"), [(None, 0, None), (5, 4, True), (5, 5, False), (5, 6, False), (0, 0, False)]
)
def test_has_places_is_yes_no_or_not_known(divided, capacity, occupancy, told):
    service = divided.serve("SAFE_SHELTER", 0.01)
    divided.run("UPDATE lakana.service SET capacity = :capacity WHERE id = :id", capacity=capacity, id=service)
    divided.add(tables.shelter, service_id=service, occupancy=occupancy, girls=True, boys=True)
    document = (
        "query ($free: Boolean) { shelters(availableOnly: $free) { edges { node { hasPlaces service { id } } } } }"
    )
    for free in (False, True):
        listed = [e["node"] for e in answer(divided.connection, document, free=free)["edges"]]
        found = [each["hasPlaces"] for each in listed if each["service"]["id"] == service]
        assert found == ([told] if not free or told else [])


def test_numbers_of_a_confidential_shelter_are_rounded_down_to_tens(divided):
    service = divided.hide("SAFE_SHELTER", divided.west, 0.0)
    divided.run("UPDATE lakana.service SET capacity = 39 WHERE id = :id", id=service)
    divided.add(tables.shelter, service_id=service, occupancy=11, girls=True, boys=True)
    document = "{ shelters { edges { node { confidential capacity occupancy available } } } }"
    told = [e["node"] for e in answer(divided.connection, document)["edges"]]
    assert {"confidential": True, "capacity": 30, "occupancy": 10, "available": 20} in told
    assert {"confidential": False, "capacity": 12, "occupancy": 2, "available": 10} in told
