"""No page in French has a text that stands in the catalogue in English; what has no Bambara is marked as French."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from api.pages.catalogue import catalogue
from api.pages.errors import PAGES
from geo.vocabulary import Locale
from geo.vocabulary.labels import _LABELS
from tests.pages.test_nearest import ASKED

pytestmark = pytest.mark.database

GETS = sorted({*PAGES, "/nowhere", "/nearest/offline", "/nearest/offline?area=COD-AB:ML03"})
POSTS = {
    "/nearest": [ASKED, ASKED | {"place": ""}, ASKED | {"place": "Xqzwvk"}, ASKED | {"age": "18"}],
    "/nearest/wrong-number": [ASKED, ASKED | {"at": "12.39 -5.46"}],
    "/nearest.txt": [
        {"place": "Koutiala", "need": "abri"},
        {"place": "Koutiala"},
        {"place": "23 -2", "need": "police"},
    ],
}
FRENCH = {each.id: str(each.string) for each in catalogue(Locale.FR) if each.id}
ENGLISH = {
    each
    for each in {*(piece.strip() for text in FRENCH for piece in re.split(r"\{\w+\}", str(text)))}
    | {words[1] for words in _LABELS.values()}
    if len(each) > 9 and not any(each in words for words in FRENCH.values())
    if not any(each in words[0] for words in _LABELS.values())
}
"""What is said in English and not so in French; what is shorter is a part of other words."""


def pages(base, lang):
    sign = {"accept": "text/html", "accept-language": lang}
    for path in GETS:
        yield path, httpx.get(f"{base}{path}", headers=sign, timeout=60)
    for path, forms in POSTS.items():
        for form in forms:
            yield f"{path} {form}", httpx.post(f"{base}{path}", data=form, headers=sign, timeout=60)


def left(text):
    """Return the English that a page in French says."""
    return {each for each in ENGLISH if each in html.unescape(text)}


def test_every_page_is_whole_in_french_and_in_english(base):
    assert len(ENGLISH) > 150
    assert {name: found for name, answer in pages(base, "fr") if (found := left(answer.text))} == {}
    whole_french = {words for words in FRENCH.values() if len(words) > 25 and "{" not in words} - {*FRENCH}
    for name, answer in pages(base, "en"):
        assert {each for each in whole_french if each in html.unescape(answer.text)} == set(), name


def test_it_finds_a_text_that_nobody_translated():
    assert left("<p>Who must be told</p>") == {"Who must be told"}
    assert left("<p>Qui doit être prévenu</p>") == set()


def test_a_page_in_bambara_says_what_is_french(base):
    for name, answer in pages(base, "bm"):
        if not name.startswith("/nearest.txt") and not answer.is_redirect:  # to sign in
            assert "elle est en français" in answer.text, name
            assert 'lang="fr"' in answer.text, name
