"""The steward's page: what came in is decided there, by the same mutations and checks as in the API."""

from __future__ import annotations

import asyncio
import datetime as dt
import re

import pytest
from pydantic import SecretStr

from api.exports.asking import Asker
from api.settings import Settings
from api.signed_in import duplicates, pages
from api.signed_in.reports import wrong_numbers_and_reports
from geo.database.owner import owner_transaction
from geo.identity import keys
from geo.identity.scope import Scope
from tests.signed_in import browsers, form_of, invited

pytestmark = pytest.mark.database

PEPPER = "5a" * 32
PROPOSE = "mutation ($input: ProposeChangeInput!) { proposeChange(input: $input) { __typename } }"


@pytest.fixture(scope="module")
def url(copy_seeded):
    return copy_seeded()


@pytest.fixture(scope="module")
def browser(url, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), key_pepper=SecretStr(PEPPER))
    with browsers(url, settings) as opened:
        yield opened


@pytest.fixture
def one(url):
    def one(statement, *values):
        with owner_transaction(url) as connection:
            return connection.exec_driver_sql(statement, values).one()

    return one


@pytest.fixture
def steward(browser, url):
    identity, code = invited(url, Scope("STEWARD"))
    awa = browser()
    awa.sign_in(code)
    awa.identity = identity
    return awa


@pytest.fixture
def propose(browser, url, one):
    """Propose another phone for a service, as a partner's program, and give the service's id."""

    def propose(phone, offset):
        organization = one("SELECT id::text FROM lakana.organization ORDER BY id LIMIT 1")[0]
        end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        key = keys.create(url, bytes.fromhex(PEPPER), "test", Scope("PARTNER", organization), end)
        service, version = one(
            "SELECT id::text, version FROM lakana.service WHERE category = 'LEGAL_AID' AND NOT confidential "
            f"ORDER BY id OFFSET {offset} LIMIT 1"
        )
        given = {"reason": "<b>Elle</b> a changé.", "expectedVersion": version, "idempotencyKey": phone}
        given["proposal"] = {"service": {"id": service, "changes": {"phone": phone}}}
        asked = {"query": PROPOSE, "variables": {"input": given}}
        answer = browser().post("/graphql", json=asked, headers={"authorization": f"Bearer {key}"})
        assert answer.json()["data"]["proposeChange"]["__typename"] == "ChangeProposed"
        return service

    return propose


def test_a_proposal_is_approved_in_the_stewards_name(steward, propose, one):
    service = propose("+223 20 22 33 44", 0)
    page = steward.get("/steward?lang=en").text
    assert "&lt;b&gt;Elle&lt;/b&gt;" in page
    assert re.search(r"Phone</th><td>.*?</td><td><b><span translate=\"no\">\+223 20 22 33 44", page)
    form = form_of(page, "review")
    answer = steward.send("/steward", {**form, "choice": "yes", "note": "merci"})
    assert answer.status_code == 200
    assert "C’est décidé." in answer.text
    phone = one("SELECT phone FROM lakana.service WHERE id = %s", service)[0]
    assert phone == "+22320223344"
    holder, person = one(
        "SELECT holder, person FROM audit.entry WHERE subject = 'service' AND subject_id = %s ORDER BY number DESC LIMIT 1",
        service,
    )
    assert (holder, person) == (f"person:lakana {steward.identity.subject}", f"lakana {steward.identity.subject}")
    again = steward.send("/steward", {**form, "choice": "yes", "note": "merci"})
    assert again.status_code == 200  # pressed twice, it is done once
    assert one("SELECT review_note FROM lakana.proposal WHERE id = %s", form["id"])[0] == "merci"


