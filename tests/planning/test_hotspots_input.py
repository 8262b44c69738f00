"""What hotspots cannot be asked with: a sentence each that says what to change."""

from __future__ import annotations

import re

import pytest

from api.graphql.compile.response import Refused
from geo.arguments import Period
from geo.errors import BadInput
from geo.queries.incidents.hotspots import Hotspots, Neighbourhood
from geo.vocabulary import AreaLevel
from tests.graphql.conftest import ask, ask_as, operations, resources, run  # noqa: F401  fixtures
from tests.planning.test_hotspots import ASKED

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"period": "2025-Q5"}, "period: give a year"),
        ({"neighbours": {"nearest": 0}}, "neighbours.nearest: 0 is outside 1 to 50"),
        ({"neighbours": {"nearest": 51}}, "neighbours.nearest: 51 is outside 1 to 50"),
        ({"neighbours": {"distanceMetres": 0}}, "neighbours.distanceMetres: 0.0 is outside"),
        ({"permutations": 98}, "permutations: 98 is outside 99 to 9,999"),
        ({"permutations": 10_000}, "permutations: 10000 is outside 99 to 9,999"),
        ({"seed": -1}, "seed: -1 is outside 0 to"),
        ({"first": 51}, "first: 51 is outside 1 to 50"),
        ({"area": "COD-AB:XX"}, "no area in force bears the code COD-AB:XX"),
        ({"after": "WzFd"}, "after: not a cursor of this list"),
    ],
)
def test_bad_input_says_what_to_change(ask, wrong, said):  # noqa: F811
    [error] = ask(ASKED, **({"first": 5} | wrong))["errors"]
    assert said in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_neighbours_are_one_or_the_other(ask):  # noqa: F811
    with pytest.raises(Refused) as refused:
        ask(ASKED, neighbours={"nearest": 3, "distanceMetres": 5})
    assert "NeighboursInput" in str(refused.value.errors)


def test_infinite_bands_are_refused():
    with pytest.raises(BadInput, match=re.escape("neighbours.distance_m: nan")):
        Hotspots(level=AreaLevel.LOCALITY, period=Period("2025"), neighbours=Neighbourhood(distance_m=float("nan")))
