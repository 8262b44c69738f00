"""Documents that every way of execution must answer alike."""

from __future__ import annotations

from typing import Any

SIKASSO = {"lon": -5.66654, "lat": 11.31755}
BOX = {"west": -8.0, "south": 10.0, "east": -4.0, "north": 14.0}

CORPUS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain list": ("{ nearestServices(origin: {lon: -5.7, lat: 11.3}) { distanceMetres service { id name } } }", {}),
    "aliases": (
        "{ a: services(first: 2) { e: edges { n: node { b: name a: name } } } a2: services(first: 1) { totalCount } }",
        {},
    ),
    "one field under two aliases with different arguments": (
        "{ localities(first: 3) { edges { node { fr: name en: name(locale: EN) bm: name(locale: BM) } } } }",
        {},
    ),
    "merged fields": (
        "{ services(first: 2) { edges { node { actor { name } } } } services(first: 2) { edges { cursor node { actor { kind } id } } } }",
        {},
    ),
    "merged through fragments": (
        """query { services(first: 3) { ...a ...b } }
        fragment a on ServiceConnection { edges { node { location { point } } } pageInfo { hasNextPage } }
        fragment b on ServiceConnection { edges { node { location { precision adminArea { code } } } } totalCount }""",
        {},
    ),
    "nested fragments, one spread twice": (
        """{ actors(first: 2) { edges { node { ...actor services { ...service actor { ...actor } } } } } }
        fragment actor on ProtectionActor { id name kindLabel(locale: EN) }
        fragment service on Service { name ...more }
        fragment more on Service { categoryLabel source { name } }""",
        {},
    ),
    "inline fragments": (
        "{ shelters(first: 4) { ... { edges { ... on ShelterEdge { node { ... on Node { id } ... on Shelter { name } } } } } } }",
        {},
    ),
    "variables": (
        """query ($origin: PointInput!, $category: ServiceCategory, $first: Int = 4, $locale: Locale) {
          nearestServices(origin: $origin, category: $category, first: $first) {
            distanceMetres service { name categoryLabel(locale: $locale) } } }""",
        {"origin": SIKASSO, "category": "SAFE_SHELTER", "locale": "EN"},
    ),
    "a variable left out": (
        "query ($category: ServiceCategory) { services(category: $category, first: 2) { totalCount } }",
        {},
    ),
    "a null variable": (
        "query ($category: ServiceCategory, $first: Int) { services(category: $category, first: $first) { totalCount } }",
        {"category": None, "first": None},
    ),
    "a variable inside an object": (
        "query ($lon: Float!) { nearestServices(origin: {lon: $lon, lat: 12}, first: 2) { service { id } } }",
        {"lon": -8},
    ),
    "skip": (
        "query ($no: Boolean!) { services(first: 2) { totalCount @skip(if: $no) edges { node { name id @skip(if: $no) } } } }",
        {"no": True},
    ),
    "skip not": (
        "query ($no: Boolean!) { services(first: 2) { totalCount @skip(if: $no) edges { node { name id @skip(if: $no) } } } }",
        {"no": False},
    ),
    "include on a fragment": (
        """query ($yes: Boolean = false) { services(first: 2) { edges { node { id ...more @include(if: $yes) } } } }
        fragment more on Service { name }""",
        {},
    ),
    "include a root field": (
        "query ($yes: Boolean!) { services(first: 1) @include(if: $yes) { totalCount } sources { name } }",
        {"yes": False},
    ),
    "typename everywhere": (
        "{ __typename services(first: 1) { __typename edges { t: __typename node { __typename location { __typename } } } } }",
        {},
    ),
    "no field but typename": ("{ __typename }", {}),
    "a long alias": (
        "{ services(first: 2) { edges { node { "
        + "a" * 80
        + ": name "
        + "a" * 79
        + "b: id actor { "
        + "c" * 64
        + ": name } } } } }",
        {},
    ),
    "aliases that look like SQL": (
        "{ services(first: 2) { select: totalCount page: pageInfo { kept: hasNextPage } edges { source: cursor } } }",
        {},
    ),
    "nested nullable objects": (
        "{ localities(first: 50) { edges { node { name population { total under18 year } adminArea { name parent { name parent { name parent { name } } } } } } } }",
        {},
    ),
    "competence": (
        "query ($at: PointInput!) { competentActors(at: $at) { name kind jurisdiction { scheme code level } services { name } } }",
        {"at": SIKASSO},
    ),
    "coverage": (
        """{ coverage(category: LEGAL_AID, maxDistanceMetres: 30000) { total { area { name } populationUnder18 }
          areas { area { code population { total } } coveredUnder18 uncoveredUnder18 coveredPercent }
          assumptions en: assumptions(locale: EN) dataAsOf } }""",
        {},
    ),
    "coverage without its total": (
        "{ coverage(category: OTHER, maxDistanceMetres: 5) { areas { coveredPercent } } }",
        {},
    ),
    "gaps": (
        """{ coverageGaps(category: SAFE_SHELTER, maxDistanceMetres: 1000, first: 5) { locality { name point }
          nearestService { name actor { name } } nearestDistanceMetres priority incidentCount uncoveredUnder18 } }""",
        {},
    ),
    "travel times": (
        """query ($mode: TravelMode!, $season: Season) {
          travelTimes(category: SAFE_SHELTER, mode: $mode, season: $season, areaCode: "ISO-3166-2:ML-3", first: 3) {
            totalCount pageInfo { hasNextPage endCursor } edges { cursor node { locality { name } minutes basis
            offRoadMetres beyondRoads nearestService { name } } } network { computedAt staleSince source { name } }
            assumptions en: assumptions(locale: EN) dataAsOf sources { name licence } } }""",
        {"mode": "MOTORCYCLE", "season": None},
    ),
    "counts": (
        (
            '{ incidentCounts(level: REGION, period: "2025") { level areaCode areaName period incidentType count countLabel '
            "ratePer100kUnder18 point source { illustrative } } }"
        ),
        {},
    ),
    "counts of localities": (
        '{ incidentCounts(level: LOCALITY, period: "2025-Q4", incidentType: TRAFFICKING) { areaName point count } }',
        {},
    ),
    "features": (
        "query ($box: BBoxInput) { f: featureCollection(layer: SERVICES, bbox: $box, category: LEGAL_AID, first: 7) }",
        {"box": BOX},
    ),
    "features of areas": ('{ featureCollection(layer: ADMIN_AREAS, areaCode: "ISO-3166-2:ML-3") }', {}),
    "many roots": (
        (
            "{ releasedPeriods { period } sources { illustrative } adminAreas(level: 0) { edges { node { code } } } "
            'sikasso: locality(name: "SIKASSO") { name(locale: EN) } }'
        ),
        {},
    ),
    "area geometry": (
        '{ adminAreas(scheme: "ISO-3166-2", level: 1, first: 2) { edges { cursor node { name geometry validFrom } } } }',
        {},
    ),
}
