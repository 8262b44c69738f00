"""What a reader does with a map: find names, switch groups, come back to the whole; in the system's Chromium."""

import json
from itertools import combinations

import pytest

from geo.vocabulary import ActorKind, Locale
from maps import coverage, overview
from maps.words import words
from tests.maps import samples
from tests.maps.window import settle

pytestmark = pytest.mark.browser

VISIBLE = "getComputedStyle(label).visibility === 'visible'"
BOXES = f"""() => ({{
    names: [...document.querySelectorAll('.lakana-label-regions, .lakana-label-counts')]
        .filter(label => {VISIBLE}).map(label => [label.textContent, label.getBoundingClientRect().toJSON()]),
    signs: [...document.querySelectorAll('.lakana-site, .lakana-ring')]
        .map(sign => [sign.title, sign.getBoundingClientRect().toJSON()]),
}})"""


def shared(one, other):
    width = min(one["right"], other["right"]) - max(one["left"], other["left"])
    height = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return max(width, 0) * max(height, 0) / (one["width"] * one["height"])


def crowd(*towns):
    return samples.overview(
        actors=samples.collection(*(samples.actor(at, ActorKind.NGO) for at in towns)),
        shelters=samples.collection(),
        counts=samples.collection(*(samples.count(at, 5, name=f"Localité {at}") for at in towns)),
    )


@pytest.mark.parametrize("zoom", [5, 7, 9])
def test_no_name_is_covered(show, zoom):
    towns = [(-8 + step * 0.19, 12 + step * 0.11) for step in range(12)]
    page = show(overview.draw(crowd(*towns), Locale.FR)).page
    page.evaluate(f"lakana_map.setView([12.6, -7], {zoom}, {{animate: false}})")
    settle(page)
    boxes = page.evaluate(BOXES)
    assert boxes["names"]
    for (name, one), (sign, other) in [(n, s) for n in boxes["names"] for s in boxes["signs"]]:
        assert shared(one, other) < 0.1, (name, sign)
    for (name, one), (second, other) in combinations(boxes["names"], 2):
        assert shared(one, other) < 0.1, (name, second)


def test_localities_are_named_from_near_only(show):
    page = show(overview.draw(samples.overview(), Locale.FR)).page
    named = f"[...document.querySelectorAll('.lakana-label-counts')].filter(label => {VISIBLE}).length"
    page.evaluate("lakana_map.setView([14.49, -4.2], 6, {animate: false})")
    assert page.evaluate(named) == 0
    page.evaluate("lakana_map.setView([14.49, -4.2], 7, {animate: false})")
    assert page.evaluate(named) >= 1


def test_large_towns_are_named_from_afar_and_no_name_covers_another(show):
    watched = show(overview.draw(samples.overview(), Locale.FR))
    page = watched.page
    large = f"Grande {samples.IMAGE}"
    named = f"""() => [...document.querySelectorAll('.lakana-label-towns')].filter(label => {VISIBLE})
        .map(label => [label.textContent, label.getBoundingClientRect().toJSON()])"""
    for zoom, names in ((4, set()), (5, {large}), (11, {large, "Voisine"})):
        page.evaluate(f"lakana_map.setView([13, -7], {zoom}, {{animate: false}})")
        settle(page)
        found = page.evaluate(named)
        assert {name for name, _ in found} == names, zoom
        assert all(shared(one, other) < 0.1 for (_, one), (_, other) in combinations(found, 2))
        dots = "lakana_towns.getLayers().filter(each => !each.getElement().classList.contains('unseen')).length"
        assert page.evaluate(dots) == len(found)
    watched.assert_quiet()


def test_a_button_leads_back_to_the_whole_map(show):
    watched = show(overview.draw(samples.overview(), Locale.FR))
    page = watched.page
    start = page.evaluate("[lakana_map.getZoom(), lakana_map.getCenter().lat, lakana_map.getCenter().lng]")
    page.evaluate("lakana_map.setView([14.49, -4.2], 9, {animate: false})")
    page.get_by_role("button", name=words(Locale.FR)["whole"]).click()
    back = page.evaluate("[lakana_map.getZoom(), lakana_map.getCenter().lat, lakana_map.getCenter().lng]")
    assert back == pytest.approx(start, abs=0.01)
    watched.assert_quiet()


