"""Small records made by hand: two square regions side by side, some towns, and names that try to run script."""

import json
from typing import Any

from geo.vocabulary import ActorKind, AreaLevel, IncidentType, Sector, ServiceCategory
from maps.planned import PathwayMap, PathwayStep, ScenarioMap, SitesMap
from maps.records import (
    CoverageMap,
    DataDates,
    Feature,
    FeatureCollection,
    Frame,
    HotspotFrame,
    HotspotMap,
    Overview,
    PresenceMap,
    SourceRecord,
    TrainingMap,
)

IMAGE = "<img src=x onerror=alert(1)>"
CLOSING = "</script><script>alert(2)</script>"
HOSTILE = f"{IMAGE}{CLOSING}<!--&{{{{7*191}}}}{{#{{% raw %}}\u2028"
SHOWN = HOSTILE.replace("\u2028", "\ufffd")
"""How a page shows it: a replacement sign stands for what no stored text may contain."""
WEST = (-8.0, 12.65)
EAST = (-4.2, 14.49)
DATES = DataDates(services="2025-11-24", population="2022-01-01", incidents="2025")
REAL = SourceRecord("Carte & Cie", "CC BY 4.0", "https://example.org/data", illustrative=False)
GROUND = SourceRecord("Terre Naturelle", None, None, illustrative=False)
MADE_UP = SourceRecord("Générateur", None, None, illustrative=True)


def embedded(html: str) -> Any:
    """Read the JSON that a page holds."""
    _, _, behind = html.partition('<script type="application/json" id="lakana-data">')
    return json.loads(behind.partition("</script>")[0])


def collection(*features: Any) -> FeatureCollection:
    return {"type": "FeatureCollection", "features": list(features)}


def point(at: tuple[float, float], **properties: Any) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(at)},
        "properties": properties,
    }


def square(west: float, south: float, east: float, north: float, **properties: Any) -> Feature:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}


def actor(at: tuple[float, float], kind: ActorKind, **properties: Any) -> Feature:
    shown = {"name": kind.name, "kind": kind.name, "verifiedOn": "2025-09-13", "illustrative": False} | properties
    return point(at, **shown)


def shelter(at: tuple[float, float], *, hidden: bool, **properties: Any) -> Feature:
    exact, zone = {"precision": "EXACT", "radiusMetres": 0}, {"precision": "AREA", "radiusMetres": 12_000.0}
    site = zone | {"zoneName": "Sikasso"} if hidden else exact | {"zoneName": None}
    shown = {"name": "Foyer", "confidential": hidden, "hasPlaces": True, "illustrative": False}
    return point(at, **(shown | site | properties))


def count(at: tuple[float, float], number: int, **properties: Any) -> Feature:
    shown = {"name": "Ville", "count": number, "countLabel": str(number) if number else "0–4", "period": "2025-Q4"}
    reported = {"status": "PUBLISHED", "localitiesReporting": 1, "localitiesExpected": 1, "illustrative": False}
    return point(at, **(shown | reported | properties))


def untold(at: tuple[float, float], status: str, **properties: Any) -> Feature:
    told = {"count": None, "countLabel": "–", "status": status}
    return count(at, 0, **(told | {"localitiesReporting": int(status == "NOT_RELEASED")} | properties))


def regions(**shares: Any) -> FeatureCollection:
    return collection(
        square(-12, 10, -6, 16, name=f"Ouest {IMAGE}", code="X-1", **shares),
        square(-6, 10, 0, 16, name="Est", code="X-2", **shares),
    )


NATION = {"type": "Polygon", "coordinates": [[[-12, 10], [0, 10], [0, 20], [-12, 20], [-12, 10]]]}
"""The two regions of :func:`regions`, and land north of them that no outline of a region covers."""


def line(*corners: tuple[float, float], **properties: Any) -> Feature:
    coordinates = [list(corner) for corner in corners]
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": coordinates}, "properties": properties}


def ground() -> FeatureCollection:
    """A great river and a small one, one that stays abroad, a lake, and two neighbours with a border between them."""
    told = {"rank": 3, "source": GROUND.name}
    return collection(
        line((-15, 11), (-9, 12), (3, 11), **told | {"kind": "RIVER", "name": f"Grand fleuve {IMAGE}"}),
        line((-11, 11), (-10, 15), **told | {"kind": "RIVER", "name": "Petit fleuve", "rank": 9}),
        line((2, 11), (4, 15), **told | {"kind": "RIVER", "name": "Fleuve étranger"}),
        square(-5, 13, -4.5, 13.5, **told | {"kind": "LAKE", "name": "Lac", "rank": 7}),
        square(-18, 8, -12, 15, **told | {"kind": "NEIGHBOUR", "name": "Pays du sud"}),
        square(-18, 15, -12, 24, **told | {"kind": "NEIGHBOUR", "name": "Pays du nord"}),
    )


