"""What axe-core finds on maps: nothing, with and without the form of a page that a server draws."""

import pytest

from geo.vocabulary import Locale
from maps.controls import Choice, Controls
from tests.maps.test_page import MAPS
from tests.maps.window import settle, wait_until_drawn
from tests.pages.conftest import AXE

pytestmark = pytest.mark.browser

CONTROLS = Controls(
    action="/maps/overview.html",
    choices=(Choice("area", (("", "Pays"), ("A:1", "Nord")), ""), Choice("lang", (("fr", "Français"),), "fr")),
    fresh="/maps/overview.html?lang=fr",
    home="/?lang=fr",
)


@pytest.mark.parametrize("controls", [None, CONTROLS], ids=["file", "page"])
@pytest.mark.parametrize("name", MAPS)
def test_axe_finds_nothing_on_a_map(browser, tmp_path, name, controls):
    draw, records = MAPS[name]
    file = tmp_path / "map.html"
    file.write_text(draw(records(), Locale.BM, controls).html, encoding="utf-8", newline="")
    context = browser.new_context(bypass_csp=True, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    wait_until_drawn(page)
    settle(page)
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    context.close()
