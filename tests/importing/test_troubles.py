"""Every trouble is told in French as in English, with the same values."""

from __future__ import annotations

import re

import pytest

from geo.vocabulary import Locale
from seeds import troubles
from seeds.troubles import FileTrouble, Refused, Trouble, said


def test_every_sentence_has_its_french_and_none_stands_there_for_nothing():
    sentences = {
        each for subject in Trouble.__subclasses__() for trouble in subject for each in (trouble.what, trouble.mend)
    }
    french = {str(each.id): str(each.string) for each in troubles.catalogue() if each.id}
    assert set(french) == sentences
    for sentence, translated in french.items():
        assert translated != sentence
        assert sorted(re.findall(r"{\w+}", translated)) == sorted(re.findall(r"{\w+}", sentence)), sentence
        assert sentence[-1] == translated[-1] == "."


def test_a_value_is_shown_short_on_one_line_and_without_what_nobody_sees():
    told = str(Refused(FileTrouble.NO_SHEET, sheet="a\n\u202eb", sheets="x" * 200))
    assert "a \ufffdb" in told
    assert "x" * 59 + "…" in told
    assert "\n" not in told


def test_what_nobody_has_translated_is_noticed():
    with pytest.raises(KeyError):
        said("Nobody has translated this.", Locale.FR)