def frame(**changed: Any) -> Frame:
    towns = collection(point((-7, 13), name=f"Grande {IMAGE}"), *(point((-7, 13.01), name="Voisine") for _ in range(8)))
    records: dict[str, Any] = {
        "nation": None,
        "ground": collection(),
        "outline_sources": (REAL,),
        "towns": towns,
    }
    return Frame(**(records | changed))


UNBOUND: tuple[dict[str, Any], ...] = (
    {"name": "Nord", "code": "X-3", "coveredPercent": 7.5, "populationUnder18": 40, "uncoveredUnder18": 37,
     "populationBasis": "TOWNS_ONLY", "present": []},
    {"name": "Désert", "code": "X-4", "coveredPercent": None, "populationUnder18": None, "uncoveredUnder18": None,
     "populationBasis": None, "present": []},
    {"name": None, "code": None, "coveredPercent": 0.0, "populationUnder18": 900, "uncoveredUnder18": 900,
     "populationBasis": "MODELLED"},
)  # fmt: skip
"""What is known of two regions between which nobody knows the border, and of the children of neither alone."""


def overview(**changed: Any) -> Overview:
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": regions(),
        "others": (),
        "actors": collection(
            actor(WEST, ActorKind.JUVENILE_JUDGE, name=HOSTILE),
            actor((-8.01, 12.66), ActorKind.NGO, verifiedOn=None),
            actor(EAST, ActorKind.SCHOOL, name="École de Mopti"),
        ),
        "shelters": collection(
            shelter((-2, 11), hidden=True, name=HOSTILE),
            shelter((-2, 11), hidden=True, name="Second"),
            shelter((-10.5, 11), hidden=False, name="Foyer public"),
        ),
        "counts": collection(count(WEST, 45, name=HOSTILE), count(EAST, 0)),
        "by_area": False,
        "period": "2025-Q4",
        "sources": (REAL,),
    }
    return Overview(**(records | changed))


def coverage(**changed: Any) -> CoverageMap:
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": regions(
            coveredPercent=62.44, populationUnder18=12_345, uncoveredUnder18=4_637, populationBasis="COUNTED"
        ),
        "others": (),
        "gaps": collection(
            point(
                WEST,
                name=f"Loin {IMAGE}",
                uncoveredUnder18=1_234,
                priority=90.0,
                nearestDistanceMetres=62_400.0,
                incidentStatus="NOT_REPORTED",
            ),
            point(
                EAST,
                name="Plus loin",
                uncoveredUnder18=3_400,
                priority=400.0,
                nearestDistanceMetres=None,
                incidentStatus="PUBLISHED",
            ),
        ),
        "gap_areas": collection(square(-12, 10, -9, 16), square(-3, 12, 0, 16)),
        "gap_area_km2": 234_567.4,
        "tolerance_m": 1_000.0,
        "services": collection(
            point(
                (-10.5, 11),
                name=HOSTILE,
                actorName="ONG",
                precision="EXACT",
                radiusMetres=0,
                zoneName=None,
                verifiedOn=None,
                illustrative=False,
            ),
            point(
                (-2, 11),
                name="Caché",
                actorName=None,
                precision="AREA",
                radiusMetres=12_000,
                zoneName="Sikasso",
                verifiedOn="2025-07-01",
                illustrative=False,
            ),
        ),
        "category": ServiceCategory.SAFE_SHELTER,
        "max_distance_m": 50_000.0,
        "covered_percent": 62.44,
        "population_under_18": 24_690,
        "uncovered_under_18": 9_274,
        "assumptions": ("À vol d’oiseau.",),
        "dates": DATES,
        "reporting": (41, 94),
        "sources": (REAL,),
    }
    return CoverageMap(**(records | changed))


def quarter(period: str, called: str, **changed: Any) -> HotspotFrame:
    """A quarter in which the west is of a class, the east stands out by nothing, and a third place did not report."""
    told = {"count": 45, "ratePer100kUnder18": 61.2, "qValue": 0.004}
    known: dict[str, Any] = {
        "places": collection(
            point(WEST, name=HOSTILE, hotspotClass=called, **told),
            point(EAST, name="Est", hotspotClass="NOT_SIGNIFICANT", **(told | {"count": 0, "qValue": 0.8})),
        ),
        "left_out": collection(
            point((-3, 12), name="Muette", reason="NOT_REPORTED"),
            point((-9, 14), name="Tue", reason="NO_POPULATION"),
        ),
        "tested": 2,
        "untested": 2,
        "not_reported": 1,
        "unstable": 0,
        "others": 0,
    }
    return HotspotFrame(period=period, **(known | changed))


