"""The file itself: what it holds, what it hides, what it may run, what it weighs."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest
import shapely.geometry

from geo.vocabulary import ActorKind, Locale
from maps import coverage, hotspots, overview, palette, pathway, presence, recommended, scenario, training
from maps.page import embed
from maps.policy import source_hash
from maps.records import DataDates
from maps.words import words
from tests.maps import samples

ASSETS = resources.files("maps").joinpath("assets")
MAPS: dict[str, tuple[Any, Any]] = {
    "overview": (overview.draw, samples.overview),
    "coverage": (coverage.draw, samples.coverage),
    "hotspots": (hotspots.draw, samples.hotspots),
    "training": (training.draw, samples.training),
    "presence": (presence.draw, samples.presence),
    "pathway": (pathway.draw, samples.pathway),
    "sites": (recommended.draw, samples.sites),
    "scenario": (scenario.draw, samples.scenario),
}

SERVICES_AND_CENSUS = {
    Locale.FR: "Données\u00a0: recensement 2022, services vérifiés jusqu’au 24 novembre 2025",
    Locale.EN: "Data: census 2022, services verified up to 24 November 2025",
    Locale.BM: "Données\u00a0: recensement 2022, services vérifiés jusqu’au 24 nowanburu 2025",
}
OF_THE_DATA = {
    "overview": {
        Locale.FR: "Données\u00a0: acteurs vérifiés jusqu’au 13 septembre 2025, signalements 4e trimestre 2025",
        Locale.EN: "Data: actors verified up to 13 September 2025, incidents 4th quarter 2025",
        Locale.BM: "Données\u00a0: acteurs vérifiés jusqu’au 13 sɛtanburu 2025, signalements ",
    },
    "coverage": {
        Locale.FR: "Données\u00a0: recensement 2022, services vérifiés jusqu’au 24 novembre 2025, signalements 2025",
        Locale.EN: "Data: census 2022, services verified up to 24 November 2025, incidents 2025",
        Locale.BM: "Données\u00a0: recensement 2022, services vérifiés jusqu’au 24 nowanburu 2025, signalements 2025",
    },
    "hotspots": {
        Locale.FR: "Données\u00a0: signalements 3e trimestre 2025 – 4e trimestre 2025",
        Locale.EN: "Data: incidents 3rd quarter 2025 – 4th quarter 2025",
        Locale.BM: "Données\u00a0: signalements ",
    },
    "training": {
        Locale.FR: "Données\u00a0: dernière formation le 22 avril 2025",
        Locale.EN: "Data: last training 22 April 2025",
        Locale.BM: "Données\u00a0: dernière formation le 22 awirili 2025",
    },
    "presence": {
        Locale.FR: "Données\u00a0: listes du 24 novembre 2025",
        Locale.EN: "Data: lists of 24 November 2025",
        Locale.BM: "Données\u00a0: listes du 24 nowanburu 2025",
    },
    "pathway": {
        Locale.FR: "Données\u00a0: services vérifiés jusqu’au 13 septembre 2025",
        Locale.EN: "Data: services verified up to 13 September 2025",
        Locale.BM: "Données\u00a0: services vérifiés jusqu’au 13 sɛtanburu 2025",
    },
    "sites": SERVICES_AND_CENSUS,
    "scenario": SERVICES_AND_CENSUS,
}


class Reader(HTMLParser):
    """Gathers tags with their attributes, and the text of each inline block."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.blocks = []
        self.text = ""
        self._open = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._open = (tag, dict(attrs))
            self.blocks.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag):  # noqa: ARG002
        self._open = None

    def handle_data(self, data):
        if self._open:
            tag, attrs, text = self.blocks[-1]
            self.blocks[-1] = (tag, attrs, text + data)
        else:
            self.text += data


@pytest.fixture(params=MAPS)
def page(request):
    draw, records = MAPS[request.param]
    return draw(records(), Locale.FR)


