"""The map of hotspots: each quarter as it is, silence in a style of its own, classes that differ without colour."""

import pytest

from geo.vocabulary import Locale
from maps import hotspots
from maps.palette import LAND
from maps.words import words
from tests.maps import samples
from tests.maps.window import settle


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2), 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_high_and_low_places_differ_on_a_grey_printer():
    hot = [look for name, look in hotspots.LOOKS.items() if name.startswith("HOT")]
    cold = [look for name, look in hotspots.LOOKS.items() if name.startswith("COLD")]
    assert max(lightness(each.fill) for each in hot) < lightness(LAND) - 0.3
    assert all(each.fill == "#ffffff" for each in cold)
    fills = [lightness(each.fill) for each in hot]
    assert fills == sorted(fills), "the surer, the darker"
    assert {each.px for each in hot} & {each.px for each in cold} <= {8}


def test_who_did_not_report_has_a_layer_and_a_style_of_its_own():
    data = samples.embedded(hotspots.draw(samples.hotspots(), Locale.FR).html)
    for moment in data["moments"]:
        drawn = moment["layers"]
        assert [each["properties"]["name"] for each in drawn["unreported"]] == ["Muette"]
        assert [each["properties"]["name"] for each in drawn["untested"]] == ["Tue"]
        assert len(drawn["hotspots"]) == 2
    assert "dashArray" in data["styles"]["unreported"]
    assert "dashArray" not in data["styles"]["untested"]


def test_nothing_published_is_still_a_map():
    assert "no incidents published" in hotspots.draw(samples.hotspots(quarters=()), Locale.EN).html


@pytest.mark.browser
def test_the_slider_leads_through_the_quarters(show):
    watched = show(hotspots.draw(samples.hotspots(), Locale.EN))
    page = watched.page
    settle(page)
    classes = "lakana_hotspots.getLayers().map(each => each.feature.properties.hotspot).sort()"
    plain = words(Locale.EN)["class_not_significant"]
    assert page.locator(".moments output").inner_text() == "4th quarter 2025"
    assert page.evaluate(classes) == sorted([words(Locale.EN)["class_cold_95"], plain])
    slider = page.get_by_label("Quarter")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".moments output").inner_text() == "3rd quarter 2025"
    assert page.evaluate(classes) == sorted([words(Locale.EN)["class_hot_99"], plain])
    assert slider.get_attribute("aria-valuetext") == "3rd quarter 2025"
    watched.assert_quiet()
