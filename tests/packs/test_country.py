"""Planning, referral, maps and release in the made-up country, as in any other, and in its own words."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from geo.database import owner
from geo.release import publish
from geo.vocabulary import Locale, ServiceCategory
from geo.vocabulary import label as words
from tests.conftest import RELEASE_KEY, unguessed
from tests.geodesy import distance_m
from tests.graphql.conftest import run, talking
from tests.packs import vela
from tests.packs.asking import asked
from tests.planning.answers import answer

__all__ = ["run"]
pytestmark = pytest.mark.database

MEDICAL = [(each["lon"], each["lat"]) for each in vela.services() if each["category"] == "MEDICAL"]
REACH_M = 30_000.0
EACH = vela.CHILDREN // vela.PLACES


def nearest_m(place):
    return min(distance_m(place["lon"], place["lat"], *each) for each in MEDICAL)


@pytest.fixture(scope="module")
def url(make_database, vela_template):
    """The country with incidents of four quarters, released, and a confidential shelter in one district."""
    made = make_database(vela_template)
    with owner.owner_transaction(made) as connection:
        source = connection.scalar(text("SELECT id FROM lakana.source LIMIT 1"))
        connection.execute(
            text(
                "INSERT INTO raw.incident_return (locality_id, quarter, reported_at, source_id) "
                "SELECT l.id, q, now(), :source FROM lakana.locality l, unnest(ARRAY['2025-Q1','2025-Q2','2025-Q3','2025-Q4']) q"
            ),
            {"source": source},
        )
        connection.execute(
            text(
                "INSERT INTO raw.incident_count (locality_id, quarter, incident_type, count) "
                "SELECT locality_id, quarter, 'TRAFFICKING', 1 + abs(hashtext(locality_id::text || quarter)) % 9 FROM raw.incident_return"
            )
        )
        connection.execute(
            text(
                "INSERT INTO lakana.service (name, category, confidential, zone_id, source_id) "
                "SELECT 'Abri des vagues', 'SAFE_SHELTER', true, z.id, z.source_id FROM lakana.zone z "
                "JOIN lakana.zone_area a ON a.zone_id = z.id JOIN lakana.admin_area d ON d.id = a.area_id WHERE d.code = 'XV13'"
            )
        )
    with unguessed():
        publish.release(made, RELEASE_KEY)
    return made


@pytest.fixture(scope="module")
def send(run, url):
    with talking(run, url, 60) as sending:
        yield sending


def test_coverage_is_that_of_a_brute_force_across_the_antimeridian(send):
    told = asked(
        send,
        f"{{ coverage(need: {{categories: [MEDICAL]}}, within: {{metres: {REACH_M}}}, level: ADM2) {{"
        " total { populationUnder18 coveredUnder18 } areas { area { code levelLabel } coveredUnder18 } } }",
    )
    within = [each for each in vela.places() if nearest_m(each) <= REACH_M]
    assert told["total"] == {"populationUnder18": 6 * vela.CHILDREN, "coveredUnder18": EACH * len(within)}
    by_district = {each["area"]["code"]: each["coveredUnder18"] for each in told["areas"]}
    assert by_district == {
        code: EACH * sum(each["code"].startswith(code) for each in within) for code in vela.DISTRICTS
    }
    assert {each["area"]["levelLabel"] for each in told["areas"]} == {"île"}


def test_gaps_are_those_of_a_brute_force(send):
    told = asked(
        send,
        f"{{ coverageGaps(need: {{categories: [MEDICAL]}}, within: {{metres: {REACH_M}}}, first: 100) {{ totalCount"
        " edges { node { locality { name } nearestDistanceMetres } } } }",
    )
    far = {each["name"]: nearest_m(each) for each in vela.places() if nearest_m(each) > REACH_M}
    assert told["totalCount"] == len(far)
    found = {edge["node"]["locality"]["name"]: edge["node"]["nearestDistanceMetres"] for edge in told["edges"]}
    assert found == {name: pytest.approx(far[name], abs=0.01) for name in found}


def test_the_best_site_is_that_of_a_brute_force_across_the_antimeridian(url):
    with owner.owner_transaction(url) as connection:
        told = answer(
            connection,
            f"{{ siteRecommendations(category: MEDICAL, within: {{metres: {REACH_M}}}, model: MCLP, siteCount: 1) {{"
            " coveredBeforeUnder18 coveredAfterUnder18 } }",
        )
    places = vela.places()
    far = [each for each in places if nearest_m(each) > REACH_M]
    gains = (sum(distance_m(at["lon"], at["lat"], p["lon"], p["lat"]) <= REACH_M for p in far) for at in places)
    assert told["coveredBeforeUnder18"] == EACH * (len(places) - len(far))
    assert told["coveredAfterUnder18"] - told["coveredBeforeUnder18"] == EACH * max(gains)


def test_the_nearest_may_stand_on_the_other_side_of_the_antimeridian(send):
    told = asked(
        send,
        "{ nearestServices(origin: {lon: -179.99, lat: -17.5}, categories: [MEDICAL], first: 1) {"
        " distanceMetres service { phones { number } location { point nation { areaCode } } } } }",
    )
    assert told[0]["service"]["location"]["point"]["coordinates"] == [179.5, -17.5]
    assert told[0]["service"]["location"]["nation"] == {"areaCode": "VELA:XVL"}
    assert told[0]["service"]["phones"] == [{"number": "+6793321234"}]
    assert told[0]["distanceMetres"] == pytest.approx(distance_m(-179.99, -17.5, 179.5, -17.5), abs=0.01)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-10-08T20:30:00Z", True), ("2026-10-08T03:00:00Z", True), ("2026-10-08T05:00:00Z", False)],
)
def test_hours_are_those_of_its_clocks(send, moment, is_open):
    """Thursday 20:30 UTC is Friday 8:30 in Fiji, and 05:00 UTC is 17:00."""
    told = asked(
        send,
        f'{{ services(categories: [MEDICAL], first: 1) {{ edges {{ node {{ openingHours {{ open(at: "{moment}") }} }} }} }} }}',
    )
    assert told["edges"][0]["node"]["openingHours"]["open"] is is_open


def test_who_asks_for_no_language_is_answered_in_the_first_that_is_spoken_there(run, url):
    """Velaa speaks Georgian, which we do not, and English."""
    app = create_app(Settings(cost_per_minute={"public": 10**9}), url)
    run(app.state.country.look(app.state.resources))
    assert app.state.country.language is Locale.EN
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test")
    label = "{ services(categories: [MEDICAL], first: 1) { edges { node { categoryLabel } } } }"
    told = run(client.post("/graphql", json={"query": label})).json()
    assert told["data"]["services"]["edges"][0]["node"]["categoryLabel"] == words(ServiceCategory.MEDICAL, Locale.EN)
    french = run(client.post("/graphql", json={"query": label}, headers={"accept-language": "fr"})).json()
    assert french["data"]["services"]["edges"][0]["node"]["categoryLabel"] == words(ServiceCategory.MEDICAL, Locale.FR)
    for page in ("/", "/nearest", "/maps/overview.html", "/ogc?f=html"):
        assert '<html lang="en">' in run(client.get(page)).text, page
    assert '<html lang="fr">' in run(client.get("/?lang=fr")).text
    assert "Data as of" in run(client.get("/exports/services.csv")).text
    assert "nameEn" in run(client.get("/tiles/style.json")).text
    items = run(client.get("/ogc/collections/services/items?f=json&limit=100")).json()["features"]
    labels = {each["properties"]["categoryLabel"] for each in items}
    assert words(ServiceCategory.MEDICAL, Locale.EN) in labels
    assert words(ServiceCategory.MEDICAL, Locale.FR) not in labels
    run(client.aclose())
    app.state.resources.close()


def test_places_are_found_in_its_script(send):
    told = asked(
        send,
        '{ places(search: "გურია 07", first: 1) { exact place { ... on Locality { areaCode adminArea { name } } } } }',
    )
    assert told == [{"exact": True, "place": {"areaCode": "VELA:XV1307", "adminArea": {"name": "გურია"}}}]


def test_counts_are_released_and_rounded(send, url):
    told = asked(
        send,
        '{ incidentCounts(level: ADM2, period: "2025") { edges { node { area { code } count localitiesReporting } } } }',
    )
    with owner.owner_transaction(url) as connection:
        true = {
            row.code: row.true
            for row in connection.execute(
                text(
                    "SELECT a.code, sum(c.count)::int AS true FROM raw.incident_count c "
                    "JOIN lakana.locality l ON l.id = c.locality_id "
                    "JOIN lakana.admin_area a ON a.id = l.area_id GROUP BY a.code"
                )
            )
        }
    found = {edge["node"]["area"]["code"]: edge["node"] for edge in told["edges"]}
    assert set(found) == set(vela.DISTRICTS)
    for code, row in found.items():
        assert row["localitiesReporting"] == vela.PLACES
        assert row["count"] % 5 == 0
        assert abs(row["count"] - true[code]) <= 4


def test_a_confidential_shelter_is_told_by_its_district_alone(send):
    told = asked(send, "{ shelters(first: 5) { edges { node { name } } } }")
    assert told == {"edges": []}  # nobody has told of its places
    told = asked(
        send,
        "{ services(categories: [SAFE_SHELTER], first: 5) { edges { node { name location { precision zone { name } point } } } } }",
    )
    [edge] = told["edges"]
    assert edge["node"]["location"]["zone"]["name"] == "გურია"
    lon, lat = edge["node"]["location"]["point"]["coordinates"]
    assert (lon, lat) == (pytest.approx(-179.5, abs=0.01), pytest.approx(-16.5, abs=0.01))


@pytest.mark.parametrize(
    "path", ["/maps/overview.html?lang=en", "/maps/coverage.html?lang=en&category=MEDICAL&metres=30000"]
)
def test_its_maps_are_drawn(send, path):
    page = send("GET", path)
    assert page.status_code == 200
    assert "ალაზანი" in page.text or "ჩრდილოეთი" in page.text
