"""Attacks on links and sessions: spending a link twice, other sites' forms, planted and stolen cookies, guessing."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr
from starlette.routing import Route

from api.app import create_app
from api.identity.sessions import ROOMS, form_token, is_page
from api.settings import Settings
from geo.database.owner import owner_transaction
from geo.database.tokens import digest_of, new_token
from geo.identity import invitations, keys, people, sessions
from geo.identity.scope import Scope
from tests.database.land import Land
from tests.signed_in import HOST, browsers, invited

pytestmark = pytest.mark.database

COOKIE = "__Host-lakana"


@pytest.fixture(scope="module")
def url(copy_migrated):
    url = copy_migrated()
    with owner_transaction(url) as connection:
        Land(connection).area("A")
    return url


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("data"), key_pepper=SecretStr("5a" * 32))


@pytest.fixture(scope="module")
def browser(url, settings):
    with browsers(url, settings) as opened:
        yield opened


@pytest.fixture
def one(url):
    """A steward and the secret of a link."""
    return invited(url, Scope("STEWARD"))


def spent(url, code):
    with owner_transaction(url) as connection:
        asked = "SELECT spent_at IS NOT NULL FROM identity.invitation WHERE digest = %s"
        return connection.exec_driver_sql(asked, (digest_of(code),)).scalar()


def test_a_link_signs_in_once_by_post(browser, url, one):
    _, code = one
    awa = browser()
    assert awa.name() is None
    answer = awa.sign_in(code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/steward?lang=fr")
    session = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}="))
    rules = session.split("; ")[1:]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} < set(rules)
    assert not [each for each in rules if each.startswith("Domain")]
    assert awa.name() == "Awa"
    again = browser()
    answer = again.sign_in(code)
    assert answer.status_code == 400
    assert "a servi" in answer.text
    assert again.name() is None


def test_who_only_opens_a_link_does_not_spend_it(browser, url, one):
    """As programs do that look through mail: they may even run its script, but send no form."""
    _, code = one
    scanner = browser()
    for path in (f"/signin?code={code}", f"/signin/{code}", f"/signin?lang=fr#{code}"):
        scanner.get(path)
        scanner.http.cookies.clear()
        assert not spent(url, code)
    assert browser().sign_in(code).status_code == 303


def test_of_two_who_spend_a_link_at_once_one_does(url, one):
    _, code = one
    with ThreadPoolExecutor(8) as threads:

        def spend(_):
            with owner_transaction(url) as connection:
                return sessions.sign_in(connection, code, new_token())

        assert sorted(threads.map(spend, range(8))) == [False] * 7 + [True]


def test_a_link_ends_with_its_time_a_later_link_and_its_person(browser, url, one):
    identity, code = one
    later = invitations.invite(url, identity)
    assert browser().sign_in(code).status_code == 400
    with owner_transaction(url) as connection:
        early = "UPDATE identity.invitation SET expires_at = now() WHERE digest = %s"
        connection.exec_driver_sql(early, (digest_of(later),))
    assert browser().sign_in(later).status_code == 400
    last = invitations.invite(url, identity)
    people.revoke(url, identity)
    assert browser().sign_in(last).status_code == 400
    people.add(url, identity, "Awa", Scope("PLANNER"))
    assert browser().sign_in(last).status_code == 400


@pytest.mark.parametrize("ends", ["person", "link", "idle", "age", "left"])
def test_a_stolen_cookie_is_good_for_nothing_once_the_session_is_over(browser, url, one, ends):
    identity, code = one
    awa, thief = browser(), browser()
    awa.sign_in(code)
    thief.http.cookies.set(COOKIE, awa.http.cookies[COOKIE], domain="lakana.test")
    assert thief.name() == "Awa"  # control: until then it is
    idle_s, longest_s = sessions.LASTS["STEWARD"]
    change = {
        "link": "UPDATE identity.invitation SET revoked_at = now() WHERE digest = %s",
        "idle": f"UPDATE identity.session SET seen_at = now() - interval '{idle_s} s' WHERE invitation_id = "
        "(SELECT id FROM identity.invitation WHERE digest = %s)",
        "age": f"UPDATE identity.session SET created_at = now() - interval '{longest_s} s' WHERE invitation_id = "
        "(SELECT id FROM identity.invitation WHERE digest = %s)",
    }
    if ends == "person":
        people.revoke(url, identity)
        people.add(url, identity, "Awa", Scope("STEWARD"))
    elif ends == "left":
        assert awa.send("/signin", {}, to="/signout").status_code == 303
    else:
        with owner_transaction(url) as connection:
            connection.exec_driver_sql(change[ends], (digest_of(code),))
    assert thief.name() is None
    assert awa.name() is None


def test_a_used_session_stays(browser, url, one):
    """Its use is noted, so that it ends only when nobody uses it."""
    _, code = one
    awa = browser()
    awa.sign_in(code)
    with owner_transaction(url) as connection:
        earlier = "UPDATE identity.session SET seen_at = now() - interval '1 hour'"
        connection.exec_driver_sql(earlier)
    for _ in range(20):
        assert awa.name() == "Awa"
        with owner_transaction(url) as connection:
            if connection.exec_driver_sql(
                "SELECT max(seen_at) > now() - interval '1 minute' FROM identity.session"
            ).scalar():
                return
    raise AssertionError


def test_a_planted_cookie_is_not_taken_over(browser, url, one):
    """Whoever can plant a cookie knows its secret: signing in makes another, and two of one name are none."""
    _, code = one
    awa, planted = browser(), new_token()
    awa.http.cookies.set(COOKIE, planted, domain="lakana.test")
    answer = awa.sign_in(code)
    made = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}="))
    assert planted not in made
    good = made.partition("=")[2].partition(";")[0]
    other = browser()
    for shown in (f"{COOKIE}={planted}; {COOKIE}={good}", f"{COOKIE}={good}; {COOKIE}={planted}", f"lakana={good}"):
        assert "Awa" not in other.get("/signin", headers={"cookie": shown}).text
    assert "Awa" in other.get("/signin", headers={"cookie": f"{COOKIE}={good}"}).text  # control


def test_another_session_of_the_browser_ends_as_one_signs_in(browser, url, one):
    _, code = one
    awa = browser()
    awa.sign_in(code)
    before = awa.http.cookies[COOKIE]
    _, later = invited(url, Scope("PLANNER"), "Binta")
    stays = browser()
    stays.http.cookies.set(COOKIE, before, domain="lakana.test")
    # its page shows no form to sign in; a form of before does
    form = browser().get("/signin").headers["set-cookie"].partition(";")[0]
    secret = form.partition("=")[2]
    shown = {"cookie": f"{form}; {COOKIE}={before}"}
    answer = browser().post("/signin", data={"csrf": form_token(secret), "code": later}, headers=shown)
    assert answer.status_code == 303
    assert stays.name() is None


@pytest.mark.parametrize(
    "other",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "https://evil.lakana.test"},
        {"origin": "https://evil.example"},
        {"origin": "https://lakana.test.evil.example"},
    ],
)
def test_a_form_of_another_site_is_nobodys(browser, url, one, other):
    _, code = one
    victim = browser()
    token = victim.token()
    own = {"csrf": token, "code": code}
    assert victim.post("/signin", data=own, headers=other).status_code == 403
    assert not spent(url, code)
    victim.sign_in(code)
    form = {"csrf": victim.token()}
    assert victim.post("/signout", data=form, headers=other).headers["location"] == "/signin?lang=fr"
    assert victim.name() == "Awa"
    assert victim.post("/signout", data=form, headers={"origin": HOST}).status_code == 303  # control


def test_a_form_without_the_token_of_its_session_is_refused(browser, url, one):
    _, code = one
    victim, stranger = browser(), browser()
    for shown in ({}, {"csrf": ""}, {"csrf": form_token(new_token())}, {"csrf": "é"}):
        assert stranger.post("/signin", data={**shown, "code": code}).status_code == 403
        stranger.get("/signin")
        assert stranger.post("/signin", data={**shown, "code": code}).status_code == 403
    assert not spent(url, code)
    victim.sign_in(code)
    mine = invited(url, Scope("STEWARD"), "Mallory")[1]
    stranger.sign_in(mine)
    theirs = stranger.token()
    for shown in ({}, {"csrf": ""}, {"csrf": theirs}):
        assert victim.post("/signout", data=shown).status_code == 403
    assert victim.name() == "Awa"


def test_every_route_that_takes_a_form_of_the_signed_in_wants_the_token(browser, url, settings, one):
    _, code = one
    victim = browser()
    victim.sign_in(code)
    # These change nothing of the signed in: what a caller without a key may do as well.
    reading = {"/nearest", "/nearest/places", "/nearest/wrong-number"}
    asked = 0
    for route in create_app(settings, url).routes:
        if not isinstance(route, Route) or not is_page(route.path) or route.path in reading | {"/signin"}:
            continue
        path = route.path.replace("{id}", "00000000-0000-4000-8000-000000000000")
        for method in {*(route.methods or ())} - {"GET", "HEAD"}:
            for shown in ({}, {"x-csrf-token": form_token(new_token())}):
                answer = victim.request(method, path, data={"act": "x"}, headers=shown)
                assert answer.status_code == 403, (method, path)
                asked += 1
    assert asked >= 8
    assert victim.name() == "Awa"


def test_the_api_does_not_look_at_the_cookie(browser, url, settings, one):
    _, code = one
    awa = browser("198.51.100.10")  # it empties the budget of its address
    awa.sign_in(code)
    question = {"query": "{ proposals { edges { node { id } } } }"}
    answer = awa.post("/graphql", json=question)
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert answer.headers["ratelimit"].startswith('"public"')
    paths = {each.path for each in create_app(settings, url).routes if isinstance(each, Route)}
    off = {each for each in paths if not is_page(each)}
    assert {"/graphql", "/exports/{file}", "/tiles/{layer}.json", "/schema.graphql"} < off
    for path in off - {"/livez", "/readyz", "/metrics"}:
        assert '"steward"' not in awa.get(path).headers.get("ratelimit", ""), path
    assert awa.get("/signin").headers["ratelimit"].startswith('"steward"')  # control
    assert {each.partition("/")[0] for each in ROOMS} == ROOMS


def test_sessions_and_keys_of_a_person_are_counted_together(browser, url, settings, one):
    identity, code = one
    awa = browser()
    awa.sign_in(code)
    end = keys.expiry("1", dt.datetime.now(dt.UTC))
    key = keys.create(url, bytes.fromhex("5a" * 32), "key", Scope("STEWARD"), end, identity)

    def left(answer):
        return int(answer.headers["ratelimit"].partition("r=")[2].partition(";")[0])

    first = left(awa.get("/signin"))
    second = left(awa.post("/graphql", json={"query": "{ __typename }"}, headers={"authorization": f"Bearer {key}"}))
    assert left(awa.get("/signin")) < second < first


def test_guessing_is_bounded_and_keeps_no_good_link_out(browser, url, one):
    _, code = one
    guesser = browser("198.51.100.7")
    told = [guesser.sign_in(new_token()).status_code for _ in range(60)]
    assert told.count(400) <= 40
    assert 429 in told
    for bad in ("", "x", "A" * 43, code[:-1], f"{code}A", code.swapcase(), "é" * 43, "\x00" * 43):
        assert browser("198.51.100.8").sign_in(bad).status_code == 400
    assert browser("198.51.100.9").sign_in(f"{HOST}/signin#{code}").status_code == 303


def test_no_secret_is_kept_shown_or_logged(browser, url, one, capsys, caplog):
    caplog.set_level("DEBUG")
    _, code = one
    awa = browser()
    answers = [awa.get("/signin"), awa.sign_in(code), awa.get("/signin"), awa.sign_in(code), awa.get("/metrics")]
    session = awa.http.cookies[COOKIE]
    told = "".join(each.text for each in answers) + "".join(capsys.readouterr()) + caplog.text
    assert "HTTP Request" in told  # control
    with owner_transaction(url) as connection:
        for table in ("invitation", "session", "person"):
            rows = connection.exec_driver_sql(f"SELECT to_jsonb(t)::text FROM identity.{table} t")
            told += "".join(rows.scalars())
        told += "".join(connection.exec_driver_sql("SELECT to_jsonb(e)::text FROM audit.entry e").scalars())
    assert digest_of(session) in told  # control
    for secret in (code, session):
        assert secret not in told
        assert secret[3:-3] not in told


def test_the_log_says_who_was_invited_and_not_when_they_came(browser, url, one):
    identity, code = one
    browser().sign_in(code)
    with owner_transaction(url) as connection:
        entries = connection.exec_driver_sql(
            "SELECT action, before, after FROM audit.entry WHERE subject = 'invitation' AND subject_id = "
            "(SELECT id::text FROM identity.person WHERE subject = %s)",
            (identity.subject,),
        ).all()
        assert connection.exec_driver_sql("SELECT count(*) FROM audit.entry WHERE subject = 'session'").scalar() == 0
    assert [each.action for each in entries] == ["INSERT"]
    assert "spent_at" not in entries[0].after
    assert "digest" not in entries[0].after
