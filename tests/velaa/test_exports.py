"""Exports of Velaa: what goes out is in its script and its languages, and stands where it stands."""

from __future__ import annotations

import pytest

from tests.exports.conftest import export, table
from tests.exports.test_formats import (
    nodes,
    test_geojson_has_a_feature_a_row_and_says_what_it_is,
    test_the_same_rows_make_the_same_bytes,
    test_what_is_not_published_is_empty_beside_its_status,
)
from tests.exports.test_hsds import (
    package,
    test_a_package_has_all_that_the_standard_requires,
    test_a_package_tells_the_columns_of_its_files_and_what_they_hold,
    test_what_a_package_links_to_is_in_it,
    test_json_and_package_say_the_same,
)

pytestmark = pytest.mark.database


def test_a_table_is_in_its_languages_its_script_and_its_places(export):
    title, _, _, rows = table(export("services.csv?language=en").content)
    assert "ILLUSTRATIVE DATA" in title
    assert {"Medical care"} == {each["categoryLabel"] for each in rows if each["category"] == "MEDICAL"}
    assert any("გურია" in each["name"] for each in rows)
    assert {each["phone"][:4] for each in rows if each["phone"]} == {"+679"}
    placed = [float(each["location.longitude"]) for each in rows if each["location.longitude"]]
    assert all(178 <= each <= 180 or -180 <= each <= -179 for each in placed)
    assert min(placed) < 0 < max(placed)


def test_areas_on_both_sides_go_out_with_their_outlines(export):
    features = export("adminAreas.geojson?level=ADM2").json()["features"]
    assert {each["properties"]["code"] for each in features} == {"XV11", "XV12", "XV13", "XV21", "XV22", "XV23"}
    assert {each["geometry"]["type"] for each in features} == {"MultiPolygon"}
