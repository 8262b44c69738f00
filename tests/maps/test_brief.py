"""The brief: pages that print as they stand, with figures, a still map, tables, method, dates, and what is not known."""

import re
import shutil
from dataclasses import replace

import pytest
from pyproj import Geod

from api.maps import printing
from geo.errors import Unavailable
from geo.vocabulary import Locale
from maps import brief
from tests.maps import samples
from tests.maps.test_page import Reader
from tests.maps.test_paper import pages


def drawn(locale=Locale.EN, **changed):
    records = samples.coverage(frame=samples.frame(nation=samples.NATION), others=samples.UNBOUND, **changed)
    return brief.draw(records, f"Pays {samples.IMAGE}", locale)


@pytest.mark.parametrize("locale", Locale)
def test_it_says_what_is_known_and_what_is_not(locale):
    html = drawn(locale).html
    text = Reader(html).text
    assert html.count('<section class="page">') == 4
    for each in ("62,4" if locale is not Locale.EN else "62.4", "Nord, Désert", "41", "94", "À vol d’oiseau."):
        assert each in text, each
    assert ("priority = " if locale is Locale.EN else "priorité = ") in text
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    assert len(rows) == 2 + 5 + 2, "two heads, five areas, two localities"


def test_names_stay_text_and_nothing_runs():
    page = drawn()
    tags = [tag for tag, _ in Reader(page.html).tags]
    assert not {"img", "script"} & set(tags)
    assert "script-src 'none'" in page.csp
    assert not [attrs for _, attrs in Reader(page.html).tags if "style" in attrs]
    assert f"Pays {samples.IMAGE}" in Reader(page.html).text


def test_the_picture_has_what_the_map_has():
    html = drawn().html
    picture = html.partition('<svg viewBox="0 0 1000')[2].partition("</svg>")[0]
    assert picture.count("<circle") == 3, "two localities and a zone"
    assert picture.count("<path") >= 3 + 2 + 1, "two regions and the land that is left, land out of reach, a service"
    assert "url(#lakana-hatch)" in picture


def test_the_bar_of_the_picture_is_as_long_as_it_says():
    """On the WGS 84 ellipsoid, by another formula: within the hundredth that a sphere may be off."""
    html = drawn().html
    [(west, east)] = re.findall(r'd="M(\d+) \d+V\d+H(\d+)V', html)
    corner, next_corner = re.findall(r'<path d="M([\d.]+) [\d.]+L([\d.]+) ', html)[0]  # of a region, 6 degrees wide
    across = (float(east) - float(west)) / (float(next_corner) - float(corner)) * 6
    metres = Geod(ellps="WGS84").line_length([0, across], [15, 15])
    assert re.search(r">200\u00a0km<", html)
    assert metres == pytest.approx(200_000, rel=0.015)


def test_names_on_the_picture_do_not_cover_each_other():
    html = drawn(
        regions=samples.regions(coveredPercent=1, populationUnder18=1, uncoveredUnder18=1, populationBasis=None)
    ).html
    spots = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"', html)
    assert len(spots) == len(set(spots)) >= 3


def test_a_brief_of_nothing_is_still_a_brief():
    nothing = samples.collection()
    records = samples.coverage(regions=nothing, gaps=nothing, services=nothing, gap_areas=nothing)
    assert brief.draw(replace(records, reporting=(0, 0)), "Pays", Locale.EN).html


@pytest.mark.browser
def test_a_browser_prints_it(browser):
    assert browser
    printed = printing.printed(drawn().html, ".pdf")
    assert printed.startswith(b"%PDF")
    assert pages(printed) == 4


def test_without_a_browser_it_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unavailable, match="write HTML"):
        printing.printed("", ".png")
