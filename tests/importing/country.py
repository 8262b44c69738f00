"""Files of a made-up country of two regions and four cercles, each a square of one degree."""

from __future__ import annotations

import json
from typing import Any


def square(lon: float, lat: float, side: float = 1) -> dict[str, Any]:
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


CERCLES = {
    "XX0101": ("Kaya", "XX01", "Nord", 0, 11),
    "XX0102": ("Barouéli", "XX01", "Nord", 1, 11),
    "XX0201": ("Kita", "XX02", "Sud", 0, 10),
    "XX0202": ("Koro", "XX02", "Sud", 1, 10),
}


def feature(code: str, name: str, region: str, region_name: str, lon: float, lat: float) -> dict[str, Any]:
    properties = {"ADM0_FR": "Pays", "ADM0_PCODE": "XX", "ADM1_FR": region_name, "ADM1_PCODE": region}
    return {
        "type": "Feature",
        "properties": {**properties, "ADM2_FR": name, "ADM2_PCODE": code},
        "geometry": square(lon, lat),
    }


def cercles(**changed: Any) -> str:
    """The cercles as GeoJSON; ``changed`` are features in the place of some, ``None`` for none."""
    features = {code: feature(code, *row) for code, row in CERCLES.items()} | changed
    return json.dumps({"type": "FeatureCollection", "features": [each for each in features.values() if each]})