def test_one_that_does_not_fit_any_more_is_told_and_rejected(steward, propose, one, url):
    service = propose("+223 20 22 33 55", 1)
    form = form_of(steward.get("/steward").text, "review")
    with owner_transaction(url) as connection:
        connection.exec_driver_sql("UPDATE lakana.service SET capacity = 7 WHERE id = %s", (service,))
    assert "It has changed since this was proposed" in steward.get("/steward?lang=en").text
    answer = steward.send("/steward", {**form, "choice": "yes"})
    assert answer.status_code == 400
    assert "La fiche a changé" in answer.text
    assert steward.send("/steward", {**form, "choice": "no"}).status_code == 200
    assert one("SELECT status::text FROM lakana.proposal WHERE id = %s", form["id"])[0] == "REJECTED"


def test_a_service_is_verified(steward, one):
    form = form_of(steward.get("/steward").text, "verify")
    assert steward.send("/steward", form).status_code == 200
    assert one("SELECT verified_on = (now() AT TIME ZONE 'UTC')::date FROM lakana.service WHERE id = %s", form["id"])[0]


@pytest.mark.parametrize("form", [{}, {"act": "x"}, {"act": "verify", "id": "x", "version": "²"}, {"act": "review"}])
def test_what_is_no_act_is_refused(steward, form):
    assert steward.send("/steward", form).status_code == 400


@pytest.mark.parametrize("audience", ["PARTNER", "PLANNER", "CUSTODIAN", None])
def test_the_page_is_the_stewards(browser, url, one, audience):
    other = browser()
    organization = one("SELECT id::text FROM lakana.organization LIMIT 1")[0] if audience == "PARTNER" else None
    if audience:
        other.sign_in(invited(url, Scope(audience, organization))[1])
    for answer in (other.get("/steward"), other.send("/signin", {"act": "verify"}, to="/steward")):
        if audience is None:
            assert (answer.status_code, answer.headers["location"]) == (303, "/signin?lang=fr")
        else:
            assert answer.status_code == 403
            assert "csrf" not in answer.text
    assert other.get("/steward", headers={"accept": "text/html"}).status_code in {303, 403}


def test_a_partner_is_invited_on_the_page_and_kept_out_there(browser, steward, one):
    organization = one(
        "SELECT organization_id::text FROM lakana.actor WHERE organization_id IS NOT NULL ORDER BY 1 LIMIT 1"
    )[0]
    form = form_of(steward.get("/steward").text, "invite")
    given = {**form, "name": "Binta <b>", "audience": "PARTNER", "organization": organization}
    made = steward.send("/steward", given)
    assert made.status_code == 200
    [link] = re.findall(r'id="link" readonly value="(https://lakana.test/signin#[^"]+)"', made.text)
    assert made.headers["cache-control"] == "no-store"
    assert 'id="link"' not in steward.send("/steward", given).text  # pressed twice, it is told once
    binta = browser()
    assert binta.sign_in(link).headers["location"] == "/mine?lang=fr"
    page = steward.get("/steward").text
    assert "Binta &lt;b&gt;" in page
    person = one("SELECT id::text FROM identity.person WHERE name = 'Binta <b>'")[0]
    out = form_of(page, "revoke", person)
    assert steward.send("/steward", out).status_code == 200
    assert binta.get("/mine").headers["location"] == "/signin?lang=fr"
    refused = steward.send("/steward", {**form, "name": "Moi", "audience": "STEWARD"})
    assert (refused.status_code, "Vous ne pouvez pas le faire" in refused.text) == (400, True)


def test_every_page_says_who_is_signed_in_and_lets_them_leave(browser, url):
    lea = browser()
    lea.sign_in(invited(url, Scope("PLANNER"), "Léa <b>")[1])
    for path in ("/", "/nearest", "/imports", "/signin", "/steward", "/desk/nowhere"):
        page = lea.get(f"{path}?lang=fr", headers={"accept": "text/html"}).text
        [head] = re.findall(r'<form method="post" action="/signout\?lang=fr" class="person".*?</form>', page, re.DOTALL)
        assert "Léa &lt;b&gt;" in head
        assert "Planificateur" in head
        assert "Se déconnecter" in head
    assert lea.send("/", {}, to="/signout").status_code == 303
    assert 'class="person" id' not in lea.get("/").text


