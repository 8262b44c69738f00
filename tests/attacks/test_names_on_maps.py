"""Maps of a world whose every text is code, hides or steers: they stay up, show it as it is, and run nothing."""

from __future__ import annotations

import pytest

from geo.texts import shown
from maps.kinds import MapKind, address
from maps.sheet import SILENT
from tests.attacks.client import Request
from tests.attacks.names import MAPS, OF_BEFORE, RAN, STORED
from tests.maps import samples
from tests.maps.window import WATCH, settle, wait_until_drawn

pytestmark = [pytest.mark.database, pytest.mark.slow]


MANY_NAMES = {address(each, {}) for each in (MapKind.OVERVIEW, MapKind.COVERAGE)}
"""Maps with so many names that each text of the attack is among them."""


def strings(data):
    """Return every text of nested lists and objects."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from strings(each)


@pytest.fixture(scope="module")
def pages(scout, before_client):
    """Both maps of the world as it is and of the one with rows of before, fetched before a browser is open."""
    return {path: (scout.send(Request("GET", path)), before_client.send(Request("GET", path))) for path in MAPS}


@pytest.mark.parametrize("path", MAPS)
def test_a_map_of_such_names_is_a_map_under_the_same_policy(pages, path):
    usual, planted = pages[path]
    assert (usual.status_code, planted.status_code) == (200, 200)
    policy = usual.headers["content-security-policy"]
    assert planted.headers["content-security-policy"] == policy
    assert "connect-src 'none'" in policy
    assert "unsafe" not in policy
    assert not RAN.search(planted.text)
    assert planted.text.count("<script") == usual.text.count("<script")
    linked = 'rel="noopener noreferrer"'
    assert linked in usual.text
    assert linked not in planted.text, "every address of before is one that would run"


@pytest.mark.browser
@pytest.mark.parametrize("path", MAPS)
def test_a_browser_shows_such_names_as_they_are(pages, path, request):
    planted = pages[path][1]
    browser = request.getfixturevalue("browser")
    context = browser.new_context()
    context.add_init_script(WATCH)
    policy = {"Content-Security-Policy": planted.headers["content-security-policy"]}
    context.route(
        "**/*", lambda route: route.fulfill(body=planted.text, content_type="text/html; charset=utf-8", headers=policy)
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto("http://map.test/")
    wait_until_drawn(page)
    settle(page)
    texts = page.evaluate(OPENED)
    layers = samples.embedded(planted.text)["layers"]
    names = [row[3]["name"] for row in layers["sites"]] + [each["properties"]["name"] for each in layers["regions"]]
    assert set(names) <= set(texts)
    held = [*strings({name: each for name, each in layers.items() if name not in SILENT})]
    for payload in STORED:  # a map of few names may have none of some
        assert any(payload in each for each in texts) == any(payload in each for each in held), payload
    if path in MANY_NAMES:
        assert all(any(payload in each for each in held) for payload in STORED)
    whole = page.evaluate("document.documentElement.innerText") + " ".join(texts)
    assert not RAN.search(whole)
    for payload in set(OF_BEFORE) - set(STORED):
        assert not any(payload in each for each in texts), payload
        if path in MANY_NAMES:
            assert any(shown(payload) in each for each in texts), payload
    assert page.evaluate("document.scripts.length") == planted.text.count("<script")
    assert page.locator("img").count() == 0
    assert page.evaluate("window.violations") == []
    assert complaints == []
    context.close()


OPENED = """() => {
    const texts = [];
    const read = card => {
        document.body.appendChild(card);
        card.querySelectorAll('h3, h4, dd').forEach(each => texts.push(each.textContent));
    };
    for (const layer of Object.values(lakana_map._layers)) {
        if (!layer.getPopup || !layer.getPopup() || layer instanceof L.FeatureGroup) { continue; }
        read(layer.getPopup().getContent()(layer));
    }
    for (const site of lakana_sites.getLayers()) {
        read(lakana_sites.getPopup().getContent()(site));
    }
    return texts;
}"""
"""Puts every card into the page, including those under a ring, and returns their texts."""
