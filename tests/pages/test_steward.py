"""The steward's page: what came in is decided there, by the same mutations and checks as in the API."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from pydantic import SecretStr

from api.settings import Settings
from api.signed_in import pages
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
