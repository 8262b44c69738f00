"""Where a confidential site of Velaa stands is told to nobody but a custodian."""

from __future__ import annotations

import pytest

from geo.audience import Audience
from tests.attacks.canary import forms, traces
from tests.attacks.client import WITHOUT_CUSTODIAN
from tests.attacks.size import SIZE
from tests.attacks.test_noninterference import replayed, test_the_worlds_differ
from tests.attacks.test_trilateration import (
    aims,
    blind,
    read,
    test_there_are_targets_in_every_zone_also_some_that_were_public,
    test_distances_and_thresholds_find_no_more_than_a_blind_guess,
    test_what_is_linked_to_it_finds_no_more_than_a_blind_guess,
    test_the_best_of_all_guesses_is_no_better_than_a_blind_one,
    test_no_area_finds_it_that_does_not_hold_its_zone,
)

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.mark.parametrize("audience", WITHOUT_CUSTODIAN if SIZE.chunks else [Audience.PUBLIC, Audience.PARTNER])
def test_a_move_inside_its_zone_changes_no_answer(replayed, audience):
    found = replayed(audience)
    assert found.requests > 50
    assert not found.differences, "\n".join(found.differences[:5])


def test_no_answer_tells_the_canary(scout, planned, canary):
    looked_for = forms(canary)
    asked = [each for each in planned(Audience.PUBLIC) if not traces(str(each).encode(), looked_for)]
    assert len(asked) > 100
    assert [each for each in asked if traces(scout.answer(each, Audience.PUBLIC).content, looked_for)] == []