def test_the_policy_names_each_inline_block_and_nothing_else(page):
    directives = dict(part.split(" ", 1) for part in page.csp.split("; "))
    runs = [text for tag, attrs, text in Reader(page.html).blocks if tag == "script" and "type" not in attrs]
    styled = [text for tag, _, text in Reader(page.html).blocks if tag == "style"]
    assert directives["script-src"].split() == [source_hash(text) for text in runs]
    assert directives["style-src"].split() == [source_hash(text) for text in styled]
    assert directives["connect-src"] == "'none'"
    assert directives["default-src"] == directives["base-uri"] == directives["form-action"] == "'none'"
    assert "unsafe" not in page.csp
    assert "\r" not in page.html


def test_the_policy_is_made_of_our_scripts_alone():
    nothing = samples.collection()
    empty = {"regions": nothing, "services": nothing, "gaps": nothing, "gap_areas": nothing, "sources": ()}
    none = {"regions": nothing, "actors": nothing, "shelters": nothing, "counts": nothing, "sources": ()}
    one, other = samples.overview(), samples.overview(**none)
    assert overview.draw(one, Locale.FR).csp == overview.draw(other, Locale.EN).csp
    known, unknown = samples.coverage(), samples.coverage(**empty)
    assert coverage.draw(known, Locale.FR).csp == coverage.draw(unknown, Locale.EN).csp


def test_the_page_carries_its_policy(page):
    tags = Reader(page.html).tags
    (policy,) = [attrs for tag, attrs in tags if tag == "meta" and attrs.get("http-equiv")]
    assert policy == {"http-equiv": "Content-Security-Policy", "content": page.csp}


def test_nothing_is_loaded_from_elsewhere(page):
    for tag, attrs in Reader(page.html).tags:
        assert "src" not in attrs, tag
        assert "style" not in attrs, tag
        assert not any(name.startswith("on") for name in attrs), tag
        if "href" in attrs:
            assert tag == "a" or attrs["href"] == "data:,"
    (style,) = [text for tag, _, text in Reader(page.html).blocks if tag == "style"]
    assert "url(" not in style
    assert "@import" not in style
    assert "sourceMappingURL" not in page.html
    assert not re.search(r"bootstrap|jquery|awesome|cdn\.", page.html, re.IGNORECASE)


def test_a_source_links_only_to_the_web(page):
    assert [attrs["href"] for tag, attrs in Reader(page.html).tags if tag == "a"] == ["https://example.org/data"]
    evil = replace(samples.REAL, url="javascript:alert(1)")
    again = overview.draw(samples.overview(sources=(evil,)), Locale.FR)
    assert not [tag for tag, _ in Reader(again.html).tags if tag == "a"]


def test_names_never_become_markup(page):
    tags = [tag for tag, _ in Reader(page.html).tags]
    assert "img" not in tags
    assert page.html.count("</script>") == tags.count("script")
    assert samples.IMAGE not in page.html
    assert "\u2028" not in page.html
    assert "{{" not in page.html.partition("<script>")[0]
    assert "1337" not in page.html


def test_embedded_json_reads_back():
    data = {
        "name": samples.HOSTILE,
        "accents": "Ségou",
        "quote": "\"'\\",
        "lines": ["{", "}"],
        "none": None,
        "many": (1, 2.5),
    }
    written = embed(data)
    assert json.loads(written) == data | {"name": samples.SHOWN, "many": [1, 2.5]}
    assert not set("<>&\u2028\u2029") & set(written)
    assert written.count("{") == written.count("}") == 1, "braces in texts are escaped"


def test_the_same_records_give_the_same_bytes():
    for draw, records in MAPS.values():
        assert draw(records(), Locale.FR) == draw(records(), Locale.FR)


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("name", MAPS)
def test_language(name, locale):
    draw, records = MAPS[name]
    reader = Reader(draw(records(), locale).html)
    assert dict(reader.tags)["html"] == {"lang": locale.name.lower()}
    assert OF_THE_DATA[name][locale] in reader.text


