"""Bad input: each gets a code, the argument's name, and a sentence that says what to change."""

from __future__ import annotations

import re
import time
import uuid

import psycopg2
import pytest
from graphql import GraphQLError, OperationType, is_non_null_type, is_required_argument
from sqlalchemy.exc import DBAPIError

from api.errors import told
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.database.sqlstates import OUT_OF_RANGE, blamed
from geo.errors import BadInput
from tests.throwaway import server_log

pytestmark = pytest.mark.database

BAD = {
    "lon too large": (
        "{ nearestServices(origin: {lon: 36361, lat: 0}) { distanceMetres } }",
        "origin.lon",
        "outside -180 to 180 or that after up to 100 turns",
    ),
    "lat too small": (
        "{ nearestServices(origin: {lon: 0, lat: -90.1}) { distanceMetres } }",
        "origin.lat",
        "-90 to 90",
    ),
    "lon beyond all numbers": (
        "{ nearestServices(origin: {lon: 1e999, lat: 0}) { distanceMetres } }",
        "origin.lon",
        "-180 to 180",
    ),
    "swapped": ("{ competentActors(at: {lon: 11, lat: 100}) { certain } }", "at.lat", "swapped"),
    "first 0": ("{ services(first: 0) { totalCount } }", "first", "1 to 100"),
    "first 101": ("{ services(first: 101) { totalCount } }", "first", "1 to 100"),
    "first negative": (
        "{ nearestServices(origin: {lon: 0, lat: 0}, first: -1) { distanceMetres } }",
        "first",
        "1 to 100",
    ),
    "features 10,001": ("{ featureCollection(layer: ACTORS, first: 10001) }", "first", "1 to 10,000"),
    "distance 0": (
        "{ coverage(need: {categories: [OTHER]}, within: {metres: 0}) { dataAsOf { loadedOn } } }",
        "within.metres",
        "0.001 to 1,000,000",
    ),
    "distance below 0": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: -5}) { totalCount } }",
        "within.metres",
        "above 0",
    ),
    "distance beyond 1,000 km": (
        "{ coverage(need: {categories: [OTHER]}, within: {metres: 1000000.1}) { dataAsOf { loadedOn } } }",
        "within.metres",
        "at most 1,000 km",
    ),
    "gaps beyond 1,000 km": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 3e7}) { totalCount } }",
        "within.metres",
        "0.001 to 1,000,000",
    ),
    "nearest beyond the earth": (
        "{ nearestServices(origin: {lon: 0, lat: 0}, within: {metres: 3e7}) { distanceMetres } }",
        "within.metres",
        "0.001 to 1,000,000",
    ),
    "a distance too small to divide by": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 5e-324}) { totalCount } }",
        "within.metres",
        "0.001 to 1,000,000 metres",
    ),
    "a distance beyond 1,000 km": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 1000000.1}) { totalCount } }",
        "within.metres",
        "0.001 to 1,000,000 metres",
    ),
    "a weight": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 5}, weights: {distance: -1}) { totalCount } }",
        "weights.distance",
        "0 to 10",
    ),
    "a reach of gaps": (
        "{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 0}) { totalCount } }",
        "within.metres",
        "0.001 to 1,000,000 metres",
    ),
    "an area of a ranking": (
        '{ coverageGaps(need: {categories: [OTHER]}, within: {metres: 5}, areaCode: "XX") { totalCount } }',
        "areaCode",
        "adminAreas lists",
    ),
    "an area of gap areas": (
        '{ gapAreas(category: OTHER, within: {metres: 5}, areaCode: "XX") { areaSquareKilometres } }',
        "areaCode",
        "adminAreas lists",
    ),
    "a tolerance": (
        "{ gapAreas(category: OTHER, within: {metres: 5}, simplifyMetres: 1e6) { areaSquareKilometres } }",
        "simplifyMetres",
        "0 to 100,000 metres",
    ),
    "a reach of 0 metres": (
        "{ coverage(need: {stage: SUPPORT}, within: {metres: 0}) { dataAsOf { loadedOn } } }",
        "within.metres",
        "above 0",
    ),
    "a reach beyond 1,000 km": (
        "{ localityCoverage(need: {stage: SUPPORT}, within: {metres: 1000001}) { totalCount } }",
        "within.metres",
        "at most 1,000 km",
    ),
    "no category": (
        "{ coverage(need: {categories: []}, within: {metres: 1}) { dataAsOf { loadedOn } } }",
        "need.categories",
        "1 to 16",
    ),
    "a category twice": (
        "{ coverageCurve(need: {categories: [MEDICAL, LEGAL_AID, MEDICAL]}) { dataAsOf { loadedOn } } }",
        "need.categories",
        "MEDICAL is named more than once",
    ),
    "places of what has none": (
        "{ coverage(need: {categories: [MEDICAL]}, within: {metres: 1}, byPlaces: true) { dataAsOf { loadedOn } } }",
        "byPlaces",
        "only shelters",
    ),
    "a curve of nothing": (
        "{ coverageCurve(need: {stage: SUPPORT}, distancesMetres: []) { dataAsOf { loadedOn } } }",
        "distancesMetres",
        "1 to 50",
    ),
    "localities as parts": (
        "{ coverage(need: {categories: [OTHER]}, within: {metres: 1}, level: LOCALITY) { dataAsOf { loadedOn } } }",
        "level",
        "localityCoverage",
    ),
    "cursor": ('{ services(after: "x") { totalCount } }', "after", "cursor"),
    "an unknown area": ('{ services(areaCode: "XX") { totalCount } }', "areaCode", "adminAreas lists"),
    "an unknown parent": ('{ adminAreas(parentCode: "XX") { totalCount } }', "parentCode", "adminAreas lists"),
    "an empty text": ('{ services(text: " ") { totalCount } }', "text", "1 to 200 characters"),
    "a NUL": ('{ locality(name: "a\\u0000b") { id } }', "name", "NUL"),
    "an empty name": ('{ locality(name: "") { id } }', "name", "1 to 200"),
    "a period": ('{ incidentCounts(level: ADM1, period: "2025-Q9") { totalCount } }', "period", "2025-Q4"),
    "a level": ("{ adminAreas(level: LOCALITY) { totalCount } }", "level", "LOCALITY is none of ADM0, ADM1"),
    "a level of counts": (
        '{ incidentCounts(level: ADM3, period: "2025") { totalCount } }',
        "level",
        "none of ADM0, ADM1, ADM2, LOCALITY; counts are published",
    ),
    "a level of hotspots": ('{ hotspots(level: ADM4, period: "2025") { totalCount } }', "level", "ADM2, LOCALITY"),
    "a level of trends": ("{ trends(level: ADM3) { totalCount } }", "level", "ADM2, LOCALITY"),
    "an edition that there is not": (
        '{ services(areaCode: "COD-AB@v02:ML03") { totalCount } }',
        "areaCode",
        "COD-AB@v02:ML03 (did you mean COD-AB:ML03",
    ),
    "a nested page": (
        '{ adminArea(code: "ML03") { children(first: 101) { totalCount } } }',
        "first",
        "101 is outside 1 to 100",
    ),
    "a nested cursor": ('{ adminArea(code: "ML03") { children(after: "x") { totalCount } } }', "after", "cursor"),
    "a list of no category": ("{ services(categories: []) { totalCount } }", "categories", "1 to 16"),
    "a category to find twice": (
        "{ nearestServices(origin: {lon: 0, lat: 0}, categories: [MEDICAL, OTHER, MEDICAL]) { distanceMetres } }",
        "categories",
        "MEDICAL is named more than once",
    ),
    "a category of a layer that has none": (
        "{ featureCollection(layer: ACTORS, categories: [OTHER]) }",
        "categories",
        "SERVICES",
    ),
    "a box after too many turns": (
        "{ services(bbox: {west: 36001, south: 0, east: 36002, north: 1}) { totalCount } }",
        "bbox.west",
        "outside -180 to 180 or that after up to 100 turns",
    ),
    "a box upside down": (
        "{ services(bbox: {west: 0, south: 1, east: 1, north: 0}) { totalCount } }",
        "bbox",
        "swap",
    ),
}


