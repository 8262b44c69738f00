"""What all pages share: they fit a phone and a desk, axe-core finds nothing, and the browser's language decides."""

from __future__ import annotations

import httpx
import pytest

from tests.pages.conftest import findings

pytestmark = [pytest.mark.browser, pytest.mark.database]

PATHS = ["/", "/imports", "/signin", "/nowhere"]


@pytest.mark.parametrize("lang", ["fr", "en", "bm"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_and_can_be_read_by_ear(opened, base, path, lang):
    for width in (360, 1440):
        with opened(width) as page:
            page.goto(f"{base}{path}?lang={lang}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert findings(page) == []
            assert page.locator("html").get_attribute("lang") == lang
            assert page.locator("header [aria-current]").get_attribute("lang") == lang


def test_axe_finds_a_fault(opened, base):
    with opened() as page:
        page.goto(f"{base}/")
        page.evaluate("document.querySelector('label').replaceWith(...document.querySelectorAll('label > select'))")
        assert any(each.startswith("select-name") for each in findings(page))


def test_the_first_stop_of_the_keyboard_leads_past_the_head(opened, base):
    with opened() as page:
        page.goto(f"{base}/?lang=en")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Go to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    ("accepted", "asked", "spoken"),
    [("en-GB,en;q=0.9", "", "en"), ("en", "?lang=bm", "bm"), ("de", "", "fr"), ("bm, fr;q=0.5", "", "bm")],
)
@pytest.mark.parametrize("path", PATHS)
def test_the_browser_s_language_decides_and_the_address_overrules_it(base, path, accepted, asked, spoken):
    answer = httpx.get(f"{base}{path}{asked}", headers={"accept": "text/html", "accept-language": accepted})
    assert f'<html lang="{spoken}">' in answer.text
    assert answer.headers["content-language"] == spoken
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_page_in_bambara_says_that_a_part_is_in_french(base):
    assert "elle est en français" in httpx.get(f"{base}/?lang=bm").text
    assert "elle est en français" not in httpx.get(f"{base}/?lang=fr").text
