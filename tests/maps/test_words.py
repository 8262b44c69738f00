import ast
import doctest
import importlib
import pkgutil
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import maps
from geo.vocabulary import Locale
from geo.vocabulary.catalogues import catalogue
from maps import numbers, palette
from maps.words import CARD, WORDS, words


def translations(locale):
    return {each.context: each for each in catalogue("maps", "words", locale) if each.id}


@pytest.mark.parametrize("locale", [Locale.FR, Locale.BM])
def test_every_translation_is_of_a_text_that_maps_say(locale):
    assert {name: each.id for name, each in translations(locale).items() if each.id != WORDS.get(name)} == {}


def test_french_is_whole():
    assert {name for name in WORDS if name not in translations(Locale.FR)} == set()


def test_no_text_of_a_map_stands_in_its_code():
    """A text that a reader sees comes from the catalogue: what is handed to ``escaped`` is no constant of its own."""
    found = [
        f"{file.name}:{each.lineno}"
        for file in sorted(Path(maps.__file__).parent.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"escaped", "Entry", "Group"}
        for each in node.args
        if isinstance(each, ast.Constant) and re.search(r"[a-z]{3}", repr(each.value))
    ]
    assert found == []


@pytest.mark.parametrize("locale", Locale)
def test_every_word_stands_in_every_language(locale):
    said = words(locale)
    assert set(said) == set(WORDS)
    assert all(text.strip() for text in said.values())


def test_translations_keep_the_placeholders():
    for name in WORDS:
        places = {frozenset(re.findall(r"\{\w+\}", words(locale)[name])) for locale in Locale}
        assert len(places) == 1, name


def test_families_and_cards_have_words():
    assert {*palette.FAMILIES, *CARD} <= set(WORDS)


def test_bambara_falls_back_to_french():
    assert words(Locale.BM)["close"] == "Datugu"
    assert words(Locale.BM)["sources"] == words(Locale.FR)["sources"]


def test_french_signs_do_not_break_from_their_word():
    assert "illustration\u00a0:" in words(Locale.FR)["illustrative_head"]
    assert "«\u00a00–4\u00a0»" in words(Locale.FR)["counts_note"]
    assert "\u00a0" not in words(Locale.EN)["illustrative_head"]


def test_a_moment_is_told_by_its_day_in_utc():
    late = datetime(2025, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-1)))
    assert numbers.day(late, Locale.EN) == "1 January 2026"
    assert numbers.day(date(2025, 8, 1), Locale.BM) == "1 uti 2025"


@pytest.mark.parametrize("locale", Locale)
def test_twelve_months(locale):
    assert len({numbers.day(date(2025, month, 2), locale) for month in range(1, 13)}) == 12


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(maps.__path__)))
def test_examples(name):
    assert doctest.testmod(importlib.import_module(f"maps.{name}")).failed == 0
