"""A map on paper: one page upright and one across, on which the map is large; in the system's Chromium."""

import re

import pytest

from api.maps import printing
from geo.vocabulary import Locale
from maps import coverage, hotspots, overview, pathway, recommended, scenario
from tests.maps import samples
from tests.maps.window import settle

pytestmark = pytest.mark.browser

MM = 96 / 25.4
A4 = 297 * MM * 210 * MM
LEAST_SHARE = 0.36
"""Of the sheet, margins included, that the map takes at least."""
OF_A_PAIR = 0.3
"""The same of two maps side by side."""
LAYOUT = """() => {
    window.dispatchEvent(new Event('beforeprint'));
    const told = name => parseFloat(document.documentElement.style.getPropertyValue(name));
    const area = told('--drawn-width') * told('--drawn-height');
    const found = ['landscape', 'portrait'].map(each => [
        area * told(`--${each}-map`) ** 2, told(`--${each}-text`)
    ]);
    window.dispatchEvent(new Event('afterprint'));
    return found;
}"""
MANY = {
    "overview": lambda: overview.draw(samples.overview(sources=(samples.REAL, samples.MADE_UP) * 8), Locale.FR),
    "coverage": lambda: coverage.draw(samples.coverage(sources=(samples.REAL, samples.MADE_UP) * 8), Locale.FR),
    "hotspots": lambda: hotspots.draw(samples.hotspots(sources=(samples.REAL, samples.MADE_UP) * 8), Locale.FR),
    "pathway": lambda: pathway.draw(samples.pathway(sources=(samples.REAL, samples.MADE_UP) * 8), Locale.FR),
    "sites": lambda: recommended.draw(samples.sites(sources=(samples.REAL, samples.MADE_UP) * 8), Locale.FR),
    "scenario": lambda: scenario.draw(samples.scenario(sources=(samples.REAL, samples.MADE_UP) * 8), Locale.FR),
}


def pages(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desk", "phone"])
def test_a_map_takes_one_page_upright_and_one_across(show, name, size):
    watched = show(MANY[name](), *size)
    settle(watched.page)
    for landscape in (True, False):
        assert pages(watched.page.pdf(format="A4", landscape=landscape, print_background=True)) == 1
    for area, text in watched.page.evaluate(LAYOUT):
        assert area / A4 > (OF_A_PAIR if name == "scenario" else LEAST_SHARE)
        assert text > 0.5, "the legend is too small to be read"
    watched.assert_quiet()


@pytest.mark.parametrize("name", ["coverage", "scenario"])
def test_a_map_is_written_as_pdf_and_png_by_an_installed_browser(name):
    html = MANY[name]().html
    assert pages(printing.printed(html, ".pdf")) == 1
    picture = printing.printed(html, ".png")
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 2880
    assert len(picture) > 60_000  # and not an empty window


def test_the_paper_of_a_pathway_holds_its_places_and_not_the_whole_land(show):
    page = show(pathway.draw(samples.pathway(), Locale.FR)).page
    seen = """() => {
        window.dispatchEvent(new Event('beforeprint'));
        const found = lakana_map.getBounds().toBBoxString();
        window.dispatchEvent(new Event('afterprint'));
        return found;
    }"""
    west, south, east, north = map(float, page.evaluate(seen).split(","))
    assert -9.5 < west < -8.3
    assert -4.2 < east < -2.5
    assert 10.5 < south < 12.65
    assert 14.49 < north < 16.5


def test_the_whole_map_is_printed_unless_the_reader_moved_it(show):
    page = show(overview.draw(samples.overview(), Locale.FR)).page
    across = """() => {
        window.dispatchEvent(new Event('beforeprint'));
        const seen = lakana_map.getBounds();
        window.dispatchEvent(new Event('afterprint'));
        return seen.getEast() - seen.getWest();
    }"""
    assert 12 <= page.evaluate(across) < 13
    page.evaluate("lakana_map.setView([14.49, -4.2], 9, {animate: false})")
    assert page.evaluate(across) < 6
    assert abs(page.evaluate("lakana_map.getCenter().lng") + 4.2) < 0.1


def test_the_window_is_as_before_once_printed(show):
    page = show(overview.draw(samples.overview(), Locale.FR)).page
    seen = "[lakana_map.getZoom(), lakana_map.getSize().x, lakana_map.getSize().y, document.documentElement.className]"
    before = page.evaluate(seen)
    assert len(page.pdf(print_background=True)) > 10_000
    assert page.evaluate(seen) == before


def test_the_map_tells_its_scale_and_where_north_is(show):
    page = show(overview.draw(samples.overview(), Locale.EN)).page
    assert page.locator(".leaflet-control-scale").count() == 1
    assert page.get_by_role("img", name="North is up").count() == 1
    assert page.get_by_role("button", name="Print").is_visible()
    assert page.get_by_role("button", name="Copy the address").count() == 0, "a file has no address to share"
