"""Answers that need not be made again: entity tags, who may keep an answer, and what may not be kept at all."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import text

from api import caching
from api.graphql.compile.compiled_operation import Operation
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from api.pages import map_questions
from api.pages.map_choices import Choices
from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.database.statements import Statement
from geo.identity import keys
from geo.identity.scope import Scope
from geo.vocabulary import Locale
from tests.graphql.conftest import talking
from tests.persons import somebody

pytestmark = pytest.mark.database

ASKED = {"query": "{ services(first: 3) { edges { node { id category } } } }"}
SOURCES = {"query": "{ sources { name } }"}
EVERYBODY, OWN = caching.EVERYBODY.decode(), caching.OWN.decode()
PEPPER = "5a" * 32
OPEN_NOW = "{ services(first: 3) { edges { node { openingHours { open } } } } }"
OPEN_NEXT = "{ services(first: 3) { edges { node { openingHours { nextChange } } } } }"


def get(http, asked=SOURCES, tag=None, **headers):
    return http("GET", "/graphql", params=asked, headers=headers | ({} if tag is None else {"if-none-match": tag}))


def test_the_public_s_answer_is_kept_by_all_and_asked_for_again_by_its_tag(http):
    first = get(http)
    assert (first.status_code, first.headers["cache-control"]) == (200, EVERYBODY)
    assert "Authorization" in first.headers["vary"]
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[\w-]{20}"', tag)
    for shown in (tag, f"W/{tag}", f'"other", {tag}'):
        again = get(http, tag=shown)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (again.headers["cache-control"], again.headers["vary"]) == (EVERYBODY, first.headers["vary"])
    assert get(http, tag='"other"').status_code == 200


def test_what_a_cache_may_show_to_others_tells_no_budget(http):
    answer = get(http)
    assert (get(http, tag=answer.headers["etag"]).headers.keys() | answer.headers.keys()) & {"ratelimit"} == set()
    assert "ratelimit" in get(http, {"query": "{ nothing }"}).headers


def test_another_question_language_or_media_type_has_another_tag(http):
    tags = [
        get(http).headers["etag"],
        get(http, ASKED).headers["etag"],
        get(http, **{"accept-language": "en"}).headers["etag"],
        get(http, accept="application/graphql-response+json").headers["etag"],
    ]
    assert len(set(tags)) == len(tags)


def test_the_same_answer_asked_for_in_other_words_has_the_same_tag(http):
    """As a cache may ask for it on behalf of others."""
    tags = {
        get(http, **{"accept-language": language, "accept": accept}).headers["etag"]
        for language, accept in (("fr-ML, en;q=0.3", "*/*"), ("de", "application/json"), ("fr", "text/html, */*;q=0.1"))
    }
    assert len(tags) == 1


def test_a_page_of_another_origin_is_told_the_same(http):
    tag = get(http).headers["etag"]
    answer = get(http, tag=tag, origin="https://front.example")
    assert (answer.status_code, answer.headers["etag"]) == (304, tag)
    assert answer.headers["access-control-allow-origin"] == "https://front.example"
    assert "etag" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("document", [OPEN_NOW, OPEN_NEXT, "{ nothing }", "{ services(first: 0) { totalCount } }"])
def test_what_hangs_on_the_clock_or_is_an_error_is_kept_by_nobody(http, document):
    answer = get(http, {"query": document})
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_a_moment_is_told_from_a_day():
    def momentary(sql):
        return Statement(sql, (), {}).momentary

    moments = "SELECT now()", "SELECT clock_timestamp ()", "SELECT current_timestamp", "SELECT coalesce($1, now())"
    days = "SELECT current_date", "SELECT date_trunc('day', now(), 'UTC')", "SELECT (now() AT TIME ZONE 'UTC')::date"
    assert all(map(momentary, moments))
    assert not any(map(momentary, days))
    assert momentary("SELECT date_trunc('day', now(), 'UTC'), now()")


CLOCKS = r"""
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'lakana' AND has_function_privilege('lakana_public', p.oid, 'EXECUTE')
  AND regexp_replace(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), '\(now\(\) AT TIME ZONE ''UTC''\)::date', '', 'g')
    ~* '\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday) *\(|current_time|localtime'
UNION ALL SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'lakana'::regnamespace AND c.relkind = 'v' AND has_any_column_privilege('lakana_public', c.oid, 'SELECT')
  AND pg_get_viewdef(c.oid) ~* '\mnow *\(|current_time|localtime|_timestamp'
"""
SECRETLY_READ = r"""
SELECT DISTINCT c.relname FROM pg_proc p JOIN pg_class c ON p.prosrc ~* ('\m(FROM|JOIN)\s+(\w+\.)?' || c.relname || '\M')
WHERE p.pronamespace = 'lakana'::regnamespace AND p.prosecdef AND has_function_privilege('lakana_public', p.oid, 'EXECUTE')
  AND c.relnamespace IN ('lakana'::regnamespace, 'exact'::regnamespace, 'raw'::regnamespace) AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'note_public_%')
