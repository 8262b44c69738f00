"""The planner's desk as she uses it: with and without a script, on a phone and a desk, by its address alone."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from api.desk.choices import PROBLEMS
from api.desk.questions import DESK
from geo.identity import keys
from geo.identity.scope import Scope
from tests.pages.conftest import findings
from tests.served import served
from tests.signed_in import invited

pytestmark = [pytest.mark.browser, pytest.mark.database]

SIKASSO = {"area": "COD-AB:ML03", "need": "LEGAL_AID", "within": "30", "by": "KM", "level": "ADM2", "lang": "en"}
TOMORROW = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
GROUND = "/desk/ground.json"
FILES = (
    "/assets/pages.css",
    "/assets/desk.css",
    "/assets/desk.js",
    "/assets/desk-map.js",
    "/assets/desk-trial.js",
    "/assets/htmx/htmx.min.js",
    "/assets/leaflet/leaflet.js",
    "/assets/leaflet/leaflet.css",
    "/assets/icon.svg",
    GROUND,
)


def asked(base, **changed):
    return httpx.get(f"{base}/", params={k: v for k, v in (SIKASSO | changed).items() if v is not None})


def cells(page, table):
    return [
        [each.strip() for each in row]
        for row in page.locator(f"{table} tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.children].map(cell => cell.innerText))"
        )
    ]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 1440])
def test_she_finds_the_worst_off_cercle_of_a_region(opened, base, width, script):
    with opened(width, java_script_enabled=script) as page:
        page.goto(f"{base}/?lang=fr")
        page.locator("[name=place]").fill("Sikaso")
        if not script:
            page.get_by_role("button", name="Afficher").click()
        page.get_by_text("Sikasso, région, Mali (COD-AB v03)").click()
        if not script:
            page.get_by_role("button", name="Afficher").click()
        page.get_by_role("heading", name="Sikasso").wait_for()
        page.locator("select[name=need]").select_option("LEGAL_AID")
        if not script:
            page.get_by_role("button", name="Afficher").click()
        page.get_by_text("Assistance juridique · 30 km").wait_for()
        assert cells(page, "#parts")[0][:2] == ["Kadiolo", "0\xa0%"]
        assert parse_qs(urlsplit(page.url).query)["need"] == ["LEGAL_AID"]
        if script:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


SHOWN = (".figures", "#parts", "#gaps")


def test_the_address_is_the_view(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=en")
        page.locator("select[name=by]").select_option("CAR")
        page.locator("[name=within]").fill("90")
        page.locator("[name=within]").press("Tab")
        page.get_by_text("90 min by car").wait_for()
        page.wait_for_url(re.compile("within=90&by=CAR"))
        shown, url = [page.locator(each).inner_text() for each in SHOWN], page.url
    with opened() as page:
        page.goto(url)
        assert [page.locator(each).inner_text() for each in SHOWN] == shown
        assert page.locator("[name=within]").input_value() == "90"


def test_the_page_says_what_the_question_that_it_gives_away_answers(opened, base):
    with opened() as page:
        page.goto(f"{base}/?{httpx.QueryParams(SIKASSO)}")
        body = page.evaluate(
            "({query: document.getElementById('question').value, "
            "variables: JSON.parse(document.getElementById('variables').value)})"
        )
        rows = cells(page, "#parts")
        share = page.locator(".figures dd").first.inner_text()
    assert body["query"] == DESK.strip()
    told = httpx.post(f"{base}/graphql", json=body).json()["data"]
    assert share == f"{told['coverage']['total']['coveredPercent']:.0f}%"
    by_name = {each["area"]["name"]: each for each in told["coverage"]["areas"]}
    assert {row[0] for row in rows} == set(by_name)
    assert [int(row[2].replace(",", "")) for row in rows] == [by_name[row[0]]["uncoveredUnder18"] for row in rows]


def test_it_is_copied_with_one_click(opened, base):
    with opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{base}/?lang=en")
        page.get_by_text("The same by GraphQL").click()
        page.get_by_role("button", name="Copy both").click()
        page.get_by_text("Copied.").wait_for()
        body = page.evaluate("navigator.clipboard.readText()")
    answer = httpx.post(f"{base}/graphql", content=body, headers={"content-type": "application/json"})
    assert "errors" not in answer.json()


def test_names_are_suggested_while_she_writes(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=fr")
        page.locator("[name=place]").press_sequentially("kadiol")
        page.get_by_text("Kadiolo, cercle, Sikasso (COD-AB v03)").click()
        page.get_by_role("heading", name="Kadiolo").wait_for()
        page.wait_for_url(re.compile("area=COD-AB%3AML0302"))
        assert "place=" not in page.url
        assert page.get_by_text("Which area").count() == 0
        assert findings(page) == []


def test_the_keyboard_alone_will_do(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=en")
        page.locator("[name=within]").focus()
        page.keyboard.press("End")
        page.keyboard.type("0")
        page.keyboard.press("Enter")
        page.get_by_text("300 km in a straight line").wait_for()
        assert page.evaluate("document.activeElement.name") == "within"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"need": "NOTHING"}, "need"),
        ({"need": ["stage.SUPPORT", "MEDICAL"]}, "need"),
        ({"need": ["MEDICAL", "stage.SUPPORT"]}, "need"),
        ({"within": "0"}, "within"),
        ({"within": "1000.1"}, "within"),
        ({"within": "nan"}, "within"),
        ({"within": "9000", "by": "CAR"}, "within"),
        ({"by": "BOAT"}, "by"),
        ({"level": "ADM0"}, "level"),
        ({"area": "COD-AB:NO"}, "area"),
        ({"area": "<script>alert(1)</script>"}, "area"),
        ({"area": "x" * 1000}, "area"),
        ({"place": "zzqqxx"}, "place"),
    ],
)
def test_what_is_wrong_is_said_in_the_page(base, changed, problem):
    answer = asked(base, **changed)
    assert answer.status_code == 400
    assert f'id="problem">{PROBLEMS[problem]}' in answer.text.replace("&#39;", "'")
    assert 'name="within"' in answer.text
    assert "<script>alert" not in answer.text


def test_a_name_of_several_areas_is_asked_back(base):
    answer = asked(base, place="sikaso")
    assert answer.status_code == 200
    assert PROBLEMS["places"] in answer.text
    assert len(re.findall('type="radio" name="area"', answer.text)) > 3


@pytest.mark.parametrize(
    ("changed", "leads"),
    [
        ({"place": "Kadiolo"}, {"area": "COD-AB:ML0302", "level": None}),
        ({"edition": "COD-AB@2018:ML"}, {"area": "COD-AB@2018:ML03"}),
        ({"edition": "COD-AB@2018:ML", "area": "COD-AB:ML20"}, {"area": "COD-AB@2018:ML09"}),
    ],
)
def test_a_name_and_an_edition_lead_to_the_address_of_their_area(base, changed, leads):
    answer = asked(base, **changed)
    assert answer.status_code == 303
    led = parse_qs(urlsplit(answer.headers["location"]).query)
    assert led == {name: [each] for name, each in (SIKASSO | leads).items() if each}
    assert httpx.get(f"{base}{answer.headers['location']}").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"need": "stage.SUPPORT"},
        {"need": "pathway.SEXUAL_ABUSE", "within": "90", "by": "CAR", "season": "RAINY"},
        {"need": ["SAFE_SHELTER", "MEDICAL"], "within": "0.5", "level": None},
    ],
)
def test_what_is_downloaded_is_what_is_shown(base, changed):
    text = asked(base, **changed).text
    links = [each.replace("&amp;", "&") for each in re.findall(r'href="(/exports/[^"]+)"', text)]
    assert len(links) == 8
    for link in links:
        assert httpx.get(base + link).status_code == 200, link
    shown = re.findall(r'data-code="([^"]+)"', text)
    csv = httpx.get(base + next(each for each in links if each.startswith("/exports/coverage.areas.csv"))).text
    assert all(code in csv for code in shown)


def test_a_page_that_has_not_changed_is_not_made_again(base):
    first = asked(base)
    again = httpx.get(str(first.url), headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_small(base, figure):
    loaded = [httpx.get(f"{base}{each}").content for each in ("/?lang=fr", *FILES)]
    size = sum(len(gzip.compress(each)) for each in loaded)
    figure("desk: first load, compressed", f"{size / 1e3:.0f} kB", "350")
    assert size <= 350_000


def test_the_map_shows_what_the_tables_say(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=en")
        page.locator("#map path.leaflet-interactive").first.wait_for()
        rows = cells(page, "#gaps")
        drawn = page.locator("#map path.leaflet-interactive").count()
        known = len(httpx.get(base + GROUND).json()["outlines"])
        assert drawn == len(rows) + known - 1  # the country's own outline cannot be clicked
        page.locator("[name=within]").fill("100")
        page.locator("[name=within]").press("Enter")
        page.get_by_text("100 km in a straight line").wait_for()
        expect(page.locator("#map path.leaflet-interactive")).not_to_have_count(drawn)
        assert page.locator("#map .service").count() == len(httpx.get(base + GROUND).json()["services"])
        assert findings(page) == []


def test_confidential_services_are_not_on_the_map(base):
    named = {each["name"] for each in httpx.get(base + GROUND).json()["services"]}
    query = "{ shelters(first: 100) { edges { node { name confidential } } } }"
    nodes = [
        each["node"]
        for each in httpx.post(f"{base}/graphql", json={"query": query}).json()["data"]["shelters"]["edges"]
    ]
    assert {each["name"] for each in nodes if each["confidential"]}.isdisjoint(named)
    assert {each["name"] for each in nodes if not each["confidential"]} & named


def test_without_a_script_there_is_a_word_where_the_map_would_be(opened, base):
    with opened(java_script_enabled=False) as page:
        page.goto(f"{base}/?lang=en")
        assert page.get_by_text("The map needs a script").is_visible()
        assert page.locator("#map .map").count() == 0


def test_a_change_of_distance_is_redrawn_soon(opened, base, figure):
    with opened() as page:
        page.goto(f"{base}/?lang=en")
        page.locator("#map .service").first.wait_for()
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        figure("desk: interactive in Chromium", f"{loaded / 1000:.2f} s", "1.5 s")
        began = page.evaluate("performance.now()")
        page.locator("[name=within]").fill("60")
        page.locator("[name=within]").press("Enter")
        page.get_by_text("60 km in a straight line").wait_for()
        ended = page.evaluate("performance.now()")
        figure("desk: a change of distance until it is redrawn", f"{(ended - began) / 1000:.2f} s", "0.5 s")


KADIOLO = "#try=" + quote('[["Kadiolo",null,-5.76667,10.55]]')


def test_she_tries_a_shelter_at_kadiolo(opened, base):
    sent = []
    with opened() as page:
        page.on("request", lambda request: sent.append(request.url))
        page.goto(f"{base}/?lang=en&area=COD-AB%3AML03")
        page.get_by_role("button", name="Try a site at Kadiolo").click()
        page.locator("#trial-told dd").first.wait_for()
        told = page.locator("#trial-told").inner_text()
        assert page.url.endswith(KADIOLO)
        assert page.locator("#map .tried").count() == 1
        assert findings(page) == []
        page.get_by_role("button", name="Remove").click()
        page.locator("#trial-told dd").first.wait_for(state="detached")
        assert "#" not in page.url
    assert not any("10.55" in each for each in sent)  # a point stands in no address that is sent
    query = '{ sitesTried(category: SAFE_SHELTER, sites: [{lon: -5.76667, lat: 10.55}], within: {metres: 30000}, areaCode: "COD-AB:ML03") { total { newlyCoveredUnder18 } } }'
    answer = httpx.post(f"{base}/graphql", json={"query": query}).json()["data"]["sitesTried"]
    assert f"+{answer['total']['newlyCoveredUnder18']:,}" in told


def test_a_link_brings_the_sites_along_and_a_distance_tries_them_anew(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=en{KADIOLO}")
        page.locator("#trial-told dd").first.wait_for()
        first = page.locator("#trial-told dd").first.inner_text()
        page.locator("[name=within]").fill("60")
        page.locator("[name=within]").press("Enter")
        expect(page.locator("#trial-told dd").first).not_to_have_text(first)
        assert page.url.endswith(KADIOLO)


def test_a_site_is_placed_dragged_and_a_service_closed_and_moved_on_the_map(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=en")
        page.locator("#map .service").first.wait_for()
        page.locator("#map .map").click(position={"x": 30, "y": 200})
        page.get_by_text("Site 1").wait_for()
        placed = page.url
        box = page.locator("#map .tried").bounding_box()
        page.mouse.move(box["x"] + 7, box["y"] + 7)
        page.mouse.down()
        page.mouse.move(box["x"] + 60, box["y"] + 40, steps=5)
        page.mouse.up()
        page.wait_for_url(lambda url: url != placed)
        page.locator("#map .service").last.click()
        page.get_by_role("button", name="Close", exact=True).click()
        page.get_by_text("(closed)").wait_for()
        page.locator("#map .service").last.click()
        page.get_by_role("button", name="Move", exact=True).last.click()  # the popup before it may still be fading
        page.locator("#map .map").click(position={"x": 60, "y": 60})
        page.get_by_text("(moved)").wait_for()
        assert page.locator("#trial-list li").count() == 2


def test_another_service_leaves_the_sites_and_drops_what_was_closed(opened, base):
    [service] = httpx.get(base + GROUND).json()["services"][:1]
    tried = [["Kadiolo", None, -5.76667, 10.55], [service["name"], service["id"], None, None]]
    with opened() as page:
        page.goto(f"{base}/?lang=en#try={quote(json.dumps(tried))}")
        page.get_by_text("(closed)").wait_for()
        page.locator("select[name=need]").select_option("MEDICAL")
        page.get_by_text("(closed)").wait_for(state="detached")
        assert page.locator("#trial-list li").count() == 1
        page.locator("select[name=need]").select_option("stage.SUPPORT")
        page.get_by_text("Sites can be tried for one service at a time").wait_for()


CHOSEN = "/desk/{what}?need=SAFE_SHELTER&within=30&by=KM&lang=en"
SITE = {"name": "Kadiolo", "lon": -5.76667, "lat": 10.55}


def sent(base, what, key=None, address=CHOSEN, **body):
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.post(base + address.format(what=what), json=body, headers=headers, timeout=60)


@pytest.mark.parametrize("what", ["best", "save"])
def test_the_best_sites_and_scenarios_are_for_planners(base, what):
    answer = sent(base, what, changes=[SITE], count=2, saveAs="x")
    assert answer.status_code == 403
    assert "This is for planners" in answer.text


def test_a_planner_finds_the_best_sites_and_saves_them(seeded_url):
    with served(seeded_url, LAKANA_KEY_PEPPER="11" * 32) as (address, _):
        key = keys.create(seeded_url, bytes.fromhex("11" * 32), "planner of the desk", Scope("planner"), TOMORROW)
        found = sent(address, "best", key, changes=[], count=3)
        [told] = re.findall('data-sites="([^"]+)"', found.text)
        sites = json.loads(unescape(told))
        assert len(sites) == 3
        gained = sent(address, "try", key, changes=sites).text
        assert "children newly within reach" in gained
        assert "Saved as a scenario" in sent(address, "save", key, changes=sites, saveAs="Three more").text
        query = "{ scenarios { edges { node { name changes { kind name } } } } }"
        told = httpx.post(
            f"{address}/graphql", json={"query": query}, headers={"authorization": f"Bearer {key}"}
        ).json()
        [saved] = [edge["node"] for edge in told["data"]["scenarios"]["edges"] if edge["node"]["name"] == "Three more"]
        assert [each["kind"] for each in saved["changes"]] == ["ADD"] * 3
        assert "1 to 200 characters" in sent(address, "save", key, changes=sites, saveAs="").text


def test_a_planner_who_is_signed_in_needs_no_key(opened, base, seeded_url):
    [_, code] = invited(seeded_url, Scope("PLANNER"), "Oumou Traoré")
    with opened() as page:
        page.goto(f"{base}/signin?lang=en#{code}")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/signin" not in url)
        page.goto(f"{base}/?lang=en&area=COD-AB%3AML03{KADIOLO}")
        assert page.locator("header .person").inner_text() == "Oumou Traoré · Planner Sign out"
        page.get_by_text("For planners").click()
        assert page.locator("#trial-key").count() == 0
        page.locator("#trial-name").fill("A shelter at Kadiolo")
        page.get_by_role("button", name="Save as a scenario").click()
        page.get_by_text("Saved as a scenario.").wait_for()
        assert findings(page) == []
        cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    own = httpx.post(base + CHOSEN.format(what="try"), json={"changes": []}, cookies=cookies)
    assert own.status_code == 403  # without the session's own token nothing is done in its name
    page_of_anybody = httpx.get(f"{base}/?lang=en")
    assert "Oumou" not in page_of_anybody.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "Send sites and services"),
        (b"[]", "Send sites and services"),
        (b'{"changes": 1}', "Send sites and services"),
        (b'{"changes": [{"name": "x", "lon": "east", "lat": 1}]}', "Send sites and services"),
        (b'{"changes": [{"name": "x", "lon": 1, "lat": 91}]}', "sites.0.lat"),
        (b'{"changes": [{"name": "x", "id": "y"}]}', "closedIds.0"),
        (b"x" * 30_000, "Send sites and services"),
    ],
)
def test_what_is_no_trial_is_refused(base, body, told):
    answer = httpx.post(base + CHOSEN.format(what="try"), content=body)
    assert answer.status_code == 400
    assert told in answer.text


def test_sites_are_tried_for_one_service(base):
    answer = sent(base, "try", address=CHOSEN.replace("SAFE_SHELTER", "stage.SUPPORT"), changes=[SITE])
    assert answer.status_code == 400
    assert "one service at a time" in answer.text


def test_two_settings_are_compared(opened, base):
    with opened() as page:
        page.goto(f"{base}/?{httpx.QueryParams(SIKASSO | {'need': 'SAFE_SHELTER'})}")
        before = cells(page, "#parts")
        page.get_by_role("link", name="Keep this beside another setting").click()
        page.locator("[name=within]").fill("90")
        page.locator("[name=within]").press("Enter")
        page.get_by_text("90 km in a straight line").wait_for()
        page.get_by_text("Compared with: Sikasso · Safe shelter · 30 km").wait_for()
        rows = cells(page, "#parts")
        assert {row[0]: row[2] for row in rows} == {row[0]: row[1] for row in before}
        for row in rows:
            now, then, more = (float(each.replace("\u2212", "-").rstrip("%")) for each in row[1:4])
            assert more == pytest.approx(now - then, abs=0.11)
        assert page.locator(".curve polyline").count() == 2
        assert findings(page) == []
        page.get_by_role("link", name="Change sides").click()
        page.get_by_text("Compared with: Sikasso · Safe shelter · 90 km").wait_for()
        page.get_by_role("link", name="Stop comparing").click()
        page.get_by_role("link", name="Keep this beside another setting").wait_for()
        assert cells(page, "#parts") == before


@pytest.mark.parametrize("beside", ["need=NOTHING", "within=x", "x" * 2000, "beside=x&by=BOAT"])
def test_what_cannot_be_compared_with_is_said(base, beside):
    answer = asked(base, beside=beside)
    assert answer.status_code == 400
    assert PROBLEMS["beside"] in answer.text


def test_a_name_that_is_half_written_leaves_the_area(opened, base):
    with opened() as page:
        page.goto(f"{base}/?{httpx.QueryParams(SIKASSO)}")
        page.locator("[name=place]").press_sequentially("kadiol")
        page.get_by_text("Which area is meant?").wait_for()
        page.locator("select[name=need]").select_option("MEDICAL")
        page.get_by_text("Medical care · 30 km").wait_for()
        assert page.get_by_role("heading", name="Sikasso").is_visible()


def spent(base, address):
    """Return what an answer cost, by what is left before and after."""

    def left():
        return int(httpx.get(f"{base}/nowhere").headers["ratelimit"].partition(";r=")[2].partition(";")[0])

    before = left()
    assert httpx.get(base + address).status_code == 200
    return before - left()


def test_an_office_that_opens_the_desk_together_is_not_refused(base, figure):
    """Of 20,000 points a minute: outlines were 2,263 of each view."""
    ground = "/desk/ground.json?area=COD-AB%3AMLI&level=ADM2&need="
    first, again = spent(base, f"{ground}MEDICAL"), spent(base, f"{ground}LEGAL_AID")
    view = spent(base, "/?area=COD-AB%3AMLI&within=31&by=KM")
    figure("desk: points of a view, and of its map's ground, first and again", f"{view}, {first}, {again}", "20,000")
    assert again < first / 4
    assert 10 * (view + again) < 20_000
