"""Referral in Velaa: across the antimeridian, by its clocks and by its law."""

from __future__ import annotations

import pytest

from tests.planning.test_referral import (
    desk,
    directory,
    test_options_and_reasons_equal_brute_force,
    test_whom_to_report_to_is_the_officer_of_the_place,
    test_far_from_every_town_there_is_whom_to_report_to,
    test_outside_all_jurisdictions_nobody_is_competent_and_the_nearest_remain,
    shelter,
    test_each_reason_on_its_boundary,
    test_a_shelter_whose_last_place_is_taken_is_full,
    test_a_home_takes_children_of_half_a_year_to_two_and_a_half,
    test_shelters_are_listed_for_an_age_in_months,
    test_boys_only,
    test_what_stands_exactly_at_the_limit_is_within_reach,
    test_a_time_of_travel_is_a_reach_too,
    test_hours_that_nobody_can_read_exclude_nobody,
    apart,
    test_confidential_services_are_told_apart_where_their_zone_holds_the_place,
    test_no_candidate_is_confidential,
    test_what_is_public_of_a_confidential_shelter_is_all_that_it_is_judged_by,
    test_a_full_confidential_shelter_is_told_as_full,
    test_partners_read_the_front_gate_of_those_told_apart,
    test_how_many_places_are_left_is_told_with_a_key,
    test_numbers_of_options,
    test_assumptions_name_what_is_not_known,
    crowded,
    test_full_shelters_do_not_hide_the_one_that_has_places,
    test_a_search_that_is_cut_off_says_so,
    test_what_is_closed_for_a_while_is_left_out_on_both_days,
)

pytestmark = pytest.mark.database