"""


def test_no_function_hides_a_clock_from_the_statement(rows):
    """Whether a statement reads the clock is seen by its text."""
    assert rows(CLOCKS) == []


def test_whatever_the_public_s_functions_read_as_their_owner_is_watched(rows):
    """The state is made of what the public's tables hold.

    Hours are read at a moment alone, which is kept by nobody; the places of confidential shelters are told as they were
    at midnight, and the day is a part of the state. Which numbers are said to be wrong is read by what notes one more,
    and told to stewards alone.
    """
    read = {each["relname"] for each in rows(SECRETLY_READ)}
    assert read <= {"hours_read", "places", "public_version", "wrong_number"}


@pytest.fixture
def own(run, copy_seeded):
    """A database of one's own, with a key of each audience, and a client."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        organization = connection.scalar(text("SELECT name FROM lakana.organization ORDER BY name LIMIT 1"))
    end, made = dt.datetime.now(dt.UTC) + dt.timedelta(days=1), {}
    for audience in ("PARTNER", "PLANNER", "CUSTODIAN", "STEWARD"):
        scope = Scope(audience, organization if audience == "PARTNER" else None)
        whose = somebody(url) if audience in keys.BOUND else None
        token = keys.create(url, bytes.fromhex(PEPPER), "test", scope, end, whose)
        made[audience] = {"authorization": f"Bearer {token}"}
    with talking(run, url, key_pepper=PEPPER) as http:
        yield url, http, made


def test_no_audience_is_answered_by_what_another_has(own):
    _, http, key = own
    headers: dict[str, dict[str, str]] = {"PUBLIC": {}, **key}
    tags = {each: get(http, **sent).headers["etag"] for each, sent in headers.items()}
    assert len(set(tags.values())) == len(tags)
    for each, sent in headers.items():
        for whose, tag in tags.items():
            assert get(http, tag=tag, **sent).status_code == (304 if whose == each else 200), (each, whose)
        control = get(http, **sent).headers["cache-control"]
        assert control == (EVERYBODY if each == "PUBLIC" else OWN)


def test_only_a_write_that_the_public_may_read_makes_another_tag(own):
    url, http, key = own

    def after(statement):
        with owner_transaction(url) as connection:
            connection.execute(text(statement))
        return get(http, tag=tag).status_code, get(http, tag=partner, **key["PARTNER"]).status_code

    tag, partner = get(http).headers["etag"], get(http, **key["PARTNER"]).headers["etag"]
    assert after("UPDATE lakana.shelter SET occupancy = occupancy WHERE false") == (304, 304)
    assert after("UPDATE lakana.admin_area SET name_fr = name_fr || 'x' WHERE level = 0") == (200, 304)
    assert after("UPDATE lakana.source SET name = name || 'x'") == (200, 200)


def test_no_state_comes_back_with_an_old_backup(own):
    """Counted on, two writes after a restore would have the number of two writes before it."""
    url, http, _ = own
    change, told = "UPDATE lakana.source SET name = name || 'x'", []
    for _ in range(2):
        with owner_transaction(url) as connection:
            connection.execute(text("ALTER TABLE lakana.public_version DISABLE TRIGGER never_before"))
            connection.execute(text("UPDATE lakana.public_version SET version = 7"))  # as the backup holds it
            connection.execute(text("ALTER TABLE lakana.public_version ENABLE TRIGGER never_before"))
            connection.execute(text(change))
        told.append(get(http).headers["etag"])
    assert told[0] != told[1]


def test_maps_are_asked_for_again_by_their_tags(http):
    for path in ("/maps/overview.html", "/maps/coverage.html?lang=en"):
        drawn = http("GET", path, timeout=60)
        assert (drawn.status_code, drawn.headers["cache-control"]) == (200, EVERYBODY)
        again = http("GET", path, headers={"if-none-match": drawn.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", drawn.headers["etag"])
        assert http("GET", path, headers={"if-none-match": '"other"'}).status_code == 200


SWITCHED = (
    "query N($x: Boolean!) { services(first: 2) { edges { node { name openingHours @include(if: $x) { open } } } } }"
)
SWITCHED_FIELD = "query M($x: Boolean!) { sources { name } services(first: 1) @include(if: $x) { edges { node { openingHours { open } } } } }"


@pytest.mark.parametrize("document", [SWITCHED, SWITCHED_FIELD])
def test_a_header_does_not_tell_which_variables_others_sent(http, document):
    off, on = ({"query": document, "variables": f'{{"x": {each}}}'} for each in ("false", "true"))
    before = get(http, off).headers
    assert (before["cache-control"], "etag" in before) == (EVERYBODY, True)
    assert get(http, on).headers["cache-control"] == "no-store"
    after = get(http, off).headers
    assert (after["cache-control"], after["etag"]) == (before["cache-control"], before["etag"])
    assert get(http, on).headers["cache-control"] == "no-store"


def test_maps_show_nothing_of_a_moment(run, resources, monkeypatch):
    """They are kept as long as the public's data stay."""
    answered, answer = [], Operation.answer

    async def noted(*given):
        answered.append(await answer(*given))
        return answered[-1]

    monkeypatch.setattr(Operation, "answer", noted)
    operations = Operations(compiled_schema())
    public = map_questions.public(operations, resources)
    run(map_questions.overview(public, Choices(Locale.FR)))
    run(map_questions.coverage(public, Choices(Locale.FR)))
    assert answered
    assert not any(each.momentary for each in answered)
    operation = run(operations.read(OPEN_NOW, None))
    assert run(operation.answer(operation.variables({}), ANYBODY, resources)).momentary
