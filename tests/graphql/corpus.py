"""Documents that every way of execution must answer alike."""

from __future__ import annotations

from typing import Any

from seeds.loading.ids import stable_id

SIKASSO = {"lon": -5.66654, "lat": 11.31755}
BOX = {"west": -8.0, "south": 10.0, "east": -4.0, "north": 14.0}
REGION = stable_id("area", "COD-AB@v03", "ML03")
TOWN = stable_id("locality", "GEONAMES", "2451185")

PRIVATE = frozenset({"access scores", "coverage by places", "places of shelters"})
"""Documents that are sent with a partner's key."""

CORPUS: dict[str, tuple[str, dict[str, Any]]] = {
    "nodes": (
        """query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on AdminArea { called: name parent { name } }
          ... on Locality { name adminArea { code } } ... on Scenario { name changes { name } } } }""",
        {"ids": [REGION, "00000000-0000-4000-8000-000000000000", TOWN, REGION]},
    ),
    "a node": ("query ($id: ID!) { node(id: $id) { id ... on AdminArea { code source { name } } } }", {"id": REGION}),
    "plain list": ("{ nearestServices(origin: {lon: -5.7, lat: 11.3}) { distanceMetres service { id name } } }", {}),
    "the nearest of a category": (
        """query ($lon: Float!) { nearestServices(origin: {lon: $lon, lat: 11.3}, categories: [LEGAL_AID], first: 3) {
          distanceMetres service { id name openingHours { text } location { point } } } }""",
        {"lon": -5.7},
    ),
    "aliases": (
        "{ a: services(first: 2) { e: edges { n: node { b: name a: name } } } a2: services(first: 1) { totalCount } }",
        {},
    ),
    "one field under two aliases with different arguments": (
        '{ localities(first: 3) { edges { node { fr: name en: name(language: "en") bm: name(language: "bm") } } } }',
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
        """{ actors(first: 2) { edges { node { ...actor services { edges { node { ...service actor { ...actor } } } } } } } }
        fragment actor on ProtectionActor { id name kindLabel(language: "en") }
        fragment service on Service { name ...more }
        fragment more on Service { categoryLabel source { name } }""",
        {},
    ),
    "inline fragments": (
        "{ shelters(first: 4) { ... { edges { ... on ShelterEdge { node { ... on Node { id } ... on Shelter { name } } } } } } }",
        {},
    ),
    "variables": (
        """query ($origin: PointInput!, $categories: [ServiceCategory!], $first: Int = 4, $language: Language) {
          nearestServices(origin: $origin, categories: $categories, first: $first) {
            distanceMetres service { name categoryLabel(language: $language) } } }""",
        {"origin": SIKASSO, "categories": ["SAFE_SHELTER", "LEGAL_AID"], "language": "en"},
    ),
    "a variable left out": (
        "query ($categories: [ServiceCategory!]) { services(categories: $categories, first: 2) { totalCount } }",
        {},
    ),
    "a null variable": (
        "query ($categories: [ServiceCategory!]) { services(categories: $categories) { totalCount } }",
        {"categories": None},
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
        "query ($at: PointInput!) { competentActors(at: $at) { basis certain area { areaCode } actor { name kind jurisdiction { scheme code level } services { edges { node { name } } } } } }",
        {"at": SIKASSO},
    ),
    "coverage": (
        """{ coverage(need: {categories: [LEGAL_AID]}, within: {metres: 30000}) { total { area { name } populationUnder18 }
          areas { area { code population { total } } coveredUnder18 uncoveredUnder18 coveredPercent }
          assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn } } }""",
        {},
    ),
    "coverage without its total": (
        "{ coverage(need: {categories: [OTHER]}, within: {metres: 5}) { areas { coveredPercent } } }",
        {},
    ),
    "coverage at a level": (
        """{ coverage(need: {categories: [MEDICAL]}, within: {metres: 30000}, level: ADM2, areaCode: "ISO-3166-2:ML-3") {
          total { coveredUnder18 } areas { area { scheme code } coveredUnder18 } areasNotKnown { scheme code } } }""",
        {},
    ),
    "coverage of two categories": (
        """{ coverage(need: {categories: [SAFE_SHELTER, LEGAL_AID]}, within: {metres: 60000}, level: ADM1) {
          total { area { name } populationUnder18 coveredUnder18 coveredPercent } areas { area { code } uncoveredUnder18 }
          inLocalities { coveredUnder18 } elsewhere { populationUnder18 uncoveredUnder18 coveredPercent }
          available availableUsed basis reachMetres estimate { mode } assumptions dataAsOf { services population incidents loadedOn } sources { name } } }""",
        {},
    ),
    "coverage of a stage by car in the rain": (
        """query ($within: ReachInput!) { coverage(need: {stage: REFERRAL}, within: $within, areaCode: "ML03") {
          total { coveredUnder18 } basis reachMetres estimate { mode season speedKilometresPerHour detour reference }
          assumptions(language: "en") } }""",
        {"within": {"travel": {"mode": "CAR", "minutes": 120, "season": "RAINY"}}},
    ),
    "coverage by places": (
        """query ($by: Boolean) { coverage(need: {categories: [SAFE_SHELTER]}, within: {metres: 50000}, byPlaces: $by) {
          total { coveredUnder18 } areas { area { code } coveredUnder18 } inLocalities { coveredUnder18 }
          elsewhere { coveredUnder18 } available availableUsed assumptions } }""",
        {"by": True},
    ),
    "places of shelters": (
        """{ shelters(first: 100) { edges { node { hasPlaces capacity occupancy available frontGate version
          service { capacity version } actor { name } location { point precision radiusMetres adminArea { code }
            zone { id name(language: "en") point radiusMetres areas { code } } } } } } }""",
        {},
    ),
    "coverage of localities": (
        """{ localityCoverage(need: {categories: [MEDICAL, LEGAL_AID]}, within: {metres: 40000}, first: 7) { totalCount
          pageInfo { endCursor hasNextPage } basis reachMetres estimate { mode } dataAsOf { services population incidents loadedOn } assumptions sources { name }
          edges { cursor node { covered nearestDistanceMetres populationUnder18
          locality { name adminArea { code } } } } } }""",
        {},
    ),
    "a curve": (
        """query ($at: [Float!]) { coverageCurve(need: {stage: IDENTIFICATION}, distancesMetres: $at) { area { code }
          populationUnder18 points { distanceMetres coveredUnder18 uncoveredUnder18 coveredPercent } basis assumptions
          dataAsOf { services population incidents loadedOn } sources { name } } }""",
        {"at": [20000, 5000.5]},
    ),
    "travel estimates": ("{ travelEstimates { mode season speedKilometresPerHour detour reference } }", {}),
    "gaps": (
        """{ coverageGaps(need: {categories: [SAFE_SHELTER]}, within: {metres: 1000}, first: 5) { edges { cursor node { locality { name point }
          nearestService { name actor { name } } nearestDistanceMetres priority incidentCount uncoveredUnder18 } } } }""",
        {},
    ),
    "travel times": (
        """query ($mode: TravelMode!, $season: Season) {
          travelTimes(category: SAFE_SHELTER, mode: $mode, season: $season, areaCode: "ISO-3166-2:ML-3", first: 3) {
            totalCount pageInfo { hasNextPage endCursor } edges { cursor node { locality { name } minutes basis
            offRoadMetres beyondRoads nearestService { name } } } network { computedAt staleSince source { name } }
            assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn } sources { name licence } } }""",
        {"mode": "MOTORCYCLE", "season": "RAINY"},
    ),
    "gaps by weights": (
        """query ($weights: GapWeightsInput) { coverageGaps(need: {pathway: TRAFFICKING}, within: {metres: 1000}, weights: $weights,
          areaCode: "ISO-3166-2:ML-3") { edges { node { locality { name } nearestService { name } beyondMetres incidentType
          incidentRatePer100kUnder18 priority } } pageInfo { startCursor hasNextPage } } }""",
        {"weights": {"children": 2.5}},
    ),
    "a ranking of gaps": (
        """query ($within: ReachInput!) { coverageGaps(need: {categories: [LEGAL_AID]}, within: $within, first: 4) {
          edges { node { locality { name adminArea { code } } nearestService { id } incidentCount priority } } totalCount basis reachMetres estimate { season }
          uncoveredUnder18 formula incidentPeriod localitiesReporting localitiesExpected assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn } sources { name } } }""",
        {"within": {"travel": {"mode": "CAR", "minutes": 45, "season": "RAINY"}}},
    ),
    "a ranking of no gaps": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 1000000}) { edges { cursor } totalCount uncoveredUnder18 pageInfo { endCursor hasPreviousPage } } }",
        {},
    ),
    "gap areas": (
        """{ gapAreas(category: SAFE_SHELTER, within: {metres: 80000}, areaCode: "ISO-3166-2:ML-3", simplifyMetres: 5000) {
          geometry parts { geometry areaSquareKilometres uncoveredUnder18 } areaSquareKilometres leftOutSquareKilometres outlineSquareKilometres uncoveredUnder18 reachMetres
          toleranceMetres assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn } sources { name illustrative } } }""",
        {},
    ),
    "gap areas of an area without an outline": (
        """{ gapAreas(category: OTHER, within: {metres: 5}, areaCode: "COD-AB:ML0301") { geometry parts { areaSquareKilometres }
          areaSquareKilometres leftOutSquareKilometres outlineSquareKilometres uncoveredUnder18 } }""",
        {},
    ),
    "areas and their parts, page by page": (
        """query ($first: Int = 3, $after: String) { adminArea(code: "cod-ab: ml03") { areaCode scheme edition code level
          levelLabel en: levelLabel(language: "en") bm: levelLabel(language: "bm") parent { areaCode level levelLabel }
          children(first: $first, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges { cursor node { name levelLabel children { totalCount edges { node { name } } } } } }
          all: children(first: 100) { edges { node { code } } } } }""",
        {},
    ),
    "a list inside each row of a list": (
        """{ organizations(first: 5) { edges { node { name actors(first: 2) { totalCount pageInfo { hasNextPage endCursor }
          edges { cursor node { name organization { name } services(first: 1) { pageInfo { hasNextPage }
            edges { cursor node { name actor { name } } } } } } } } } } }""",
        {},
    ),
    "an area of no code": ('{ adminArea(code: "COD-AB:ML99") { name children { totalCount } } }', {}),
    "editions": (
        '{ adminAreas(edition: "v03", level: ADM1, first: 3) { totalCount edges { node { areaCode edition } } } }',
        {},
    ),
    "counts": (
        (
            '{ incidentCounts(level: ADM1, period: "2025", first: 7) { totalCount pageInfo { hasNextPage endCursor } edges { '
            "cursor node { area { areaCode levelLabel } locality { name } period incidentType count countLabel "
            "ratePer100kUnder18 source { illustrative } } } } }"
        ),
        {},
    ),
    "counts of localities": (
        '{ incidentCounts(level: LOCALITY, period: "2025-Q4") { edges { node { locality { name point } count } } } }',
        {},
    ),
    "a pathway": (
        """query ($type: IncidentType!) { responsePathway(incidentType: $type) { incidentType incidentTypeLabel reviewedOn
          stages { stage stageLabel(language: "en") steps { stage position category categoryLabel kinds byMandate reportTo
            reportToLabel whatToDo en: whatToDo(language: "en") guidance { name article url year binding note } } }
          assumptions } }""",
        {"type": "SMUGGLING"},
    ),
    "referral": (
        """query ($at: PointInput!, $sex: Sex, $openAt: DateTime) {
          referralOptions(at: $at, incidentType: TRAFFICKING, age: 9, sex: $sex, openAt: $openAt, first: 2,
            within: {metres: 200000}) { lastVerifiedOn assumptions(language: "en") steps { step { category } reportToActor { name }
            options { service { name shelter { girls boys } } distanceMetres competent open hasPlaces }
            confidentialOptions { service { name location { zone { name } } } hasPlaces reasons { exclusion } }
            leftOut { distanceMetres reasons { exclusion exclusionLabel(language: "en") } } } } }""",
        {"at": SIKASSO, "sex": "GIRL", "openAt": "2026-03-02T10:00:00Z"},
    ),
    "referral of whom nothing is known": (
        """{ referralOptions(at: {lon: -8, lat: 12.6}, incidentType: OTHER, openAt: "2026-03-01T03:00:00+01:00",
          verifiedWithinDays: 3650) { steps { options { service { id } } leftOut { reasons { exclusion } } } } }""",
        {},
    ),
    "trainings": (
        """{ trainingEvents(incidentType: TRAFFICKING, first: 2) { totalCount pageInfo { endCursor } edges { cursor node { name
          startsOn endsOn incidentTypes participantKinds participants { kind count countLabel } organizers { name } trainedActors(first: 2) { totalCount edges { cursor node { name } } } locality { name } } } } }""",
        {},
    ),
    "coverage by who was trained": (
        """query ($within: ReachInput!) { trainingCoverage(kind: SCHOOL, within: $within, trainedSince: "2021-01-01") {
          area { name } trainedActorCount coveredPercent coveredUnder18 lastTrainingOn assumptions basis
          reachMetres estimate { mode } uncoveredLocalities(first: 3) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
            edges { cursor node { locality { name } uncoveredUnder18 nearestDistanceMetres nearestActor { name } } } } } }""",
        {"within": {"travel": {"mode": "MOTORCYCLE", "minutes": 90, "season": "RAINY"}}},
    ),
    "features": (
        "query ($box: BBoxInput) { f: featureCollection(layer: SERVICES, bbox: $box, categories: [LEGAL_AID], first: 7) }",
        {"box": BOX},
    ),
    "features of areas": ('{ featureCollection(layer: ADMIN_AREAS, areaCode: "ISO-3166-2:ML-3") }', {}),
    "many roots": (
        (
            "{ releasedPeriods { period } sources { illustrative } adminAreas(level: ADM0) { edges { node { code } } } "
            'sikasso: locality(name: "SIKASSO") { name(language: "en") } }'
        ),
        {},
    ),
    "places": (
        """query ($search: String!) { places(search: $search, first: 4) { matchedName score exact place { __typename
          ... on Locality { id name areaCode adminArea { name } } ... on AdminArea { id name edition level parent { name } } } } }""",
        {"search": "Sikaso"},
    ),
    "area geometry": (
        '{ adminAreas(scheme: "ISO-3166-2", level: ADM1, first: 2) { edges { cursor node { name geometry validFrom } } } }',
        {},
    ),
    "access scores": (
        """query ($within: ReachInput!) { accessScores(category: SAFE_SHELTER, within: $within, first: 3, orderBy: HIGHEST_FIRST) {
          edges { cursor node { locality { name adminArea { code } } point capacityPer1000Under18 } } totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor } basis reachMetres estimate { mode season }
          meanCapacityPer1000Under18 assumptions en: assumptions(language: "en") sources { name } } }""",
        {"within": {"travel": {"mode": "MOTORCYCLE", "minutes": 90, "season": "RAINY"}}},
    ),
    "hotspots": (
        """{ hotspots(level: LOCALITY, period: "2025", incidentType: TRAFFICKING, neighbours: {distanceMetres: 150000}, first: 3) {
          edges { cursor node { area { code } locality { name } point zScore qValue hotspotClass quadrant island } }
          leftOut(first: 4) { totalCount pageInfo { endCursor hasNextPage }
            edges { cursor node { area { code } locality { name } reason } } } islandCount dataAsOf { services population incidents loadedOn } } }""",
        {},
    ),
    "trends": (
        """{ trends(level: ADM1, scheme: "ISO-3166-2", fromPeriod: "2025", first: 2) {
          edges { node { area { name } locality { name } partCount errorBound quarters { period count direction } direction } }
          fromPeriod toPeriod pageInfo { hasNextPage } sources { illustrative } } }""",
        {},
    ),
}
