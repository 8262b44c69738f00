"""Whose a cached document is: everybody's, unless its text itself holds what its caller chose."""

from __future__ import annotations

import asyncio

import pytest

from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.graphql.schema import compiled_schema
from geo.audience import Audience, Caller

ONE, OTHER = (Caller(Audience.PARTNER, holder) for holder in ("key one", "key other"))

OPTIONS = "incidentType: FORCED_BEGGING, first: 2) { __typename } }"
SHARED = {
    "no values": "{ sources { name } }",
    "terms and sizes": "{ services(categories: [MEDICAL], first: 5) { totalCount } }",
    "a name by a variable": "query ($s: String!) { places(search: $s, first: 1) { matchedName } }",
    "a place by variables": "query ($at: PointInput!) { referralOptions(at: $at, " + OPTIONS,
    "a place by its parts": "query ($x: Float!, $y: Float!) { referralOptions(at: {lon: $x, lat: $y}, " + OPTIONS,
    "what is left open": "query ($at: PointInput!) { referralOptions(at: $at, age: null, " + OPTIONS,
    "a write by variables": """mutation ($id: ID!, $version: Int!, $key: String!) {
      retireActor(input: {id: $id, expectedVersion: $version, idempotencyKey: $key}) { __typename } }""",
}
PRIVATE = {
    "a place": "{ referralOptions(at: {lon: -8, lat: 12}, " + OPTIONS,
    "half a place": "query ($x: Float!) { referralOptions(at: {lon: $x, lat: 12}, " + OPTIONS,
    "an age": "query ($at: PointInput!) { referralOptions(at: $at, age: 9, " + OPTIONS,
    "a sex": "query ($at: PointInput!) { referralOptions(at: $at, sex: GIRL, " + OPTIONS,
    "a default": "query ($at: PointInput = {lon: -8, lat: 12}) { referralOptions(at: $at, " + OPTIONS,
    "in a fragment": "{ ...f } fragment f on Query { referralOptions(at: {lon: -8, lat: 12}, " + OPTIONS,
    "whose place": '{ exactLocation(shelterId: "a", purpose: "to bring a child") { __typename } }',
    "a write": 'mutation { retireActor(input: {id: "a", expectedVersion: 1, idempotencyKey: "k"}) { __typename } }',
    "an area": '{ services(areaCode: "COD-AB:ML01", first: 5) { totalCount } }',
    "a town": '{ places(search: "koutyala", first: 1) { matchedName } }',
    "an id": '{ node(id: "00000000-0000-4000-8000-000000000000") { id } }',
    "a box": "{ services(bbox: {west: -4, south: 12, east: -3, north: 13}) { totalCount } }",
    "a distance": "{ coverage(need: {categories: [MEDICAL]}, within: {metres: 30000}) { total { coveredUnder18 } } }",
    "a name as a default": 'query ($s: String! = "koutyala") { places(search: $s) { matchedName } }',
    "a comment": "{ sources { name } } # near Koutiala",
    "in a nested field": '{ actors(first: 1) { edges { node { name @skip(if: false) } } } places(search: "a") { score } }',
    "beside what is run": "query a { sources { name } } query b { referralOptions(at: {lon: -8, lat: 12}, " + OPTIONS,
    "what is not valid": "{ referralOptions(at: {lon: -8, lat: 12}) { nothing } }",
    "what is no document": "{ referralOptions(at: {lon: -8, lat: 12}",
    "what is too long": "{ referralOptions(at: {lon: -8, lat: 12}) { " + "x " * 200 + "} }",
}


def known_to(document: str, caller: Caller) -> bool:
    """Tell whether a document that one caller has sent is found for another, or for themselves."""
    operations = Operations(compiled_schema())
    name = "a" if document.startswith("query a") else None
    try:
        asyncio.run(operations.read(document, name, ONE))
    except Refused as refused:
        assert document in (
            PRIVATE["what is not valid"],
            PRIVATE["what is no document"],
            PRIVATE["what is too long"],
        ), refused.errors
    return operations._find(document, name, caller) is not None


@pytest.mark.parametrize("what", SHARED)
def test_what_is_the_same_for_everybody_is_read_once(what):
    assert known_to(SHARED[what], OTHER)


@pytest.mark.parametrize("what", PRIVATE)
def test_what_holds_a_choice_is_kept_for_its_holder_alone(what):
    """The time of an answer, or a full queue, told whether somebody had sent the same."""
    assert not known_to(PRIVATE[what], OTHER)
    assert known_to(PRIVATE[what], ONE)