@pytest.mark.parametrize("locale", Locale)
def test_what_is_not_known_of_the_data_is_said(locale):
    nobody = samples.collection(samples.actor(samples.WEST, ActorKind.NGO, verifiedOn=None))
    overview_of_nobody = overview.draw(samples.overview(actors=nobody, period=""), locale)
    nothing = DataDates(services=None, population=None, incidents=None)
    told = [
        Reader(each.html).text for each in (overview_of_nobody, coverage.draw(samples.coverage(dates=nothing), locale))
    ]
    if locale is Locale.EN:
        assert "Data: actors never verified, no incidents published" in told[0]
        assert "Data: census not known, services never verified, no incidents published" in told[1]
    else:
        assert "Données\u00a0: acteurs jamais vérifiés, aucun signalement publié" in told[0]
        assert "Données\u00a0: recensement non connu, services jamais vérifiés, aucun signalement publié" in told[1]


def test_numbers_are_written_in_the_language():
    french, english = (Reader(coverage.draw(samples.coverage(), locale).html).text for locale in (Locale.FR, Locale.EN))
    assert "62,4\u00a0%" in french
    assert "24\u202f690" in french
    assert "62.4%" in english
    assert "24,690" in english
    assert "À vol d’oiseau." in french


def test_a_published_count_is_written_in_the_language():
    counts = samples.collection(samples.count(samples.WEST, 6_200), samples.count(samples.EAST, 0))
    html = overview.draw(samples.overview(counts=counts), Locale.FR).html
    assert "6\u202f200" in Reader(html).text  # in the legend
    drawn = samples.embedded(html)["layers"]["counts"]
    assert [each["properties"]["count"] for each in drawn] == ["6\u202f200", "0–4"]


def test_who_did_not_report_is_drawn_apart_and_counted():
    """Silence has a style of its own, and so has what is not released; neither is a small circle."""
    counts = samples.collection(
        samples.count(samples.WEST, 25),
        samples.untold(samples.EAST, "NOT_REPORTED", name="Muette"),
        samples.untold((-3, 12), "NOT_REPORTED"),
        samples.untold((-2, 12), "NOT_RELEASED", name="Tue"),
    )
    said = {
        Locale.FR: ("2 localités sur 4 ont déclaré.", "Non déclaré", "Non publié"),
        Locale.EN: ("2 of 4 localities reported.", "Not reported", "Not released"),
        Locale.BM: ("Dugu 4 la, 2 ye kunnafoni di.", "Non déclaré", "Non publié"),
    }
    for locale, told in said.items():
        html = overview.draw(samples.overview(counts=counts), locale).html
        text = Reader(html).text
        assert all(each in text for each in (*told, "2 / 4"))
    data = samples.embedded(overview.draw(samples.overview(counts=counts), Locale.FR).html)
    drawn = {
        name: [each["properties"] for each in data["layers"][name]] for name in ("counts", "unreported", "unreleased")
    }
    assert [len(each) for each in drawn.values()] == [1, 2, 1]
    assert drawn["unreported"][0]["spoken"] == "Muette, Signalements Non déclaré\u00a0: on n’en sait rien"
    assert "label" not in drawn["unreported"][0]
    styles = data["styles"]
    assert len({str(styles[name]) for name in drawn}) == 3
    assert "dashArray" in styles["unreported"]
    nobody_silent = Reader(overview.draw(samples.overview(), Locale.FR).html).text
    assert "Non déclaré" not in nobody_silent
    assert "2 localités sur 2 ont déclaré." in nobody_silent


@pytest.mark.parametrize("name", MAPS)
def test_the_banner_stands_only_over_illustrative_data(name):
    draw, records = MAPS[name]
    assert "Données d’illustration" not in Reader(draw(records(), Locale.FR).html).text
    assert (
        "Données d’illustration\u00a0:"
        in Reader(draw(records(sources=(samples.REAL, samples.MADE_UP)), Locale.FR).html).text
    )


def test_one_illustrative_feature_is_enough():
    one = samples.collection(samples.actor(samples.WEST, ActorKind.NGO, illustrative=True))
    assert "Données d’illustration" in Reader(overview.draw(samples.overview(actors=one), Locale.FR).html).text