def hotspots(**changed: Any) -> HotspotMap:
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": regions(),
        "others": (),
        "quarters": (quarter("2025-Q3", "HOT_99"), quarter("2025-Q4", "COLD_95")),
        "level": AreaLevel.LOCALITY,
        "incident": None,
        "assumptions": ("À vol d’oiseau.",),
        "sources": (REAL,),
    }
    return HotspotMap(**(records | changed))


def training(**changed: Any) -> TrainingMap:
    far = {"nearestDistanceMetres": 62_400.0, "actorName": HOSTILE}
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": regions(),
        "others": (),
        "gaps": collection(
            point(WEST, name=HOSTILE, uncoveredUnder18=3_400, **far),
            point(EAST, name="Est", uncoveredUnder18=10, nearestDistanceMetres=None, actorName=None),
        ),
        "trainings": collection(
            point((-10.5, 11), name="Bourg", illustrative=False, trainings=[{"name": HOSTILE, "endsOn": "2025-04-22"}])
        ),
        "kind": ActorKind.GENDARMERIE,
        "max_distance_m": 30_000.0,
        "covered_percent": 62.44,
        "covered_under_18": 15_416,
        "uncovered_under_18": 9_274,
        "trained_actors": 12,
        "last_training_on": "2025-04-22",
        "assumptions": ("À vol d’oiseau.",),
        "sources": (REAL,),
    }
    return TrainingMap(**(records | changed))


def pathway(**changed: Any) -> PathwayMap:
    told = {
        "need": "Soins",
        "verifiedOn": "2025-09-13",
        "phone": "116",
        "sourceName": "Registre",
        "illustrative": False,
    }
    step = PathwayStep("Identification", "Police", None, f"Brigade {IMAGE}, 17", [])
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": regions(),
        "others": (),
        "place": point(WEST, name=f"Bourg {HOSTILE}"),
        "incident": IncidentType.TRAFFICKING,
        "steps": (step, PathwayStep("Soutien", "Soins", None, None, [f"{HOSTILE}, 12 km, 116"])),
        "sites": collection(
            point(EAST, name=HOSTILE, family="service", distanceMetres=12_345.0, openingHours="24/7", **told),
            point((-8.1, 12.7), name="Brigade", family="security", distanceMetres=None, **told),
        ),
        "areas": collection(point(WEST, name="Foyer", radiusMetres=20_000.0, zoneName=HOSTILE)),
        "verified_on": "2025-09-13",
        "assumptions": ("À vol d’oiseau.",),
        "sources": (REAL,),
    }
    return PathwayMap(**(records | changed))


def sites(**changed: Any) -> SitesMap:
    of = coverage()
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": regions(),
        "others": (),
        "services": of.services,
        "sites": collection(
            point(WEST, name=HOSTILE, gainUnder18=3_400), point((-10.5, 11), name=None, gainUnder18=10)
        ),
        "category": of.category,
        "max_distance_m": 30_000.0,
        "covered_before": 15_416,
        "covered_after": 18_826,
        "proven": True,
        "assumptions": ("À vol d’oiseau.",),
        "dates": DATES,
        "sources": (REAL,),
    }
    return SitesMap(**(records | changed))


def scenario(**changed: Any) -> ScenarioMap:
    of = coverage()
    records: dict[str, Any] = {
        "frame": frame(),
        "name": HOSTILE,
        "category": of.category,
        "before": of.regions,
        "after": of.regions,
        "others": of.others,
        "services": of.services,
        "kept": collection(*of.services["features"][1:]),
        "added": collection(point(WEST, name=HOSTILE, moved=False)),
        "max_distance_m": 30_000.0,
        "total_before": {"coveredPercent": 62.44, "coveredUnder18": 15_416},
        "total_after": {"coveredPercent": 70.0, "coveredUnder18": 17_000},
        "newly_covered": 1_584,
        "lost": 0,
        "assumptions": ("À vol d’oiseau.",),
        "dates": DATES,
        "sources": (REAL,),
    }
    return ScenarioMap(**(records | changed))


def presence(**changed: Any) -> PresenceMap:
    many = [{"organization": f"ONG {each}", "sector": Sector.EDUCATION.name} for each in range(7)]
    west = [{"organization": HOSTILE, "sector": each.name} for each in (Sector.CHILD_PROTECTION, Sector.HEALTH)]
    records: dict[str, Any] = {
        "frame": frame(),
        "regions": collection(
            square(-12, 10, -6, 16, name=f"Ouest {IMAGE}", code="X-1", present=west),
            square(-6, 10, 0, 16, name="Est", code="X-2", present=many),
        ),
        "others": (),
        "elsewhere": 2,
        "shown": 9,
        "total": 11,
        "organizations": 8,
        "sector": None,
        "period": "",
        "reported_on": "2025-11-24",
        "illustrative": False,
        "sources": (REAL,),
    }
    return PresenceMap(**(records | changed))
