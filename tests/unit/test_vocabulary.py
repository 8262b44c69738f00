"""The field's words: complete in every language, and every id of Primero known."""

from __future__ import annotations

import pytest

from geo.vocabulary import (
    PRIMERO_IDS,
    STAGES,
    ActorKind,
    IncidentType,
    Locale,
    Sector,
    ServiceCategory,
    label,
    labels,
)


@pytest.mark.parametrize("terms", [ActorKind, IncidentType, ServiceCategory, Sector])
def test_every_term_has_words_in_every_language(terms):
    for name, words in labels(terms).items():
        assert set(words) == {"FR", "EN", "BM"}
        assert all(words.values()), name


def test_terms_of_one_name_in_two_vocabularies_are_two():
    assert len({ActorKind.OTHER, IncidentType.OTHER, ServiceCategory.OTHER}) == 3
    assert label(ActorKind.OTHER) == label(IncidentType.OTHER) == "Autre"


def test_trafficking_and_smuggling_are_told_apart_in_every_language():
    for locale in Locale:
        assert label(IncidentType.TRAFFICKING, locale) != label(IncidentType.SMUGGLING, locale)


def test_every_category_has_its_stage_but_other():
    assert set(STAGES) == set(ServiceCategory)
    assert [category for category, stage in STAGES.items() if stage is None] == [ServiceCategory.OTHER]


def test_every_category_but_identification_has_a_primero_id():
    assert set(ServiceCategory) - set(PRIMERO_IDS.values()) == {ServiceCategory.IDENTIFICATION}
