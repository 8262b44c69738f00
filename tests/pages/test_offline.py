"""A region taken along: it is found and read with the server gone, tells its age, ends, and holds nothing confidential."""

from __future__ import annotations

import datetime as dt
import gzip
from urllib.parse import quote

import httpx
import pytest

from geo.database.owner import owner_transaction
from tests.pages.conftest import findings
from tests.pages.test_nearest_helplines import PEPPER
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.database]

SIKASSO = "COD-AB:ML03"
MOST_BYTES = 150_000


def regions(base):
    page = httpx.get(f"{base}/nearest/offline?lang=fr", timeout=60).text
    return [each.partition('"')[0] for each in page.split('<option value="')[1:]]


def keep(page, address):
    page.goto(f"{address}/nearest/offline?lang=fr&area={SIKASSO}")
    page.get_by_role("button", name="Garder dans ce navigateur").click()
    page.get_by_text("C’est gardé").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("searchbox").wait_for()


def test_it_is_searched_and_read_with_the_server_gone(seeded_url, browser):
    with served(seeded_url) as (address, process):
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = context.new_page()
        keep(page, address)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        process.terminate()
        process.wait()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/livez")
        for path in ("/nearest/offline?lang=fr", "/nearest?lang=fr", f"/nearest/offline?lang=fr&area={SIKASSO}"):
            page.goto(f"{address}{path}")
            page.get_by_text("Chargé il y a 0 jours").wait_for()
        page.get_by_role("searchbox").fill("medicaux SIKASSO")
        found = page.locator("#packs .places li")
        assert found.count() > 0
        assert all("Soins médicaux" in each and "Sikasso" in each for each in found.all_inner_texts())
        assert "lu-sa 08:00-17:00" in found.first.inner_text()
        assert found.first.locator("a[href^='tel:']").count() == 1
        page.get_by_text("Abus sexuels").click()
        assert page.locator("#packs details[open]").get_by_text("prévenir :").first.is_visible()
        page.get_by_role("button", name="Recharger").click()
        page.get_by_text("Le chargement a échoué").wait_for()
        page.get_by_role("searchbox").wait_for()
        page.get_by_role("button", name="Retirer").click()
        page.get_by_text("Aucune région").wait_for()
        context.close()


@pytest.mark.parametrize(("days", "said"), [(29, "Chargé il y a 29 jours"), (30, "trop ancien"), (-2, "L’horloge")])
def test_it_tells_its_age_and_shows_nothing_once_it_is_old(base, browser, days, said):
    context = browser.new_context()
    page = context.new_page()
    keep(page, base)
    page.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=days))
    page.goto(f"{base}/nearest/offline?lang=fr")
    page.get_by_text(said).wait_for()
    assert (page.locator("#packs a[href^='tel:']").count() > 0) is (days == 29)
    assert (page.get_by_text("Abus sexuels").count() > 0) is (days == 29)
    context.close()


def test_nothing_is_kept_of_what_is_sent(base, browser):
    context = browser.new_context()
    page = context.new_page()
    keep(page, base)
    page.goto(f"{base}/nearest?lang=fr")
    page.locator("[name=place]").fill("Koutiala")
    page.locator("[name=incident]").select_option("SEXUAL_ABUSE")
    page.get_by_role("button", name="Trouver de l’aide").click()
    page.get_by_role("heading", name="Qui doit être prévenu").wait_for()
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(
            async name => (await (await caches.open(name)).keys()).map(each => new URL(each.url).pathname)))).flat().sort()"""
    )
    assert kept == [
        "/assets/icon.svg",
        "/assets/offline.js",
        "/assets/pages.css",
        "/nearest/offline",
        f"/nearest/packs/{quote(SIKASSO, safe='')}.json",
    ]
    context.close()


def test_every_region_is_small_and_holds_nothing_confidential(seeded_url, figure):
    with owner_transaction(seeded_url) as connection:
        hidden = [
            str(each)
            for row in connection.exec_driver_sql(
                "SELECT s.name, g.contact, s.id FROM lakana.service s JOIN lakana.front_gate g ON g.service_id = s.id"
            )
            for each in row
        ]
        public = connection.exec_driver_sql(
            "SELECT count(*) FROM lakana.service s WHERE NOT confidential AND point IS NOT NULL"
        ).scalar_one()
    assert hidden
    with served(seeded_url, LAKANA_KEY_PEPPER=PEPPER) as (address, _):
        codes = regions(address)
        assert len(codes) == len({*codes}) == 20
        sizes, services = [], 0
        for code in codes:
            answer = httpx.get(f"{address}/nearest/packs/{code}.json?lang=fr", timeout=60)
            sizes.append(len(gzip.compress(answer.content)))
            services += sum("hours" in each or "languages" in each for each in answer.json()["found"])
            assert not [each for each in hidden if each in answer.text], code
            assert '"illustrative":true' in answer.text or not answer.json()["found"]
    figure("offline packs of 20 regions, compressed", f"{min(sizes) / 1e3:.0f} to {max(sizes) / 1e3:.0f} kB", "150")
    assert max(sizes) <= MOST_BYTES
    assert services > public / 2


def test_the_region_s_size_is_told_without_a_script(base):
    page = httpx.get(f"{base}/nearest/offline?lang=en&area={SIKASSO}", timeout=60)
    assert "bodies and services, " in page.text
    assert "manifest-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{base}/nearest/packs/XX:NONE.json").status_code == 400
    assert httpx.get(f"{base}/nearest/offline?area=XX:NONE&lang=fr", timeout=60).status_code == 200
    worker = httpx.get(f"{base}/nearest/worker.js?lang=fr")
    assert worker.headers["service-worker-allowed"] == "/nearest"
    manifest = httpx.get(f"{base}/nearest/manifest.webmanifest?lang=bm").json()
    assert (manifest["scope"], manifest["start_url"]) == ("/nearest", "/nearest/offline?lang=bm")