ROOTS = compiled_schema().get_root_type(OperationType.QUERY).fields  # type: ignore[union-attr]
DATED = [
    (name, argument, kind)
    for name, root in ROOTS.items()
    for argument, declared in root.args.items()
    if (kind := str(declared.type).rstrip("!")) in {"Date", "Period"}
]
SOME = {
    "kind": "NGO", "within": "{metres: 1000}", "level": "ADM1", "period": '"2025"', "dueOn": "null", "trainedSince": "null",
}  # fmt: skip


@pytest.mark.parametrize(("name", "argument", "kind"), DATED)
def test_every_day_and_period_has_its_years(ask, ask_as, name, argument, kind):
    """Those of 9999 went to the database, and 0001."""
    field = ROOTS[name]
    needed = {each: SOME[each] for each, declared in field.args.items() if is_required_argument(declared)}
    needed |= {"kind": "OVERVIEW"} if name == "mapLink" else {}
    for year in ("0001", "1899", "2100", "9999"):
        given = needed | {argument: f'"{year}-12-31"' if kind == "Date" else f'"{year}"'}
        document = f"{{ {name}({', '.join(f'{key}: {value}' for key, value in given.items())}) {{ __typename }} }}"
        partner = Caller(Audience.PARTNER, "a partner", organization_id=str(uuid.uuid4()))
        [error] = ask_as(partner, document)["errors"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": argument}
        assert "1900 to 2099" in error["message"]


@pytest.mark.parametrize(
    "given", ["20260101", "2026-W01-1", "2026-01", "2026-1-1", "٢٠٢٦-01-01", "2026-01-01T00:00:00Z"]
)
def test_a_day_is_written_as_rfc_3339_says(operations, given):
    text = "query ($day: Date) { trainingCoverage(kind: NGO, within: {metres: 1}, trainedSince: $day) { basis } }"
    with pytest.raises(Refused) as refused:
        operations.get(text, None).variables({"day": given})
    assert refused.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
    with pytest.raises(Refused):
        operations.get(text.replace("($day: Date)", "").replace("$day", f'"{given}"'), None)


@pytest.mark.parametrize("given", ["20260302T100000Z", "2026-W10-1T10:00:00Z", "2026-03-02 10:00:00Z", "2026-03-02"])
def test_a_moment_is_written_as_rfc_3339_says(operations, given):
    text = "query ($at: DateTime!) { nearestSearch(origin: {lon: 0, lat: 0}, openAt: $at) { moreNotSeen } }"
    with pytest.raises(Refused):
        operations.get(text, None).variables({"at": given})


SITES = "category: MEDICAL, within: {metres: 1000}, model: MCLP, siteCount: 1"
TINY = ["1e-160", "-1e-160", "5e-324", "1e-13"]
SQUARE = '{type: "Polygon", coordinates: [[[TINY, TINY], [1, TINY], [TINY, 1], [TINY, TINY]]]}'


@pytest.mark.parametrize("tiny", TINY)
@pytest.mark.parametrize(
    "document",
    [
        "nearestServices(origin: {lon: 10, lat: TINY}, first: 1) { distanceMetres }",
        "nearestServices(origin: {lon: TINY, lat: 10}, first: 1) { distanceMetres }",
        'nearestSearch(origin: {lon: TINY, lat: TINY}, openAt: "2026-03-02T10:00:00Z") { moreNotSeen }',
        "referralOptions(at: {lon: TINY, lat: TINY}, incidentType: TRAFFICKING) { steps { options { distanceMetres } } }",
        "competentActors(at: {lon: TINY, lat: TINY}) { certain }",
        "services(bbox: {west: TINY, south: TINY, east: 1, north: TINY}) { totalCount }",
        f"siteRecommendations({SITES}, candidates: {{points: [{{lon: TINY, lat: TINY}}]}}) {{ status }}",
        f"siteRecommendations({SITES}, exclude: {SQUARE}) {{ status }}",
    ],
)
def test_a_coordinate_next_to_0_is_0(ask_as, document, tiny):
    """PostgreSQL refuses to square less than 1e-154, and three fields were INTERNAL."""
    answer = ask_as(Caller(Audience.PLANNER, "a planner"), f"{{ {document.replace('TINY', tiny)} }}")
    assert {each["extensions"]["code"] for each in answer.get("errors", [])} <= {"BAD_USER_INPUT"}
    if "nearest" in document or "referral" in document or "competent" in document:
        assert "errors" not in answer


def test_a_number_out_of_range_in_the_database_is_the_caller_s(seeded_url):
    with owner_transaction(seeded_url) as connection, pytest.raises(DBAPIError) as refused:
        connection.exec_driver_sql("SELECT 1e-200::double precision * 1e-200::double precision")
    told_of = blamed(refused.value)
    assert isinstance(told_of, BadInput)
    shown = told(GraphQLError("", original_error=told_of))
    assert (shown["message"], shown["extensions"]) == (OUT_OF_RANGE, {"code": "BAD_USER_INPUT"})


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_the_field_and_the_remedy(ask, name):
    document, field, remedy = BAD[name]
    [error] = ask(document)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}
    assert remedy in error["message"]
    assert error["message"].startswith(f"{field}: ")


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"5"', "true"])
def test_what_is_no_number_is_refused(ask, value):
    with pytest.raises(Refused) as refused:
        ask(f"{{ nearestServices(origin: {{lon: {value}, lat: 0}}) {{ distanceMetres }} }}")
    assert refused.value.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "5", True, None])
