"""No code knows a country: its names, codes, numbers, clocks and words come from its pack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "geo", "maps")
WRITTEN = {".py", ".sql", ".html", ".js", ".css", ".po", ".graphql", ".txt"}
FROZEN = "geo/database/migrations/"
"""What has been migrated stays as it is."""
OTHERS = ("api/assets/graphiql/", "maps/assets/leaflet/", "maps/assets/markercluster/")
"""Programs of others."""

WORDS = {
    "its name": r"\bmali(en(ne)?s?)?\b",
    "its towns and regions": r"bamako|sikasso|kayes|koutiala|mopti|tombouctou|timbuktu|koulikoro|gao\b|kidal|taoud",
    "its codes": r"\b(ML[0-9]{2,}|ML-[0-9]|MLI)\b",
    "its calling code": r"(?<![0-9_.])\+?223 ?[0-9]{2}",
    "a clock": r"\b(africa|pacific|europe|asia|america)/[a-z]",
    "its words for levels": r"\bcercles?\b",
    "its money": r"\b(fcfa|xof)\b",
}
CIRCLES = ("maps/words.fr.po", "geo/assumptions/sentences.fr.po")
"""A « cercle » is a circle on a map, in French sentences."""


def files() -> list[Path]:
    every = (each for room in ROOMS for each in (ROOT / room).rglob("*") if each.suffix in WRITTEN)
    return [each for each in every if not str(each.relative_to(ROOT)).startswith((FROZEN, *OTHERS))]


@pytest.mark.parametrize("what", WORDS)
def test_no_code_knows_a_country(what):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(WORDS[what], line, re.IGNORECASE)
        and not (what == "its words for levels" and str(path.relative_to(ROOT)) in CIRCLES)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("its name", "Load the Mali data set"),
        ("its codes", '"COD-AB:ML03"'),
        ("its calling code", "+223 20 22 00 00"),
        ("its calling code", "'+22320220000'"),
        ("a clock", '"Africa/Bamako"'),
        ("its words for levels", "The parts of those: cercles"),
    ],
)
def test_it_would_be_noticed(what, line):
    assert re.search(WORDS[what], line, re.IGNORECASE)
    assert len(files()) > 400
