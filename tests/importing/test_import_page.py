"""The page of imports as a steward uses it: choose, see what was recognised, correct, see the report, confirm."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from geo.database.owner import owner_transaction
from tests.importing.test_uploads import PEPPER, a_key
from tests.served import UNSEEDED, served

pytestmark = [pytest.mark.browser, pytest.mark.database]

ROWS = "qui;sigle;genre\nKanuya;K;ONG nat\n<script>alert(1)</script>;X;danse\nJigiya;J;ONG nat\n"


@pytest.fixture(scope="module")
def server(copy_migrated) -> Iterator[tuple[str, str]]:
    url = copy_migrated()
    with served(url, UNSEEDED, LAKANA_KEY_PEPPER=PEPPER) as (base, _):
        yield base, url


@pytest.fixture
def page(browser: Browser, server) -> Iterator[Page]:
    """A page that fails its test where it complains, breaks a policy or asks elsewhere."""
    context = browser.new_context(viewport={"width": 1100, "height": 1500})
    elsewhere, complaints = [], []

    def refuse(route: Route) -> None:
        if route.request.url.startswith((server[0], "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", refuse)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert elsewhere == []
    assert [each for each in complaints if "401" not in each and "404" not in each] == []


def test_a_steward_imports_a_file(page, server, tmp_path):
    base, url = server
    file = tmp_path / "liste.csv"
    file.write_text(ROWS, encoding="utf-8")
    page.goto(f"{base}/?lang=fr")
    page.get_by_role("link", name="Importer des fichiers").click()
    page.wait_for_url("**/imports?lang=fr")
    assert "Importer un fichier" in page.title()
    page.locator("[name=key]").fill("lk_wrong")
    page.locator("[name=kind]").select_option("organizations")
    page.locator("[name=file]").set_input_files(str(file))
    page.get_by_role("button", name="Lire le fichier").click()
    page.locator("#state").get_by_text("key or token").wait_for()
    page.locator("[name=key]").fill(a_key(url, "STEWARD"))
    page.get_by_role("button", name="Lire le fichier").click()
    page.locator("#state").get_by_text("Aucune colonne").wait_for()  # nobody knows what « qui » is
    assert not page.locator("#report").is_visible()
    page.get_by_label("qui", exact=True).select_option("name")
    page.get_by_role("button", name="Relire").click()
    page.locator("#report").wait_for()
    assert "rien n’a été chargé" in page.locator("#outcome").inner_text()
    assert page.get_by_label("genre", exact=True).input_value() == ""
    page.get_by_label("genre", exact=True).select_option("kind")
    page.get_by_role("button", name="Relire").click()
    page.locator("#problems").get_by_text("danse").first.wait_for()
    if folder := os.environ.get("LAKANA_TEST_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/imports.png", full_page=True)
    assert not page.get_by_role("button", name="Charger", exact=True).is_visible()
    page.locator("[name=acceptPartial]").check()
    page.get_by_role("button", name="Relire").click()
    load = page.get_by_role("button", name="Charger", exact=True)
    load.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename == "report.fr.xlsx"
    load.click()
    page.locator("#state").get_by_text("C’est chargé").wait_for()
    with owner_transaction(url) as connection:
        names = connection.exec_driver_sql("SELECT name FROM lakana.organization ORDER BY name").scalars().all()
        assert names == ["Jigiya", "Kanuya"]
        [(imported, holder)] = connection.exec_driver_sql("SELECT id::text, holder FROM audit.import").all()
    assert imported in page.locator("#state").inner_text()
    assert holder.startswith("key:")


def test_the_page_speaks_english_and_gives_up(page, server, tmp_path):
    base, url = server
    file = tmp_path / "liste.csv"
    file.write_text("nom\nSininyɛsigi\n", encoding="utf-8")
    page.goto(f"{base}/imports?lang=en")
    page.locator("[name=key]").fill(a_key(url, "STEWARD"))
    page.locator("[name=kind]").select_option("organizations")
    page.locator("[name=file]").set_input_files(str(file))
    page.get_by_role("button", name="Read the file").click()
    page.locator("#outcome").get_by_text("Dry run").wait_for()
    page.get_by_role("button", name="Give up").click()
    page.locator("#state").get_by_text("Given up").wait_for()
    assert not page.locator("#report").is_visible()
    with owner_transaction(url) as connection:
        assert (
            connection.exec_driver_sql("SELECT count(*) FROM lakana.organization WHERE name LIKE 'Sini%%'").scalar()
            == 0
        )


def choose(page, server, tmp_path, content, kind):
    base, url = server
    file = tmp_path / "liste.csv"
    file.write_text(content, encoding="utf-8")
    page.goto(f"{base}/imports?lang=en")
    page.locator("[name=key]").fill(a_key(url, "STEWARD"))
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=file]").set_input_files(str(file))


def test_only_what_a_steward_chooses_is_a_persons_word_on_a_secret_column(page, server, tmp_path):
    choose(page, server, tmp_path, "qui,Ne pas publier\nKanuya,oui\n", "organizations")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_label("qui", exact=True).select_option("name")
    page.get_by_role("button", name="Read again").click()
    page.locator("#state").get_by_text("may tell what is to be kept secret").wait_for()
    assert page.get_by_label("qui", exact=True).input_value() == "name"
    page.get_by_label("Ne pas publier", exact=True).select_option("-")
    page.get_by_role("button", name="Read again").click()
    page.locator("#outcome").get_by_text("Dry run").wait_for()
    page.get_by_role("button", name="Give up").click()


def test_the_page_says_that_the_server_has_lost_a_file(page, server, tmp_path):
    choose(page, server, tmp_path, "nom\nSininyɛsigi\n", "organizations")
    with page.expect_response(lambda answer: answer.url.endswith("/imports") and answer.status == 202) as sent:
        page.get_by_role("button", name="Read the file").click()
    page.locator("#outcome").get_by_text("Dry run").wait_for()
    key = page.locator("[name=key]").input_value()
    gone = page.request.delete(server[0] + sent.value.json()["href"], headers={"authorization": f"Bearer {key}"})
    assert gone.status == 204
    page.get_by_role("button", name="Load", exact=True).click()
    page.locator("#state").get_by_text("The server has this file no more").wait_for()
    assert not page.locator("#report").is_visible()


def test_what_no_column_says_is_said_on_the_page(page, server, tmp_path):
    choose(page, server, tmp_path, "adm1_pcode,adm1_name\nQQ01,Nord\n", "areas")
    page.get_by_text("Say more").click()
    for name, value in {"edition": "1", "nation": "QQ=Kaya", "validFrom": "2020-01-01"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Read the file").click()
    page.locator("#outcome").get_by_text("Dry run").wait_for()
    page.get_by_role("button", name="Load", exact=True).click()
    page.locator("#state").get_by_text("It is loaded").wait_for()
    with owner_transaction(server[1]) as connection:
        rows = connection.exec_driver_sql("SELECT code, name_fr, valid_from::text FROM lakana.admin_area").all()
    assert set(map(tuple, rows)) == {("QQ", "Kaya", "2020-01-01"), ("QQ01", "Nord", "2020-01-01")}


def test_mends_and_how_a_file_is_read_are_said_on_the_page(page, server, tmp_path):
    mends = tmp_path / "mends.csv"
    mends.write_text("where,field,value,why\nname=Sinj,name,Sinjiya,a letter too few\n", encoding="utf-8")
    choose(page, server, tmp_path, "une liste\nname;acronym\nSinj;S\n", "organizations")
    page.get_by_text("Say more").click()
    page.locator("[name=headerRow]").fill("2")
    page.locator("[name=delimiter]").fill(";")
    page.locator("[name=mends]").set_input_files(str(mends))
    page.get_by_role("button", name="Read the file").click()
    page.locator("#outcome").get_by_text("Dry run").wait_for()
    assert "mend" in page.locator("#problems").inner_text()
    page.get_by_role("button", name="Load", exact=True).click()
    page.locator("#state").get_by_text("It is loaded").wait_for()
    with owner_transaction(server[1]) as connection:
        names = connection.exec_driver_sql("SELECT name FROM lakana.organization WHERE acronym = 'S'").scalar()
    assert names == "Sinjiya"
