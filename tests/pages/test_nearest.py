"""The case worker's page as she uses it: without a script, on a slow link, on paper; what she writes is kept nowhere."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from tests.pages.conftest import findings
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.database]

ASKED = {"place": "Koutiala", "incident": "SEXUAL_ABUSE", "age": "14", "sex": "GIRL", "hours": "0"}
FILES = ("/nearest/map.svg", "/assets/pages.css", "/assets/htmx/htmx.min.js", "/assets/nearest.js", "/assets/icon.svg")


def fill(page, base, **changed):
    page.goto(f"{base}/nearest?lang=fr")
    page.locator("[name=place]").fill(changed.get("place", "Koutiala"))
    page.locator("[name=incident]").select_option("SEXUAL_ABUSE")
    page.locator("[name=age]").fill("14")
    page.locator("[name=sex]").select_option("GIRL")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 1440])
def test_she_reads_whom_to_tell_and_where_to_go(opened, base, width, script):
    with opened(width, java_script_enabled=script) as page:
        fill(page, base)
        page.get_by_role("button", name="Trouver de l’aide").click()
        page.get_by_text("Qui doit être prévenu").wait_for()
        assert page.url == f"{base}/nearest?lang=fr"
        assert page.locator("main a[href^='tel:']").count() > 5
        assert "Délégué à la protection de l’enfance · Koutiala" in page.locator("main").inner_text()
        if script:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_names_are_suggested_while_she_writes(opened, base):
    with opened() as page:
        page.goto(f"{base}/nearest?lang=fr")
        page.locator("[name=place]").press_sequentially("koutyala")
        page.locator("[name=at]").first.wait_for()
        assert "Koutiala" in page.locator("#places").inner_text()
        assert findings(page) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"place": ""}, "Say where the child is"),
        ({"place": "Xqzwvk"}, "No town or village of this name"),
        ({"incident": "NOTHING"}, "Choose what happened"),
        ({"age": "18"}, "0 to 17"),
        ({"age": "²"}, "0 to 17"),
        ({"lat": "91", "lon": "0"}, "Give both coordinates"),
        ({"lat": "12.4"}, "Give both coordinates"),
        ({"lat": "nan", "lon": "0"}, "Give both coordinates"),
        ({"place": "x" * 5000}, "Send the fields of the form"),
    ],
)
def test_what_is_wrong_is_said_in_the_form(base, changed, told):
    answer = httpx.post(f"{base}/nearest?lang=en", data=ASKED | changed)
    assert answer.status_code == 400
    assert told in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("script", [True, False])
def test_a_tap_on_the_map_fills_in_its_coordinates(opened, base, script):
    with opened(360, java_script_enabled=script) as page:
        fill(page, base, place="")
        page.get_by_text("Sur une carte").click()
        small = page.locator("[type=image]")
        box = small.bounding_box()
        assert box["width"] <= 300
        small.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.8})
        page.get_by_text("Vous avez touché le lieu").wait_for()
        lat, lon = (float(page.locator(f"[name={name}]").input_value()) for name in ("lat", "lon"))
        assert 11 < lat < 14.5
        assert -6.5 < lon < -3.5
        assert page.locator("[name=age]").input_value() == "14"
        assert page.locator("[name=sex]").input_value() == "GIRL"
        if script:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Trouver de l’aide").click()
        page.get_by_role("heading", name="Qui doit être prévenu").wait_for()


def test_the_enter_key_is_no_tap(opened, base):
    with opened() as page:
        fill(page, base)
        page.locator("[name=place]").press("Enter")
        page.get_by_role("heading", name="Qui doit être prévenu").wait_for()


def test_a_choice_holds_for_the_name_that_it_was_made_for(base):
    chosen = ASKED | {"at": "13.5 -5.5 Elsewhere", "for": "Elsewhere"}
    assert "Elsewhere" not in httpx.post(f"{base}/nearest", data=chosen).text
    assert "Elsewhere" in httpx.post(f"{base}/nearest", data=chosen | {"place": "Elsewhere"}).text


def test_what_is_written_is_shown_as_text(base):
    answer = httpx.post(f"{base}/nearest", data=ASKED | {"place": "<script>alert(1)</script>"})
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


def test_it_is_small(base, figure):
    first = [httpx.get(f"{base}{each}").content for each in ("/nearest?lang=fr", *FILES)]
    answer = httpx.post(f"{base}/nearest?lang=fr", data=ASKED).content
    loaded, answered = sum(len(gzip.compress(each)) for each in first), len(gzip.compress(answer))
    figure("nearest: first load and answer, compressed", f"{loaded / 1e3:.1f} kB, {answered / 1e3:.1f} kB", "60 and 15")
    assert loaded <= 60_000
    assert answered <= 15_000


def test_it_is_printed_on_one_page_without_the_child(opened, base):
    with opened() as page:
        fill(page, base)
        page.get_by_role("button", name="Trouver de l’aide").click()
        page.get_by_text("Qui doit être prévenu").wait_for()
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
        page.emulate_media(media="print")
        shown = page.locator("body").inner_text()
        assert "14 ans" not in shown
        assert "Abus sexuels" not in shown
        assert page.locator(".address svg").is_visible()


def test_it_is_usable_on_a_slow_link(opened, base, figure):
    with opened(360) as page:
        link = page.context.new_cdp_session(page)
        link.send("Network.enable")
        slow = {"offline": False, "latency": 500, "downloadThroughput": 6_250, "uploadThroughput": 6_250}
        link.send("Network.emulateNetworkConditions", slow)
        before = page.evaluate("performance.timeOrigin")
        fill(page, base)
        page.get_by_role("button", name="Trouver de l’aide").click()
        page.get_by_text("Qui doit être prévenu").wait_for()
        seconds = (page.evaluate("Date.now()") - before) / 1000
        figure("nearest at 50 kbit/s and 500 ms, from the address to the answer", f"{seconds:.1f} s", "15 s")
        assert seconds > 1


def test_no_log_has_what_she_wrote(seeded_url, tmp_path):
    log = tmp_path / "log"
    with served(seeded_url, log=str(log)) as (address, _):
        assert httpx.post(f"{address}/nearest", data=ASKED).status_code == 200
        assert httpx.post(f"{address}/nearest", data=ASKED | {"incident": "X"}).status_code == 400
        assert httpx.post(f"{address}/nearest/places", data=ASKED).status_code == 200
    said = log.read_text()
    assert '"/nearest"' in said
    assert not any(each in said for each in ("Koutiala", "SEXUAL_ABUSE", "GIRL", "12.38"))
