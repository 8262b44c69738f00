"""Every text that a page says stands in the French catalogue, and nothing else does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

import api
from api.desk.choices import PROBLEMS as CHOICES
from api.desk.routes import TRIAL_WORDS
from api.desk.trial import PROBLEMS as TRIAL
from api.imports.words import ORDERS, TEXTS
from api.nearest.asked import PROBLEMS
from api.nearest.packs import HOURS
from api.pages.catalogue import LOCALES, Speaker, catalogue, found
from api.pages.errors import SENTENCES
from api.pages.templates import ROLES
from api.signed_in import acts, duplicates, mine, sign_in, steward
from geo.vocabulary import Locale, has_label
from geo.vocabulary.labels import _LABELS

API = Path(api.__file__).parent
SAYING = ("say", "plain")
PLACE = re.compile(r"\{(\w+)\}")


def said_by_templates():
    for file in sorted((API / "templates").glob("*.html")):
        with file.open("rb") as read:
            for _, _, found_texts, _ in babel_extract(read, SAYING, [], {}):
                text = found_texts if isinstance(found_texts, str) else found_texts and found_texts[0]
                if text:  # and not a variable
                    yield text


def said_by_code():
    for file in sorted(API.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SAYING and isinstance(node.args[0].value, str):
                    yield node.args[0].value


SAID = {
    *said_by_templates(),
    *said_by_code(),
    *SENTENCES.values(),
    *TEXTS.values(),
    *ORDERS.values(),
    *PROBLEMS.values(),
    *CHOICES.values(),
    *TRIAL.values(),
    *TRIAL_WORDS.values(),
    *sign_in.PROBLEMS.values(),
    *acts.NOT_DONE.values(),
    *steward.FIELDS.values(),
    *duplicates.FIELDS.values(),
    *steward.KINDS.values(),
    *steward.SAID.values(),
    *ROLES.values(),
    *(each.done for of in (steward.StewardPage, duplicates.DuplicatesPage, mine.OwnPage) for each in of.acts.values()),
    *HOURS,
}


def told(locale):
    return {each.id: each.string for each in catalogue(locale) if each.id}


def test_french_is_whole_and_holds_nothing_else():
    assert len(SAID) > 60
    assert {each for each in SAID if not told(Locale.FR).get(each)} == set()
    assert set(told(Locale.FR)) - SAID == set()
    assert set(told(Locale.BM)) - SAID == set()


def test_every_language_has_its_catalogue_but_english_which_stands_in_the_code():
    assert {each.name for each in LOCALES.iterdir()} == {each.name.lower() for each in Locale} - {"en"}


@pytest.mark.parametrize("locale", [Locale.FR, Locale.BM])
def test_translations_name_the_same_values(locale):
    assert {
        text for text, words in told(locale).items() if set(PLACE.findall(text)) != set(PLACE.findall(words))
    } == set()


def test_the_share_of_bambara_is_as_the_documentation_says():
    terms = [has_label(term, Locale.BM) for term in _LABELS]
    assert len(told(Locale.BM)) < len(told(Locale.FR)) / 100
    assert 1 / 9 < sum(terms) / len(terms) < 1 / 7
    text = (API.parent / "docs" / "contributing.md").read_text("utf-8")
    assert "of every 100 texts of pages fewer than 1, of the terms of the vocabulary 1 in 8" in text


def test_what_bambara_lacks_is_marked_as_french():
    speaker = Speaker(Locale.BM)
    assert speaker.say("Protecting children") == "Denmisɛnw lakanani"
    assert not speaker.borrowed
    assert speaker.say("Start page") == '<span lang="fr">Page d’accueil</span>'
    assert speaker.borrowed


def test_a_value_is_escaped():
    assert "&lt;b&gt;" in Speaker(Locale.EN).say("choose one of {names}.", names="<b>")


def test_a_text_without_french_is_an_error():
    with pytest.raises(KeyError):
        found("Nobody translated this.", Locale.FR)
