"""Short messages: what fits into one, and that nothing is lost by the letters that they are written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.nearest.needs import EVERYDAY, need_of
from geo.notations.short_messages import BASIC, EXTENSION, MOST_SEPTETS, MOST_UNITS, fits, packed, plain
from geo.texts import fold
from geo.vocabulary import Locale, ServiceCategory, label


def test_the_alphabet_is_that_of_gsm():
    assert (len(BASIC), len(EXTENSION), BASIC & EXTENSION) == (127, 10, frozenset())  # the 128th is the escape


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ségou, Kœnigsberg, ça, forêt", "Ségou, Koenigsberg, ca, foret"),
        ("Bamanankan: ɲɛgɛn, ŋɔmi", "Bamanankan: nyegen, ngomi"),
        ("ɛ̀ ɔ́", "e o"),
        ("1\u202f000 – « l’abri »…", '1 000 - " l\'abri "...'),
        ("سيكاسو", "سيكاسو"),
    ],
)
def test_letters_are_written_otherwise_where_the_sense_stays(text, written):
    assert plain(text) == written


@given(st.lists(st.text(min_size=1, max_size=300), max_size=8))
def test_every_message_fits_and_there_are_no_more(parts):
    told = packed(parts, 3)
    assert len(told) <= 3
    assert all(map(fits, told))


def test_another_script_has_seventy_places_and_costs_only_its_own_message():
    name = "ߓߡߊߞߐ " * 9 + "ߓ"
    assert len(name) > 50
    told = packed(["a" * 150, name, "b" * 150], 3)
    assert told == ["a" * 150, name, "b" * 150]
    assert [len(each) for each in packed(["ߓ" * 100], 1)] == [MOST_UNITS]
    assert [len(each) for each in packed(["x" * 200], 1)] == [MOST_SEPTETS]
    assert not fits("😀" * 36)
    assert fits("😀" * 35)


def test_every_word_of_every_day_means_one_need():
    words = [word for each in EVERYDAY.values() for word in each.split()]
    assert len(words) == len({*words})
    for need, known in EVERYDAY.items():
        assert {need_of(word) for word in known.split()} == {need}
        assert known == fold(known)
    for need in ServiceCategory:
        assert {need_of(need.name), *(need_of(label(need, locale)) for locale in Locale)} == {need}
    assert [need_of(each) for each in ("", "so", "famil", "xyz", "abri xyz")] == [None] * 5
