"""Signing in as people do: a link on a phone, with a script and without, and what the pages then are."""

from __future__ import annotations

import pytest

from geo.database.owner import owner_transaction
from geo.identity.scope import Scope
from tests.pages.conftest import findings
from tests.pages.test_mine import OPEN_SHELTER
from tests.signed_in import invited

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def steward(seeded_url):
    return invited(seeded_url, Scope("STEWARD"), "Awa Diarra")[1]


def signed_in(page, base, code):
    page.goto(f"{base}/signin?lang=fr#{code}")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/signin" not in url)


@pytest.mark.parametrize("width", [360, 1440])
def test_a_link_fills_the_form_and_leaves_the_address(opened, base, steward, width):
    with opened(width) as page:
        page.goto(f"{base}/signin?lang=fr#{steward}")
        assert page.url == f"{base}/signin?lang=fr"
        assert page.locator("[name=code]").input_value() == steward
        assert page.get_by_text("Votre lien est déjà saisi.").is_visible()
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Se connecter").click()
        page.goto(f"{base}/signin?lang=fr")
        assert "Awa Diarra" in page.locator("main").inner_text()
        assert page.evaluate("document.cookie") == ""
        assert findings(page) == []
        page.get_by_role("button", name="Se déconnecter").click()
        page.get_by_role("button", name="Se connecter").wait_for()


def test_without_a_script_the_link_is_pasted(opened, base, steward):
    with opened(360, java_script_enabled=False) as page:
        page.goto(f"{base}/signin?lang=fr")
        page.locator("[name=code]").fill(f"{base}/signin#{steward}")
        page.get_by_role("button", name="Se connecter").click()
        page.goto(f"{base}/signin?lang=fr")
        assert "Awa Diarra" in page.locator("main").inner_text()


def test_a_steward_who_is_signed_in_imports_without_a_key(opened, base, steward):
    with opened() as page:
        signed_in(page, base, steward)
        page.goto(f"{base}/imports?lang=fr")
        assert page.locator("[name=key]").count() == 0
        assert page.locator("header .person").inner_text() == "Awa Diarra · Gestionnaire Se déconnecter"
        page.locator("[name=kind]").select_option("organizations")
        page.locator("[name=file]").set_input_files(
            {
                "name": "organisations.csv",
                "mimeType": "text/csv",
                "buffer": b"nom;sigle;type\nAssociation Kanuya;AK;ONG\n",
            }
        )
        page.locator("button[type=submit]").click()
        page.locator("#recognised").wait_for()
        assert findings(page) == []


@pytest.mark.parametrize("lang", ["fr", "en", "bm"])
def test_the_stewards_page_fits_and_can_be_read_by_ear(opened, base, steward, lang):
    for width in (360, 1440):
        with opened(width) as page:
            if width == 360:
                signed_in(page, base, steward)
                kept = page.context.storage_state()
            else:
                page.context.add_cookies(kept["cookies"])
            for path in ("/steward/duplicates", "/steward"):
                page.goto(f"{base}{path}?lang={lang}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert findings(page) == []
                assert page.locator("#person").inner_text().startswith("Awa")
            assert page.locator("#services li").count() > 15


def test_a_partner_reports_from_a_phone_without_a_script(opened, base, seeded_url):
    with owner_transaction(seeded_url) as connection:
        organization = connection.exec_driver_sql(OPEN_SHELTER).one()[0]
    code = invited(seeded_url, Scope("PARTNER", organization), "Fatou Keïta")[1]
    with opened(360, java_script_enabled=False) as page:
        page.goto(f"{base}/signin?lang=fr")
        page.locator("[name=code]").fill(code)
        page.get_by_role("button", name="Se connecter").click()
        shelter = page.locator("details", has=page.locator("[name=occupancy]")).first
        shelter.locator("summary").click()
        shelter.locator("[name=occupancy]").fill("4")
        shelter.get_by_role("button", name="Signaler les places").click()
        assert page.locator("#outcome").inner_text() == "Les places occupées sont notées."
        kept = page.context.storage_state()
    for width in (360, 1440):
        with opened(width) as page:
            page.context.add_cookies(kept["cookies"])
            page.goto(f"{base}/mine?lang=fr")
            page.locator("summary").first.click()
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
