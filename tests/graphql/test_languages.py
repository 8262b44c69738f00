"""Answers in the language of the request, or in the one that a field asks for."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.database

QUERY = """query ($language: Language) { services(categories: [LEGAL_AID], first: 1) { edges { node {
  own: categoryLabel asked: categoryLabel(language: $language) bm: categoryLabel(language: "bm-ML") } } } }"""
FRENCH, ENGLISH = "Assistance juridique", "Legal aid"


def labels(http, accepted, language=None):
    headers = {} if accepted is None else {"accept-language": accepted}
    answer = http("POST", "/graphql", json={"query": QUERY, "variables": {"language": language}}, headers=headers)
    assert "Accept-Language" in answer.headers["vary"]
    [edge] = answer.json()["data"]["services"]["edges"]
    return edge["node"]


@pytest.mark.parametrize(
    ("accepted", "own"),
    [
        (None, FRENCH),
        ("en-GB,en;q=0.9,fr;q=0.8", ENGLISH),
        ("de, fr;q=0.5, en;q=0.1", FRENCH),
        ("de", FRENCH),
        ("en;q=0", FRENCH),
        (b"\xff;;q=,", FRENCH),
    ],
)
def test_the_language_of_the_request_is_that_of_the_answer(http, accepted, own):
    told = labels(http, accepted)
    assert told["own"] == told["asked"] == own


def test_what_a_field_asks_for_goes_first(http):
    told = labels(http, "en", "fr")
    assert (told["own"], told["asked"]) == (ENGLISH, FRENCH)
    assert told["bm"] == labels(http, "bm")["own"] == FRENCH, "no word of its own"


def test_other_languages_are_refused_with_those_that_there_are(http):
    answer = http("POST", "/graphql", json={"query": QUERY, "variables": {"language": "de"}}).json()
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "language"}
    assert "fr, en or bm" in answer["errors"][0]["message"]
    literal = '{ services(first: 1) { edges { node { categoryLabel(language: "de") } } } }'
    answer = http("POST", "/graphql", json={"query": literal}).json()
    assert answer["errors"][0]["message"] == (
        "Argument 'language' does not fit: Expected a value of type 'Language'. A language by its tag (BCP 47): fr, en or bm. "
        "A region behind it, as in fr-ML, is ignored."
    )
