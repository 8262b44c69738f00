"""What is released of the counts of Velaa is rounded, hides what is small, and tells nothing small exactly."""

from __future__ import annotations

import pytest

from tests.differencing.conftest import lattice, truth
from tests.differencing.test_attacks import (
    test_the_lattice_is_there_and_is_rounded,
    test_what_comes_from_fewer_than_three_localities_has_the_grain_of_localities,
    test_no_small_count_is_told_exactly,
    test_exact_counts_would_be_recovered,
    test_untold_is_not_zero,
)
from tests.differencing.test_surface import (
    test_an_area_chooses_cells_and_adds_none_up,
    test_a_gap_tells_the_published_count_of_its_locality,
)
from tests.graphql.conftest import ask, ask_as, operations, pool, resources

pytestmark = [pytest.mark.database, pytest.mark.slow]