def test_gaps_are_ranked_by_priority_and_then_by_name():
    gaps = samples.collection(
        *(
            samples.point(
                samples.WEST,
                name=name,
                uncoveredUnder18=5,
                priority=7.0,
                nearestDistanceMetres=None,
                incidentStatus="NOT_RELEASED",
            )
            for name in ("Zed", "Abc")
        )
    )
    html = coverage.draw(samples.coverage(gaps=gaps), Locale.FR).html
    assert re.findall(r'data-gap="\d+"><span>(.*?)</span>', html) == ["Abc", "Zed"]


@pytest.mark.parametrize(
    ("reporting", "told"), [((41, 94), "41 localités sur 94 ont déclaré."), ((0, 0), "Aucun signalement n’est publié.")]
)
def test_the_ranking_of_gaps_says_who_reported(reporting, told):
    assert told in Reader(coverage.draw(samples.coverage(reporting=reporting), Locale.FR).html).text


def test_the_card_of_a_gap_says_that_nobody_reported():
    drawn = coverage.draw(samples.coverage(), Locale.FR).html
    assert drawn.count(f'"incidents":"{words(Locale.FR)["NOT_REPORTED"]}"') == 1


def test_a_map_of_nothing_is_still_a_map():
    nothing = samples.collection()
    assert overview.draw(samples.overview(regions=nothing, actors=nothing, shelters=nothing, counts=nothing), Locale.FR)
    assert coverage.draw(samples.coverage(regions=nothing, gaps=nothing, services=nothing), Locale.FR)


def test_a_share_that_nobody_knows_is_told_so():
    unknown = samples.regions(coveredPercent=None, populationUnder18=0, uncoveredUnder18=0, populationBasis=None)
    assert "sans donnée" in Reader(coverage.draw(samples.coverage(regions=unknown), Locale.FR).html).text


def test_weight_for_the_seeds():
    """As many features as the seeds have, with outlines of as many corners and as much ground."""
    corners = [[round(-12 + number / 500, 6), round(10 + (number * 7919 % 1000) / 1000, 6)] for number in range(6700)]
    land = samples.square(-12, 10, -4, 16, name="Région", code="X")
    country = samples.collection(
        land,
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
            "properties": {"name": "Autre", "code": "Y"},
        },
    )
    kinds = list(ActorKind)
    actors = samples.collection(
        *(
            samples.actor(
                (-12 + number / 50, 12.34567),
                kinds[number % len(kinds)],
                name=f"Délégué à la protection de l’enfance de Ségou {number}",
                illustrative=True,
            )
            for number in range(461)
        )
    )
    shelters = samples.collection(*(samples.shelter((-8, 12), hidden=number < 10) for number in range(30)))
    counts = samples.collection(*(samples.count((-8 + number / 20, 12), 5 * number) for number in range(94)))
    bend = [(-12 + number / 150, 11 + (number * 7919 % 100) / 100) for number in range(1600)]
    told = {"name": "Fleuve", "kind": "RIVER", "rank": 3, "source": samples.REAL.name}
    frame = samples.frame(nation=land["geometry"], ground=samples.collection(samples.line(*bend, **told)))
    drawn = overview.draw(
        samples.overview(frame=frame, regions=country, actors=actors, shelters=shelters, counts=counts), Locale.FR
    )
    assert len(drawn.html.encode()) < 520_000  # of which 21 kB read the basemap that a reader brings


def test_vendored_files_are_those_of_their_packages():
    listed = re.findall(r"\| (\S+) \| \S+ \| ([0-9a-f]{64}) \|", ASSETS.joinpath("README.md").read_text("utf-8"))
    assert len(listed) == 7
    for name, digest in listed:
        assert hashlib.sha256(ASSETS.joinpath(name).read_bytes()).hexdigest() == digest, name


def test_licences_travel_with_the_page(page):
    assert "BSD 2-Clause License" in page.html
    assert "Copyright 2012 David Leaver" in page.html
    assert "Copyright 2021 Protomaps LLC" in page.html


