import doctest
import importlib
import pkgutil
import re
from datetime import date, datetime, timedelta, timezone

import pytest

import maps
from geo.vocabulary import Locale
from maps import numbers, palette
from maps.words import CARD, WORDS, words


@pytest.mark.parametrize("locale", Locale)
def test_every_word_stands_in_every_language(locale):
    said = words(locale)
    assert set(said) == set(WORDS)
    assert all(text.strip() for text in said.values())


def test_translations_keep_the_placeholders():
    for name, row in WORDS.items():
        places = {frozenset(re.findall(r"\{\w+\}", text)) for text in row if text}
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