def test_what_is_no_number_is_refused_as_a_variable(ask, value):
    with pytest.raises(Refused) as refused:
        ask("query ($lon: Float!) { nearestServices(origin: {lon: $lon, lat: 0}) { distanceMetres } }", lon=value)
    assert refused.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_an_ambiguous_area_code_lists_the_candidates(copy_migrated, run, operations):
    import orjson  # noqa: PLC0415

    from geo.audience import ANYBODY  # noqa: PLC0415
    from geo.service import Resources  # noqa: PLC0415

    url = copy_migrated()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("INSERT INTO lakana.source (key, name, illustrative) VALUES ('t', 'T', true)")
        for scheme in ("OLD", "NEW"):
            connection.exec_driver_sql(
                "INSERT INTO lakana.admin_area (scheme, edition, code, level, name_fr, source_id) "
                f"SELECT '{scheme}', '1', 'ML0301', 0, 'Bougouni', id FROM lakana.source"
            )
    resources = Resources(url, 1)
    operation = operations.get('{ services(areaCode: "ML0301") { totalCount } }', None)
    [error] = orjson.loads(run(operation.answer(operation.variables({}), ANYBODY, resources)).body)["errors"]
    resources.close()
    assert "NEW:ML0301 (Bougouni), OLD:ML0301 (Bougouni)" in error["message"]


