"""Coverage and access in Velaa, beside a brute force: distances go across the antimeridian."""

from __future__ import annotations

import pytest

from tests.graphql.conftest import ask, ask_as, ask_partner, operations, pool, resources
from tests.planning.test_access_scores import (
    all_scores,
    demand,
    rows,
    services,
    test_scores_equal_brute_force,
    test_children_outside_the_area_share_what_is_inside,
    test_a_service_exactly_at_the_reach_is_in_reach,
    test_unknown_capacity_counts_as_the_median,
    test_no_service_at_all_scores_nothing,
)
from tests.planning.test_coverage_seeded import (
    world,
    test_coverage_of_a_need_equals_brute_force,
    test_more_needed_is_never_more_covered,
)

pytestmark = pytest.mark.database
