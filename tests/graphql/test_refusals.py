"""Pages that cannot be shown say so in the language of the page."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from api.app import create_app
from api.identity.budget import MAP_COST
from api.pages.catalogue import catalogue
from api.pages.errors import SENTENCES
from api.settings import Settings
from geo.vocabulary import Locale

pytestmark = pytest.mark.database

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
COVERAGE = "/maps/coverage.html"


@pytest.mark.parametrize(
    ("path", "field", "french", "english"),
    [
        (f"{COVERAGE}?category=MAGIC", "category", "choisissez parmi CASE_MANAGEMENT", "choose one of CASE_MANAGEMENT"),
        (f"{COVERAGE}?metres=x", "metres", "0,001 à 1\u202f000\u202f000", "0.001 to 1,000,000"),
        (f"{COVERAGE}?metres=0", "metres", "0,001 à 1\u202f000\u202f000", "0.001 to 1,000,000"),
        (f"{COVERAGE}?metres=1000001", "metres", "un nombre de mètres", "a number of metres"),
    ],
)
def test_a_bad_choice_is_told_in_the_language_of_the_page(http, path: str, field: str, french: str, english: str):
    for lang, words_ in (("", french), ("&lang=fr", french), ("&lang=bm", french), ("&lang=en", english)):
        answer = http("GET", path + lang)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.text.startswith(f"{field}: ")
        assert words_ in answer.text
        page = http("GET", path + lang, headers=BROWSER)
        assert page.status_code == 400
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-store"
        assert "script-src" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert words_ in page.text


def test_an_unknown_language_is_told_in_french_and_not_repeated(http):
    answer = http("GET", "/?lang=<b>", headers=BROWSER)
    assert answer.status_code == 400
    assert '<html lang="fr">' in answer.text
    assert "lang: choisissez fr, en ou bm." in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(("lang", "told"), [("fr", "Il n’y a pas de page"), ("en", "There is no page")])
@pytest.mark.parametrize("path", ["/maps/nothing.html", "/nothing", "/assets/nothing.css"])
def test_a_path_that_leads_nowhere(http, path: str, lang: str, told: str):
    for headers in ({}, BROWSER):
        answer = http("GET", f"{path}?lang={lang}", headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-language"] == lang
        assert told in answer.text


@pytest.mark.parametrize(("lang", "told"), [("fr", "La clé ou le jeton"), ("en", "The key or token")])
def test_a_key_that_is_not_good(http, lang: str, told: str):
    for path in ("/", "/maps/overview.html"):
        answer = http("GET", f"{path}?lang={lang}", headers=BROWSER | {"authorization": "Bearer nonsense"})
        assert answer.status_code == 401
        assert told in answer.text
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    api = http("GET", "/graphql?query={__typename}", headers=BROWSER | {"authorization": "Bearer nonsense"})
    assert api.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(("lang", "told"), [("fr", r"réessayez dans \d+\xa0s"), ("en", r"try again in \d+ s")])
def test_too_many_maps(seeded_url: str, lang: str, told: str):
    app = create_app(Settings(cost_per_minute={"public": MAP_COST // 2}), seeded_url)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://lakana.test") as client:
            return await client.get(f"{COVERAGE}?lang={lang}", headers=BROWSER)

    answer = asyncio.run(ask())
    app.state.resources.close()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert re.search(told, answer.text)


def test_each_refusal_has_its_words_in_french():
    assert {"400", "401", "404", "429", "503"} <= SENTENCES.keys()
    assert all(catalogue(Locale.FR)[each].string for each in SENTENCES.values())


@pytest.mark.parametrize(
    "path", ["/", "/graphql", "/?lang=%7B%7B7*191%7D%7D", "/maps/overview.html?lang=%7B%23", "/nowhere"]
)
def test_no_page_runs_what_stands_in_it(http, path):
    page = http("GET", path, headers={"accept": "text/html"})
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["connect-src"] == "'self'"
    assert policy.get("script-src", "'self'") == "'self'"
    assert policy["default-src"] == "'none'"
    assert not re.search(r"<script(?! src=)", page.text)
    assert "1337" not in page.text
