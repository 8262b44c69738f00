"""Who runs a confidential shelter of Velaa."""

from __future__ import annotations

import pytest

from tests.writes.test_unlisted import (
    test_a_kind_that_is_known_by_its_services_is_told_from_the_first_to_the_last,
    test_whether_it_is_told_does_not_depend_on_what_is_confidential,
    test_a_kind_that_is_always_told_runs_none,
    test_it_comes_back_with_its_log_and_its_version,
    test_its_organisation_is_told_with_it,
    test_nor_once_it_is_hidden,
    test_it_still_runs_its_shelter_and_may_run_another,
    test_it_comes_back_with_something_public,
    test_it_comes_back_as_its_shelter_is_published,
    test_that_another_runs_it_now_brings_nobody_back,
    test_no_cursor_counts_proposals_that_are_gone,
    test_a_proposal_that_is_under_way_while_it_is_hidden_finds_nothing,
    test_how_full_it_is_is_never_proposed,
    test_an_actor_that_leaves_tells_nobody_what_it_ran,
    test_who_runs_it_is_told_to_a_steward_and_never_proposed,
    test_hours_are_not_told,
    test_whether_it_is_full_tells_a_steward_no_number,
)

pytestmark = pytest.mark.database
