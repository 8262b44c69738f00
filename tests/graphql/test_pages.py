"""The pages that the server gives, in the system's Chromium: nothing but the server itself is asked for anything."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route

from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture(scope="module")
def base(seeded_url: str) -> Iterator[str]:
    with served(seeded_url) as (address, _):
        yield address


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page that fails its test where it complains, breaks a policy or asks elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    elsewhere, complaints = [], []

    def refuse(route: Route) -> None:
        if route.request.url.startswith((base, "data:")):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", refuse)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert elsewhere == []
    assert complaints == []


def test_graphiql_answers_its_example_and_knows_the_schema(page: Page, base: str):
    page.goto(f"{base}/graphql")
    page.get_by_role("button", name="Execute query").click()
    page.get_by_text('"categoryLabel"').first.wait_for()
    page.get_by_role("button", name="Show Documentation Explorer").click()
    page.get_by_text("Query", exact=True).first.wait_for()


@pytest.mark.parametrize(("lang", "words"), [("fr", "Carte de couverture"), ("en", "Coverage map"), ("bm", "")])
def test_the_start_page_leads_to_the_maps(page: Page, base: str, lang: str, words: str):
    page.goto(f"{base}/?lang={lang}")
    assert page.locator("html").get_attribute("lang") == lang
    assert words in page.locator("main").inner_text()
    page.locator("a[href^='/maps/coverage.html?lang']").click()
    page.wait_for_url(lambda url: f"lang={lang}" in url)
    page.locator("path.leaflet-interactive").first.wait_for()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/maps/overview.html?lang=de", "lang: "),
        ("/maps/coverage.html?category=MAGIC", "category: "),
        ("/maps/coverage.html?metres=0", "metres: "),
        ("/maps/coverage.html?metres=-1", "metres: "),
        ("/maps/coverage.html?metres=1000000.5", "metres: "),
        ("/maps/coverage.html?metres=nan", "metres: "),
        ("/maps/coverage.html?metres=x", "metres: "),
        ("/?lang=<script>", "lang: "),
    ],
)
def test_a_bad_choice_is_told(base: str, path: str, problem: str):
    answer = httpx.get(base + path)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith(problem)
    assert "<" not in answer.text
