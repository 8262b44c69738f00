"""Answers larger than a response may be are not joined, nor brought from the database."""

from __future__ import annotations

import re

import pytest

from api.graphql.compile import response
from api.graphql.schema import compiled_schema
from geo.database.session import Session

pytestmark = pytest.mark.database

AREAS = "adminAreas(level: ADM1, first: 6) { edges { node { parent { ...G } } } }"
TOO_LARGE = "The response is larger than 2 MB; ask for less: adminAreas by first or parentCode or fewer fields."


def outlines(times: int) -> str:
    """A fragment with the nation's outline so many times, 0.3 MB each for its regions."""
    fields = " ".join(f"g{number}: geometry" for number in range(times))
    return f" fragment G on AdminArea {{ {fields} }}"


@pytest.fixture
def brought(monkeypatch) -> list[int]:
    """The characters of each answer that the database gave."""
    sizes = []
    fetch = Session._fetch

    async def noted(session, job):
        answer = await fetch(session, job)
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


def test_an_error_names_arguments_that_the_field_has():
    """The limit is that of what is asked for; where nothing is left to choose, fewer fields."""
    query = compiled_schema().query_type
    assert query is not None
    fields = query.fields
    told = {name: response.too_large({name: each}).body.decode() for name, each in fields.items()}
    for name, each in fields.items():
        named = re.findall(r"(\w+)(?: or|\.)", told[name].partition(f"{name} by ")[2].replace("fewer fields", ""))
        assert set(named) <= each.args.keys(), name
        assert ("first" in named) == ("first" in each.args), name
    assert "than 2 MB; ask for less: node by fewer fields." in told["node"]
    assert "than 10 MB; ask for less: featureCollection by first or bbox or areaCode." in told["featureCollection"]


def test_an_answer_at_the_limit_is_given_and_one_byte_more_is_not(ask, brought, monkeypatch):
    document = "{{ {key}: adminAreas(level: ADM1, first: 8) {{ edges {{ node {{ parent {{ geometry }} }} }} }} }}"
    whole = ask(document.format(key="first"))["data"]["first"]
    [size] = brought
    for key, less, given in (("second", 0, True), ("third", 1, False)):
        monkeypatch.setattr(response, "MAX_RESPONSE_BYTES", size + len(f'{{"data":{{"{key}":}}}}') - less)
        answer = ask(document.format(key=key))
        assert (answer["data"] == {key: whole}) is given
        assert ("errors" in answer) is not given
