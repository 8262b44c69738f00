"""Velaa, a made-up country of three levels: islands on both sides of the antimeridian, in a script and languages of its own.

Six districts of two provinces, each a square of a degree, from 178° E to 179° W and from 18° S to 16° S; 25 places a district.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from geo.vocabulary import IncidentType
from tests.importing.country import square

CODE = "XVL"
PROVINCES = {"XV1": "ჩრდილოეთი", "XV2": "სამხრეთი"}
DISTRICTS = {
    "XV11": ("ალაზანი", "XV1", 178, -17),
    "XV12": ("ბორჯი", "XV1", 179, -17),
    "XV13": ("გურია", "XV1", -180, -17),
    "XV21": ("დარი", "XV2", 178, -18),
    "XV22": ("ეკალი", "XV2", 179, -18),
    "XV23": ("ვანი", "XV2", -180, -18),
}
PEOPLE, CHILDREN, PLACES = 60_000, 30_000, 25
"""Of each district."""

MANIFEST = """
code = "XVL"
names = { fr = "Véla", en = "Velaa", ka = "ველა" }
languages = ["ka", "en"]
time_zone = "Pacific/Fiji"

[dialling]
region = "FJ"
short_codes = ["911", "1325"]

[law]
appointed = ["SOCIAL_SERVICE"]
holidays = "data/holidays.csv"

[[divisions]]
scheme = "VELA"
nation = "XVL"
levels = [{ ka = "ქვეყანა" }, { fr = "province", en = "province" }, { fr = "île", en = "island", ka = "კუნძული" }]

[[files]]
kind = "areas"
path = "data/districts.geojson"
scheme = "VELA"
edition = "1"
source = "Made up"
licence = "CC0"

[[files]]
kind = "population"
path = "data/people.csv"
columns = { "ადამიანი" = "total", "ბავშვი" = "under_18", "კოდი" = "admin2_code" }
as_of = 2024-01-01
source = "Made up"

[[files]]
kind = "localities"
path = "data/places.csv"
scheme = "VELA"
source = "Made up"

[[files]]
kind = "services"
path = "data/services.csv"
source = "Made up"
"""


WHOLE = f"""{MANIFEST}
[[files]]
kind = "guidance"
path = "data/guidance.csv"
source = "Made up"

[[files]]
kind = "pathways"
path = "data/pathways.csv"
as_of = 2026-01-01
source = "Made up"

[illustration]
offices = ["CHILD_PROTECTION_OFFICER", "JUVENILE_JUDGE", "PROSECUTOR", "POLICE_BRIGADE", "GENDARMERIE"]
shelter_towns = ["ბორჯი 06", "გურია 06", "ეკალი 06", "ვანი 06"]
"""
"""With what its law says, and illustrative rows: what the suites of every country run on."""
STEPS = (
    ("IDENTIFICATION", "CHILD_PROTECTION_OFFICER|POLICE_BRIGADE", "yes", "CHILD_PROTECTION_OFFICER"),
    ("POLICE_JUSTICE", "PROSECUTOR|JUVENILE_JUDGE", "yes", "PROSECUTOR"),
    ("CASE_MANAGEMENT", "SOCIAL_SERVICE|CHILD_PROTECTION_OFFICER", "yes", ""),
    ("SAFE_SHELTER", "NGO", "no", ""),
    ("MEDICAL", "HEALTH_FACILITY", "no", ""),
    ("FAMILY_TRACING_REUNIFICATION", "SOCIAL_SERVICE", "no", ""),
)
"""Of every pathway: the category, who acts, whether the competent one first, and whom to report to."""


def places() -> list[dict[str, Any]]:
    """The places of all districts on a grid, each with its share of the people."""
    rows = []
    for code, (name, _, west, south) in DISTRICTS.items():
        for number in range(PLACES):
            lon, lat = west + 0.1 + 0.2 * (number % 5), south + 0.1 + 0.2 * (number // 5)
            people = {"population": PEOPLE // PLACES, "under_18": CHILDREN // PLACES, "year": 2024}
            place = {
                "code": f"{code}{number:02}",
                "name": f"{name} {number:02}",
                "lon": round(lon, 4),
                "lat": round(lat, 4),
            }
            rows.append(place | people)
    return rows


def services() -> list[dict[str, Any]]:
    """A clinic in each district but one, the social services and the police of the north alone."""
    rows = []
    for code, (name, province, west, south) in DISTRICTS.items():
        at = {"lon": west + 0.5, "lat": south + 0.5, "phone": "332 1234", "opening_hours": "Mo-Fr 08:00-16:00"}
        at |= {"verified_on": "2026-10-01"}
        if code != "XV23":
            rows.append({"code": f"M{code}", "name": f"Clinic {name}", "category": "MEDICAL"} | at)
        if province == "XV1":
            rows.append({"code": f"C{code}", "name": f"Case work {name}", "category": "CASE_MANAGEMENT"} | at)
    return rows


def pathways() -> list[dict[str, Any]]:
    """The steps for every type of incident, in English alone."""
    return [
        {
            "incident_type": each.name, "category": category, "kinds": kinds, "by_mandate": by_mandate, "report_to": report_to,
            "source": "child-act", "words_en": f"See to {category.lower()}, with the child.",
        }
        for each in IncidentType
        for category, kinds, by_mandate, report_to in STEPS
    ]  # fmt: skip


def table(rows: list[dict[str, Any]]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def write(folder: Path, manifest: str = MANIFEST) -> Path:
    """Write the pack, and return its folder."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "ADM0_PCODE": CODE, "ADM0_EN": "Velaa", "ADM1_PCODE": province, "ADM1_EN": PROVINCES[province],
                "ADM2_PCODE": code, "ADM2_EN": name,
            },
            "geometry": square(west, south),
        }
        for code, (name, province, west, south) in DISTRICTS.items()
    ]  # fmt: skip
    files = {
        "country.toml": manifest,
        "data/districts.geojson": json.dumps({"type": "FeatureCollection", "features": features}),
        "data/people.csv": table([{"კოდი": code, "ადამიანი": PEOPLE, "ბავშვი": CHILDREN} for code in DISTRICTS]),
        "data/places.csv": table(places()),
        "data/services.csv": table(services()),
        "data/guidance.csv": "key,title,year,binding\nchild-act,Children Act of Velaa,1999,yes\n",
        "data/pathways.csv": table(pathways()),
        "data/holidays.csv": "day,certain,name_ka,name_en\n2026-10-10,yes,ველას დღე,Velaa Day\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
