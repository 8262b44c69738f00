"""Colour-blind eyes, simulated after Machado, Oliveira and Fernandes (2009) at full severity, in linear RGB."""

import itertools
import math
import re
from importlib import resources

import pytest

from geo.vocabulary import ActorKind
from maps import palette

IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881))
TRITANOPIA = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039))
EYES = {"common": IDENTITY, "protanopia": PROTANOPIA, "deuteranopia": DEUTERANOPIA, "tritanopia": TRITANOPIA}
STYLE = resources.files("maps").joinpath("assets", "lakana-map.css").read_text("utf-8")
APART = 15.0
"""CIE76 distance in Lab; about 2.3 is just noticeable side by side."""


def linear(colour):
    shares = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def seen(colour, eyes):
    rgb = linear(colour)
    return [min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in eyes]


def lab(rgb):
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_families_and_shelters_stay_apart(eyes):
    signs = {**palette.FAMILIES, "shelter": palette.SITES["shelter"]}
    distances = {
        (one, other): math.dist(lab(seen(signs[one].colour, eyes)), lab(seen(signs[other].colour, eyes)))
        for one, other in itertools.combinations(signs, 2)
    }
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] > APART, closest


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_shares_grow_darker_step_by_step(eyes):
    lightness = [lab(seen(colour, eyes))[0] for colour in palette.SHARES]
    assert all(upper - lower > 8 for upper, lower in itertools.pairwise(lightness))


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_the_country_stands_off_its_ground(eyes):
    (ground,) = re.findall(r"--ground: (#[0-9a-f]{6})", STYLE)
    seen_ground = lab(seen(ground, eyes))
    # Wide areas side by side, with a border between them, need less contrast than signs do.
    assert all(math.dist(seen_ground, lab(seen(colour, eyes))) > 4 for colour in (*palette.SHARES, palette.LAND))
    assert contrast(palette.BORDER, ground) > 2


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_gaps_stand_out_from_every_share(eyes):
    gap = lab(seen(palette.GAP, eyes))
    assert all(math.dist(gap, lab(seen(share, eyes))) > APART for share in (*palette.SHARES, palette.NO_DATA))


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_water_and_unknown_borders_look_like_no_class_of_data(eyes):
    # A border between neighbours is a thin line on no fill at all.
    data = (*palette.SHARES, palette.NO_DATA, palette.COUNT, palette.GAP)
    for ground in (palette.WATER, palette.UNKNOWN_LINE):
        distances = {each: math.dist(lab(seen(ground, eyes)), lab(seen(each, eyes))) for each in data}
        assert min(distances.values()) > APART, (ground, distances)


def test_the_ground_is_quieter_than_what_is_drawn_on_it():
    (ground,) = re.findall(r"--ground: (#[0-9a-f]{6})", STYLE)
    assert contrast(palette.NEIGHBOUR, ground) < contrast(palette.BORDER, ground)
    assert contrast(palette.WATER, palette.LAND) < contrast(palette.INK, palette.LAND) / 3


@pytest.mark.parametrize("layer", ["neighbours", "water"])
def test_names_of_the_ground_are_readable(layer):
    (ground,) = re.findall(r"--ground: (#[0-9a-f]{6})", STYLE)
    (colour,) = re.findall(rf"lakana-label-{layer} {{ color: (#[0-9a-f]{{6}})", STYLE)
    # White lies around a name, whatever is under it.
    assert all(contrast(colour, each) > 4.5 for each in (ground, palette.LAND, "#ffffff"))


def test_every_pattern_has_a_turn_and_a_fill_that_asks_for_it():
    fills = {palette.HATCH, palette.UNKNOWN}
    assert {f"url(#{name})" for name in palette.PATTERNS} == fills
    assert set(palette.TURNS) == set(palette.PATTERNS)


def test_each_sign_has_its_own_shape():
    paths = [sign.path for name, sign in palette.SITES.items() if name != "service"]
    assert len(set(paths)) == len(paths)


def test_every_kind_of_actor_has_a_family():
    assert set(palette.FAMILY_OF) == set(ActorKind)
    assert set(palette.FAMILY_OF.values()) == set(palette.FAMILIES)


def test_names_are_readable_on_every_fill():
    for fill in (*palette.SHARES, palette.LAND, palette.NO_DATA):
        assert contrast("#ffffff" if fill in palette.DARK else "#3a434e", fill) > 4


def test_text_is_readable():
    assert contrast(palette.INK, "#ffffff") > 7
    assert contrast("#526070", "#ffffff") > 4.5  # --soft
    assert contrast("#4d3800", "#fff3cd") > 7  # the banner


@pytest.mark.parametrize(
    ("percent", "place"), [(0, 0), (19.999, 0), (20, 1), (40, 2), (60, 3), (79.9, 3), (80, 4), (100, 4)]
)
def test_a_share_on_a_bound_belongs_to_the_upper_class(percent, place):
    assert palette.share(percent) == palette.SHARES[place]