@pytest.fixture
def reported(url, one):
    """Say of a number of a service that it is wrong, and return the service's id with the number."""

    def reported(category):
        service, shown = one(
            "SELECT id::text, (SELECT p.number FROM lakana.phones(phone) p LIMIT 1) FROM lakana.service "
            f"WHERE category = '{category}' AND phone IS NOT NULL AND NOT confidential ORDER BY id LIMIT 1"
        )
        with owner_transaction(url) as connection:
            connection.exec_driver_sql("SELECT lakana.report_wrong_number(%s, %s)", (service, shown))
        return service, shown

    return reported


@pytest.mark.parametrize("category", ["MEDICAL", "SAFE_SHELTER"])
def test_a_wrong_number_is_corrected_in_one_decision(steward, reported, one, category):
    service, number = reported(category)
    page = steward.get("/steward?lang=en").text
    act = "correct-shelter" if category == "SAFE_SHELTER" else "correct-service"
    form = form_of(page, act, number)
    assert number in form["phone"]  # what it is now, to be changed
    answer = steward.send("/steward?lang=en", {**form, "phone": "+223 20 22 99 88"})
    assert "The number is corrected, and what was said of it is settled." in answer.text
    assert one("SELECT phone FROM lakana.service WHERE id = %s", service)[0] == "+22320229988"
    outcome = "SELECT outcome::text FROM lakana.wrong_number WHERE record_id = %s"
    assert one(outcome, service)[0] == "CORRECTED"
    assert form["reported"] not in steward.get("/steward").text


def test_a_number_that_is_left_as_it_is_is_not_corrected(steward, reported, one):
    service, number = reported("PSYCHOSOCIAL_SUPPORT")
    form = form_of(steward.get("/steward?lang=en").text, "correct-service", number)
    answer = steward.send("/steward?lang=en", form)
    assert answer.status_code == 400
    assert "the record still has this number" in answer.text
    right = form_of(answer.text, "right", form["reported"])
    assert "The number is settled." in steward.send("/steward?lang=en", right).text
    assert one("SELECT outcome::text FROM lakana.wrong_number WHERE record_id = %s", service)[0] == "RIGHT"


def test_who_did_not_report_is_listed_and_let_off(steward, one):
    page = steward.get("/steward?lang=en").text
    section = page.partition('<section id="reports">')[2].partition("</section>")[0]
    assert "4th quarter 2025" in section
    assert "Everybody who was expected to reported." in section  # of the seeds
    locality = one("SELECT id::text FROM lakana.locality ORDER BY id LIMIT 1")[0]
    answer = steward.send("/steward?lang=en", {"act": "let-off", "id": locality, "from": "2026-Q1", "nonce": "1"})
    assert "no report is expected from it any more" in answer.text
    ends = "SELECT max(to_quarter) FROM lakana.expected_reporter WHERE locality_id = %s"
    assert one(ends, locality)[0] == "2025-Q4"


def test_those_that_did_not_report_are_told_apart_from_those_that_did():
    told = [("B", "NOT_REPORTED"), ("A", "NOT_REPORTED"), ("C", "PUBLISHED"), ("D", "NOT_RELEASED")]
    edges = [{"node": {"status": status, "locality": {"id": name, "name": name}}} for name, status in told]

    class Told(Asker):
        async def paid(self, document, given):
            if "wrongNumbers" in document:
                return {
                    "wrongNumbers": {"edges": [], "totalCount": 0},
                    "releasedPeriods": [{"period": each} for each in ("2025", "2025-Q4", "2025-Q3")],
                }
            page, last = (edges[2:], False) if given["after"] else (edges[:2], True)
            assert given["period"] == "2025-Q4"
            return {"incidentCounts": {"edges": page, "pageInfo": {"hasNextPage": last, "endCursor": "x"}}}

    found = asyncio.run(wrong_numbers_and_reports(Told.__new__(Told)))
    assert [each["name"] for each in found["silent"]] == ["A", "B"]