def test_a_heading_switches_its_lines(show):
    watched = show(overview.draw(samples.overview(), Locale.FR))
    page = watched.page
    head = page.get_by_label(words(Locale.FR)["actors"], exact=True)
    lines = page.locator("fieldset", has=head).locator("input[data-family]")
    assert lines.count() == 3
    sites = page.evaluate("lakana_sites.getLayers().length")
    head.uncheck()
    assert not any(line.is_checked() for line in lines.all())
    assert page.evaluate("lakana_sites.getLayers().length") == sites - 3
    lines.first.check()
    assert head.evaluate("head => [head.checked, head.indeterminate]") == [False, True]
    head.check()
    assert page.evaluate("lakana_sites.getLayers().length") == sites
    watched.assert_quiet()


def test_gaps_stand_above_services(show):
    told = {**samples.coverage().gaps["features"][0]["properties"], "name": "Loin"}
    gap = samples.point((-10.5, 11), **told)
    page = show(coverage.draw(samples.coverage(gaps=samples.collection(gap)), Locale.FR)).page
    settle(page)
    top = page.evaluate("""() => {
        const at = lakana_gaps.getLayers()[0].getElement().getBoundingClientRect();
        return document.elementFromPoint(at.x + at.width / 4, at.y + at.height / 2).getAttribute('aria-label');
    }""")
    assert top == "Loin"


def test_land_out_of_reach_is_hatched_and_leaves_the_regions_their_cards(show):
    watched = show(coverage.draw(samples.coverage(), Locale.FR))
    page = watched.page
    settle(page)
    hatched = page.locator('path[fill="url(#lakana-hatch)"].leaflet-interactive')
    assert hatched.count() == 0
    drawn = """() => lakana_gap_areas.getLayers().map(layer => {
        const box = layer.getElement().getBoundingClientRect();
        const under = document.elementFromPoint(box.x + box.width / 3, box.y + box.height / 3);
        return [layer.getElement().getAttribute('fill'), under.getAttribute('aria-label')];
    })"""
    fills, under = zip(*page.evaluate(drawn), strict=True)
    assert set(fills) == {"url(#lakana-hatch)"}
    assert len(set(under)) == 2
    assert all("62,4" in each for each in under)
    page.locator('input[data-layer="gap_areas"]').uncheck()
    assert not page.evaluate("lakana_map.hasLayer(lakana_gap_areas)")
    page.locator('input[data-layer="gap_areas"]').check()
    assert page.evaluate("Number(getComputedStyle(lakana_map.getPane('gap_areas')).zIndex)") < page.evaluate(
        "Number(getComputedStyle(lakana_map.getPane('areas')).zIndex)"
    )
    watched.assert_quiet()


def test_names_are_white_on_dark_regions_only(show):
    for percent, colour in ((95.0, "rgb(255, 255, 255)"), (5.0, "rgb(58, 67, 78)")):
        regions = samples.regions(coveredPercent=percent, populationUnder18=9, uncoveredUnder18=1, populationBasis=None)
        label = show(coverage.draw(samples.coverage(regions=regions), Locale.FR)).page.locator(".lakana-label-regions")
        assert label.first.evaluate("label => getComputedStyle(label).color") == colour


@pytest.mark.parametrize(("number", "rings"), [(300, True), (301, False)])
def test_many_services_gather_more_than_few(show, number, rings):
    here = {"precision": "EXACT", "radiusMetres": 0, "verifiedOn": None, "illustrative": False, "actorName": "ONG"}
    # 270 km apart, about 50 pixels.
    services = [samples.point((-9 + 2.5 * (each % 2), 13), name="Service", **here) for each in range(number)]
    page = show(coverage.draw(samples.coverage(services=samples.collection(*services)), Locale.FR), 390, 844).page
    settle(page)
    assert (page.locator(".lakana-ring").count() == 2) is rings


def test_everything_that_opens_has_a_name(show):
    page = show(overview.draw(samples.overview(), Locale.EN)).page
    settle(page)
    unnamed = page.evaluate("""() => [...document.querySelectorAll('[role=button], button, a, input')]
        .filter(each => !(each.getAttribute('aria-label') || each.textContent || each.closest('label')?.textContent).trim())
        .map(each => each.outerHTML)""")
    assert unnamed == []
    assert page.locator(".lakana-site, .lakana-ring").first.get_attribute("title")


@pytest.mark.parametrize("locale", Locale)
def test_the_page_speaks_one_language(show, locale):
    page = show(coverage.draw(samples.coverage(), locale)).page
    said = words(locale)
    assert page.locator("html").get_attribute("lang") == locale.name.lower()
    assert page.get_by_role("button", name=said["zoom_in"]).count() == 1
    page.locator('button[data-gap="1"]').click()
    terms = page.locator(".card dt").all_inner_texts()
    assert terms == [said[key] for key in ("rank", "uncovered", "nearest")], json.dumps(terms)