MARK = "whereabouts"
FORGED = f"ML\n2026-01-01 00:00:00 UTC [1] FATAL:  {MARK}\x1b[2J\x1b]0;pwn\x07 %s %d"
BY_CODE = (
    ("areaCode", "query ($code: AreaCode!) { services(areaCode: $code) { totalCount } }"),
    ("parentCode", "query ($code: AreaCode!) { adminAreas(parentCode: $code) { totalCount } }"),
    (
        "areaCode",
        "query ($code: AreaCode!) { coverage(need: {categories: [MEDICAL]}, within: {metres: 1}, areaCode: $code) { dataAsOf { loadedOn } } }",
    ),
)


def logged_since(url, before):
    """Return what PostgreSQL has logged since it was so many bytes, once a line of ours has arrived there."""
    log, last = server_log(url), str(uuid.uuid4())
    if log is None:
        pytest.skip("the log of this server is not ours to read")
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE LOG '{last}'; END $$")
    connection.close()
    for _ in range(100):
        said = log.read_bytes()[before:]
        if last.encode() in said:
            return said.decode()
        time.sleep(0.05)
    pytest.fail("a line of ours did not arrive in the log")


@pytest.mark.parametrize(("field", "document"), BY_CODE)
def test_a_refused_text_is_told_as_it_was_sent_and_logged_nowhere(ask, seeded_url, field, document):
    log = server_log(seeded_url)
    before = log.stat().st_size if log else 0
    [error] = ask(document, code=FORGED)["errors"]
    assert error["extensions"]["field"] == field
    assert f"the code {FORGED};" in error["message"]
    said = logged_since(seeded_url, before)
    assert "no area in force bears the code" in said
    assert MARK not in said
    assert all(each.isprintable() or each in "\n\t" for each in said)


MESSAGE = re.compile(
    r"MESSAGE\s*=\s*(?:(?:'(?:[^']|'')*'|CASE(?:\s+[a-z_.]+)?|WHEN(?:\s+[a-z_.]+)?|THEN|ELSE|END)\s*)+[,;]"
)
FORMATTED = re.compile(r"RAISE\s+\w+\s+'(?:[^']|'')*%")
NUMBER_OF_OURS = {"nearest_services"}
"""Its message holds how many were asked for, which the API never lets be outside its bounds."""


def test_every_message_of_the_database_is_a_constant(seeded_url):
    """A message is logged, so it never has a text of the caller's: that stands in HINT, in the place of ``%s``."""
    with owner_transaction(seeded_url) as connection:
        functions = connection.exec_driver_sql(
            "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname IN ('lakana', 'exact', 'raw', 'identity', 'audit', 'ledger', 'road') "
            "AND p.prosrc LIKE '%%RAISE%%'"
        ).fetchall()
    assert len(functions) > 10
    made = {name for name, body in functions if len(MESSAGE.findall(body)) != body.count("MESSAGE")}
    assert made == set()
    assert {name for name, body in functions if FORMATTED.search(body)} == NUMBER_OF_OURS


def test_hidden_and_missing_are_told_in_the_same_words(ask):
    answer = ask('{ node(id: "00000000-0000-4000-8000-000000000000") { id } }')
    assert answer == {"data": {"node": None}}


def test_a_root_that_fails_nulls_itself_only(ask):
    answer = ask('{ services(areaCode: "ML99") { totalCount } locality(name: "nulle part") { id } sources { name } }')
    assert answer["data"]["services"] is answer["data"]["locality"] is None
    assert answer["data"]["sources"]
    assert [each["path"] for each in answer["errors"]] == [["services"]]


def test_every_root_field_may_be_null():
    schema = compiled_schema()
    for root in (schema.query_type, schema.mutation_type):
        assert root
        assert not [name for name, field in root.fields.items() if is_non_null_type(field.type)]


def test_a_number_of_5_000_digits_is_refused(ask):
    with pytest.raises(Refused) as refused:
        ask(f"{{ services(first: {'9' * 5000}) {{ totalCount }} }}")
    assert refused.value.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
