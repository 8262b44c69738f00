"""A partner's page: what it says of its own services, and that it says it of no others."""

from __future__ import annotations

import gzip
from html import unescape

import pytest
from pydantic import SecretStr

from api.settings import Settings
from geo.database.owner import owner_transaction
from geo.identity.scope import Scope
from tests.signed_in import browsers, form_of, invited

pytestmark = pytest.mark.database

OPEN_SHELTER = (
    "SELECT a.organization_id::text, h.id::text, s.id::text FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id "
    "JOIN lakana.actor a ON a.id = s.actor_id WHERE NOT s.confidential AND a.organization_id IS NOT NULL ORDER BY s.id LIMIT 1"
)
HIDDEN_SHELTER = (
    "SELECT o.organization_id, h.id::text, s.id::text FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id "
    "JOIN exact.site e ON e.service_id = s.id JOIN (SELECT id, organization_id::text FROM lakana.actor UNION ALL "
    "SELECT id, record->>'organization_id' FROM exact.unlisted_actor) o ON o.id = e.actor_id "
    "WHERE s.confidential AND o.organization_id IS NOT NULL ORDER BY s.id LIMIT 1"
)


@pytest.fixture(scope="module")
def url(copy_seeded):
    return copy_seeded()


@pytest.fixture(scope="module")
def browser(url, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), key_pepper=SecretStr("5a" * 32))
    with browsers(url, settings) as opened:
        yield opened


@pytest.fixture
def one(url):
    def one(statement, *values):
        with owner_transaction(url) as connection:
            return connection.exec_driver_sql(statement, values).one()

    return one


@pytest.fixture
def partner(browser, url):
    def partner(organization):
        opened = browser()
        answer = opened.sign_in(invited(url, Scope("PARTNER", organization), "Fatou")[1])
        assert answer.headers["location"] == "/mine?lang=fr"
        return opened

    return partner


def test_an_open_shelter_is_reported_verified_closed_and_opened(partner, one):
    organization, shelter, service = one(OPEN_SHELTER)
    fatou = partner(organization)
    page = fatou.get("/mine")
    assert len(gzip.compress(page.content)) < 15_000
    form = form_of(page.text, "occupancy", shelter)
    for taken in ("7", "9"):
        form = form_of(fatou.get("/mine").text, "occupancy", shelter)
        assert fatou.send("/mine", {**form, "occupancy": taken, "capacity": "12"}).status_code == 200
        assert one("SELECT occupancy FROM lakana.shelter WHERE id = %s", shelter)[0] == int(taken)
    assert fatou.send("/mine", {**form, "occupancy": "9", "capacity": "12"}).status_code == 200  # pressed twice
    late = fatou.send("/mine", {**form, "occupancy": "3", "capacity": "12"})
    assert (late.status_code, "La fiche a changé" in late.text) == (400, True)
    form = form_of(fatou.get("/mine").text, "verify", service)
    assert fatou.send("/mine", form).status_code == 200
    form = form_of(fatou.get("/mine").text, "close", service)
    assert fatou.send("/mine", {**form, "from": "2026-12-01", "until": "x"}).status_code == 400
    done = fatou.send("/mine", {**form, "from": "2026-12-01", "until": "2099-01-05"})
    assert "fermé jusqu’au 5 janvier 2099" in done.text
    assert fatou.send("/mine", form_of(done.text, "open", service)).status_code == 200
    assert one("SELECT closed_until FROM lakana.service WHERE id = %s", service)[0] is None


def test_a_confidential_shelter_is_reported_by_whoever_runs_it_alone(partner, one):
    organization, shelter, service = one(HIDDEN_SHELTER)
    ours, page = partner(organization), ""
    for taken in ("3", "5", "3"):  # its version stays until midnight, and each report counts
        page = ours.get("/mine").text
        assert service not in page
        form = form_of(page, "occupancy", f'value="{shelter} ')
        choice = page.partition(f'value="{shelter} ')[2].partition('"')[0]
        answer = ours.send("/mine", {**form, "shelter": f"{shelter} {choice}", "occupancy": taken, "capacity": "11"})
        assert answer.status_code == 200
        assert one("SELECT occupancy FROM exact.places WHERE service_id = %s", service)[0] == int(taken)
    other = one("SELECT id::text FROM lakana.organization WHERE id::text <> %s ORDER BY id LIMIT 1", organization)[0]
    theirs = partner(other)
    form = form_of(theirs.get("/mine").text, "occupancy", f'value="{shelter} ')
    answer = theirs.send("/mine", {**form, "shelter": f"{shelter} {choice}", "occupancy": "1"})
    assert (answer.status_code, "autre organisation" in answer.text) == (400, True)
    assert one("SELECT occupancy FROM exact.places WHERE service_id = %s", service)[0] == 3


def test_who_keeps_a_link_that_a_steward_made_is_not_told_whose_a_shelter_is(partner, one, url):
    """A refusal is logged nowhere: the answers for its own and for another organisation's shelter are the same."""
    organization, shelter, _ = one(HIDDEN_SHELTER)
    other = one("SELECT id::text FROM lakana.organization WHERE id::text <> %s ORDER BY id LIMIT 1", organization)[0]
    told = []
    for each in (organization, other):
        link_holder = partner(each)
        with owner_transaction(url) as connection:
            connection.exec_driver_sql("UPDATE identity.invitation SET invited_by = 'a steward'")
        assert f'value="{shelter} ' not in link_holder.get("/mine").text
        for version in ("1", "999"):
            fields = {"act": "occupancy", "shelter": f"{shelter} {version}", "occupancy": "1"}
            answer = link_holder.send("/signin", fields, to="/mine")
            told.append((answer.status_code, "autre organisation" in answer.text, "a changé" in answer.text))
    assert set(told) == {(400, True, False)}


@pytest.mark.parametrize("audience", ["PLANNER", "CUSTODIAN", "STEWARD"])
def test_the_page_is_the_partners(browser, url, audience):
    other = browser()
    other.sign_in(invited(url, Scope(audience))[1])
    assert other.get("/mine").status_code == 403
    assert other.send("/signin", {"act": "verify"}, to="/mine").status_code == 403


def test_who_is_signed_in_reads_the_front_gate_where_help_is_asked_for(browser, partner, one):
    """The public is told to have it called."""
    fatou = partner(one(OPEN_SHELTER)[0])
    gates = one("SELECT array_agg(contact) FROM lakana.front_gate")[0]
    lon, lat = one(
        "SELECT ST_X(z.point::geometry), ST_Y(z.point::geometry) FROM lakana.front_gate g "
        "JOIN lakana.service s ON s.id = g.service_id JOIN lakana.zone z ON z.id = s.zone_id ORDER BY g.service_id LIMIT 1"
    )
    asked = {"lat": str(lat), "lon": str(lon), "incident": "SEXUAL_ABUSE", "hours": "0"}
    told = fatou.post("/nearest", data=asked)
    assert "Fatou" in told.text
    assert told.headers["cache-control"] == "no-store"
    assert "Appeler la permanence" in told.text
    assert any(gate in unescape(told.text) for gate in gates)
    public = unescape(browser().post("/nearest", data=asked).text)
    assert not any(gate in public for gate in gates)
    assert "Fatou" in fatou.get("/nearest").text
    assert "Fatou" not in browser().get("/nearest").text
