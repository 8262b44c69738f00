"""Answers larger than a response may be are not joined, nor brought from the database."""

from __future__ import annotations

import pytest

from api.graphql.compile import compiled_operation, response
from geo.database.session import Session

pytestmark = pytest.mark.database

AREAS = "adminAreas(level: 1) { edges { node { parent { ...G } } } }"
TOO_LARGE = "The response is larger than 2 MB; ask for fewer items (first) or fields."


def outlines(times: int) -> str:
    """A fragment with the nation's outline so many times, 0.3 MB each for its regions."""
    fields = " ".join(f"g{number}: geometry" for number in range(times))
    return f" fragment G on AdminArea {{ {fields} }}"


@pytest.fixture
def brought(monkeypatch) -> list[int]:
    """The characters of each answer that the database gave."""
    sizes = []
    fetch = Session._fetch

    def noted(session, job):
        answer = fetch(session, job)
        sizes.append(len(answer or ""))
        return answer

    monkeypatch.setattr(Session, "_fetch", noted)
    return sizes


def test_one_answer_that_is_too_large_stays_in_the_database(ask, brought):
    answer = ask(f"{{ {AREAS} }}" + outlines(10))
    assert (answer["data"], answer["errors"][0]["message"]) == (None, TOO_LARGE)
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
    assert brought == [0]


def test_no_more_is_asked_for_when_all_are_too_large_together(ask, brought):
    roots = " ".join(f"r{number}: {AREAS}" for number in range(5))
    answer = ask(f"{{ {roots} }}" + outlines(2))
    assert (answer["data"], answer["errors"][0]["message"]) == (None, TOO_LARGE)
    assert len(brought) == 4  # of 0.6 MB each
    assert all(0 < size < response.MAX_RESPONSE_BYTES for size in brought)


def test_an_answer_at_the_limit_is_given_and_one_byte_more_is_not(ask, brought, monkeypatch):
    document = "{{ {key}: adminAreas(level: 1, first: 8) {{ edges {{ node {{ parent {{ geometry }} }} }} }} }}"
    whole = ask(document.format(key="first"))["data"]["first"]
    [size] = brought
    for key, most, given in (("second", size, True), ("third", size - 1, False)):
        monkeypatch.setattr(compiled_operation, "MAX_RESPONSE_BYTES", most)
        answer = ask(document.format(key=key))
        assert (answer["data"] == {key: whole}) is given
        assert ("errors" in answer) is not given