def test_importing_the_maps_does_not_import_folium():
    code = "import sys, maps.overview, maps.coverage; sys.exit('folium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_folium_itself_stays_as_it_was(page):
    import folium  # noqa: PLC0415

    assert folium.Map.default_js
    assert folium.plugins.FastMarkerCluster.default_js


def test_land_out_of_reach_is_hatched_and_told():
    html = coverage.draw(samples.coverage(), Locale.EN).html
    text = Reader(html).text.replace("\u00a0", " ")
    assert "The regions without the circles of 50 km around services: 234,567 km²." in text
    assert "Outlines are right to 1 km." in text
    assert html.count('<pattern id="lakana-hatch"') == 1
    assert "lakana-hatch" not in overview.draw(samples.overview(), Locale.EN).html


@pytest.mark.parametrize("name", MAPS)
def test_land_without_a_known_border_is_drawn_and_its_regions_named(name):
    draw, records = MAPS[name]
    unknown = records(
        frame=samples.frame(nation=samples.NATION), others=samples.UNBOUND[: 3 if name == "coverage" else 2]
    )
    html = draw(unknown, Locale.EN).html
    land = samples.embedded(html)["layers"]["regions"][-1]
    assert shapely.geometry.shape(land["geometry"]).bounds == (-12, 16, 0, 20)
    assert land["properties"]["fill"] == palette.UNKNOWN
    assert land["properties"]["label"] == ["Nord", "Désert", "border not known"]
    assert [each["name"] for each in land["properties"]["sites"][:2]] == ["Nord", "Désert"]
    text = Reader(html).text
    assert "The border between these regions is not known: Nord, Désert." in text
    assert html.count('<pattern id="lakana-unknown"') == 1
    whole = draw(records(), Locale.EN).html
    assert "border not known" not in Reader(whole).text
    assert "lakana-unknown" not in whole


def test_every_region_is_in_the_list_beside_the_map_with_what_it_leaves_out():
    records = samples.coverage(frame=samples.frame(nation=samples.NATION), others=samples.UNBOUND)
    html = coverage.draw(records, Locale.EN).html
    listed = re.findall(r"<li><span>([^<]*)</span> <span class=\"value\">(.*?)</span></li>", html)
    assert listed == [
        ("Ouest &#60;img src=x onerror=alert(1)&#62;", "62.4%"),
        ("Est", "62.4%"),
        ("Nord", "7.5%, towns only, border not known"),
        ("Désert", "no data, border not known"),
        ("Region not known", "0%"),
    ]
    cards = samples.embedded(html)["layers"]["regions"][-1]["properties"]["sites"]
    assert [(each["covered"], each["uncovered"], each.get("basis")) for each in cards] == [
        ("7.5%", "37", "towns only"),
        ("no data", "no data", None),
        ("0%", "900", "shared out by a model"),
    ]


def test_slivers_between_outlines_are_no_land():
    beside = {"type": "Polygon", "coordinates": [[[-12, 10], [0, 10], [0, 16.00005], [-12, 16.00005], [-12, 10]]]}
    html = overview.draw(samples.overview(frame=samples.frame(nation=beside)), Locale.FR).html
    assert len(samples.embedded(html)["layers"]["regions"]) == 2


@pytest.mark.parametrize("name", MAPS)
def test_outlines_and_ground_are_credited_on_the_map(name):
    draw, records = MAPS[name]
    sources = (samples.REAL, samples.GROUND, samples.MADE_UP)
    html = draw(records(frame=samples.frame(ground=samples.ground()), sources=sources), Locale.FR).html
    stage = html.partition('<aside class="panel">')[0]
    assert "Contours\u00a0: Carte &#38; Cie (CC BY 4.0). Fond\u00a0: Terre Naturelle." in stage
    assert "Générateur" not in stage


def test_no_land_is_told_of_where_no_outline_is_known():
    unknown = samples.coverage(gap_areas=samples.collection(), gap_area_km2=None)
    assert "Land out of reach" not in Reader(coverage.draw(unknown, Locale.EN).html).text
