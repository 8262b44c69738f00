"""Tiles of Velaa."""

from __future__ import annotations

import pytest

from tests.tiles.test_tiles import (
    test_services_are_those_of_the_map_layer,
    test_a_point_is_where_it_is_to_a_unit_of_its_tile,
    test_each_service_is_in_one_tile_of_each_zoom,
    test_confidential_services_are_counted_in_their_zones_and_nowhere_else,
    test_areas_are_those_in_force_of_the_level,
    test_localities_have_their_people,
    test_a_key_is_answered_by_its_own_login_and_kept_by_nobody,
)

pytestmark = pytest.mark.database


def test_the_style_and_the_list_of_layers_show_the_country_in_one_piece(http):
    style = http("GET", "/tiles/style.json").json()
    assert style["center"] == [179.5, -17]
    assert style["zoom"] > 7
    # Programs that draw tiles cut the bounds off at the antimeridian.
    assert http("GET", "/tiles/adm1.json").json()["bounds"] == [-180, -18, 180, -16]
