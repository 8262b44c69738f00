"""What is hidden in Velaa is hidden again after an older backup is restored."""

from __future__ import annotations

import pytest

from tests.writes.test_hidden_again import (
    restored,
    test_a_backup_of_before_shows_no_shelter_that_was_hidden_since,
    test_whoever_ran_it_then,
    test_who_hangs_up_while_hiding_it_is_noted_too,
    test_without_zones_it_is_told_and_not_served,
    test_what_one_database_has_hidden_is_not_hidden_in_another,
    test_it_is_noted_as_it_is_hidden,
)

pytestmark = pytest.mark.database