def test_days_are_told_as_people_write_them(steward):
    page = steward.get("/steward?lang=fr").text
    shown = re.sub(r"<[^>]*>", "", page)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", shown)
    assert re.search(r"vérifié le \d{1,2}(er)? \w+ 20\d\d", shown)


CREATE = "mutation ($input: CreateServiceInput!) { createService(input: $input) { __typename } }"


def test_likely_duplicates_stand_side_by_side_and_one_is_retired(steward, browser, url, one):
    assert "Nothing waits here." in steward.get("/steward/duplicates?lang=en").text
    name, actor, lon, lat = one(
        "SELECT name, actor_id::text, ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.service "
        "WHERE category = 'LEGAL_AID' AND point IS NOT NULL AND NOT confidential ORDER BY id LIMIT 1"
    )
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    key = keys.create(url, bytes.fromhex(PEPPER), "test", Scope("STEWARD"), end, steward.identity)
    misspelt = name.replace("Assistance", "Asistance")
    given = {"actorId": actor, "name": misspelt, "category": "LEGAL_AID", "point": {"lon": lon + 0.005, "lat": lat}}
    asked = {"query": CREATE, "variables": {"input": {**given, "idempotencyKey": "twin"}}}
    answer = browser().post("/graphql", json=asked, headers={"authorization": f"Bearer {key}"})
    assert answer.json()["data"]["createService"]["__typename"] == "ServiceCreated"
    page = steward.get("/steward/duplicates?lang=en").text
    [pair] = page.split('<section class="pair">')[1:]
    assert name in pair
    assert misspelt in pair
    twin = one("SELECT id::text FROM lakana.service WHERE name = %s", misspelt)[0]
    answer = steward.send("/steward/duplicates?lang=en", form_of(pair, "retire-service", twin))
    assert "It is retired; the other one stays." in answer.text
    assert "Nothing waits here." in answer.text
    assert one("SELECT count(*) FROM lakana.service WHERE name = %s", name)[0] == 1


ACTOR = {"name": "Centre"}


def service(name, lon=-5.0, phone="116", actor=ACTOR, **more):
    place = {"point": {"type": "Point", "coordinates": [lon, 12.0]}, "locality": {"name": "San"}}
    told = {"name": name, "category": "MEDICAL", "phones": [{"number": phone}], "actor": actor, "location": place}
    return {**told, "shelter": None, **more}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (service("Centre de sante"), True),
        (service("Autre chose"), True),  # one number
        (service("Autre chose", phone="15"), False),
        (service("Centre de santé", phone="15"), True),
        (service("Centre de santé", phone="15", actor={"name": "Association"}), False),
        (service("Centre de santé", lon=-5.0091), True),  # 991 m
        (service("Centre de santé", lon=-5.0093), False),  # 1,013 m
        (service("Centre de santé", category="LEGAL_AID"), False),
        (service("Centre de santé", shelter={"id": "1", "version": 1, "confidential": True}), False),
        (service("Centre de santé", location=None), False),
    ],
)
def test_what_is_a_likely_duplicate(other, found):
    assert bool(list(duplicates.services([service("Centre de santé"), other]))) is found


def test_a_choice_of_a_list_that_is_cut_says_so(steward, partner_page, monkeypatch):
    """It ended silently: a steward took an organisation beyond the first 2,000 for one that is not in the directory."""
    cut = "premiers de la liste sont lus"
    for page in (steward.get("/steward"), partner_page()):
        assert cut not in page.text
    monkeypatch.setattr(pages, "MOST_PAGES", 2)
    monkeypatch.setattr(pages, "PAGE", 2)
    for page in (steward.get("/steward"), partner_page()):
        assert f"Les 4 {cut}" in page.text


@pytest.fixture
def partner_page(browser, url, one):
    """Open the page of a partner."""
    organization = one("SELECT organization_id::text FROM lakana.actor WHERE organization_id IS NOT NULL LIMIT 1")[0]
    opened = browser()
    opened.sign_in(invited(url, Scope("PARTNER", organization))[1])
    return lambda: opened.get("/mine")
