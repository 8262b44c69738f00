"""OGC API Features of Velaa."""

from __future__ import annotations

import pytest

from tests.ogc.test_ogc import (
    test_pages_hold_every_row_of_the_list_once,
    test_areas_are_those_in_force,
    test_a_box_holds_what_lies_in_it_and_no_confidential_place,
    test_a_confidential_service_is_told_by_its_zone,
    test_a_feature_is_found_by_its_id,
)

pytestmark = pytest.mark.database
