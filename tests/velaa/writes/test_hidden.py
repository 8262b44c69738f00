"""A shelter of Velaa that was public and becomes confidential."""

from __future__ import annotations

import pytest

from tests.writes.test_hidden import (
    remembered,
    test_it_has_new_ids_and_a_new_name_and_begins_anew,
    test_nothing_that_is_kept_leads_from_the_one_to_the_other,
    test_the_steward_who_hides_it_is_told_what_had_been_public_and_nobody_else,
    test_of_what_was_loaded_it_is_told_when_the_log_begins,
    test_a_replay_of_before_answers_the_old_id_which_is_nothing,
    test_a_proposal_to_hide_it_is_forgotten_with_all_else,
    test_whoever_writes_it_has_a_new_id,
    test_published_and_hidden_again_it_is_another_one_again,
    test_how_many_places_there_are_is_told_in_tens_and_kept_apart,
    test_all_shelters_of_an_organisation_change_at_one_time,
    test_a_server_publishes_what_is_due,
    test_the_day_of_the_last_visit_comes_back_when_it_is_published,
    test_numbers_come_along_when_it_is_hidden_and_back_when_it_is_published,
    test_a_shelter_is_hidden_with_new_numbers_at_once,
)

pytestmark = pytest.mark.database
