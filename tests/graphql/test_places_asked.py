"""Places and areas as people write them: exchanged coordinates are told, codes are read with blanks and case forgiven."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.database

BY_PLACE = {
    "nearestServices": ("origin", "nearestServices(origin: $place) { distanceMetres }"),
    "competentActors": ("at", "competentActors(at: $place) { certain }"),
    "referralOptions": (
        "at",
        "referralOptions(at: $place, incidentType: TRAFFICKING) { steps { reportToActor { id } } }",
    ),
}


def asked_at(ask, field, lon, lat):
    document = f"query ($place: PointInput!) {{ {BY_PLACE[field][1]} }}"
    return ask(document, place={"lon": lon, "lat": lat})


@pytest.mark.parametrize("field", BY_PLACE)
def test_exchanged_coordinates_are_told(ask, field):
    [error] = asked_at(ask, field, 12.387, -5.465)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": BY_PLACE[field][0]}
    assert "longitude and latitude are swapped" in error["message"]
    assert "12.387" not in error["message"]
    assert "errors" not in asked_at(ask, field, -5.465, 12.387)


@pytest.mark.parametrize("field", BY_PLACE)
@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.86), (36.8, -1.3), (-151.2, 33.9), (120.0, 30.0), (0.0, 90.0)])
def test_other_places_abroad_are_answered(ask, field, lon, lat):
    assert "errors" not in asked_at(ask, field, lon, lat)


CODED = "query ($code: AreaCode!) { services(areaCode: $code) { totalCount } }"


@pytest.mark.parametrize("code", ["ML03", " ml03", "cod-ab:ml03", "COD-AB : ML03\t", "\u00a0ML 03"])
def test_blanks_and_case_of_a_code_are_forgiven(ask, code):
    assert ask(CODED, code=code) == ask(CODED, code="COD-AB:ML03")
    assert ask(CODED, code=code)["data"]["services"]["totalCount"] > 0


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("ML3", "COD-AB:ML03"),
        ("COD-AB:ML-3", "COD-AB:ML03"),
        ("cod_ab:ml03", "COD-AB:ML03"),
        ("ISO3166-2:ML-3", "ISO-3166-2:ML-3"),
    ],
)
def test_the_code_that_may_be_meant_is_named(ask, code, meant):
    [error] = ask(CODED, code=code)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "areaCode"}
    assert f"bears the code {code} (did you mean {meant}" in error["message"]


def test_of_a_code_like_no_other_nothing_is_guessed(ask):
    [error] = ask(CODED, code="ML99")["errors"]
    assert "bears the code ML99; adminAreas lists" in error["message"]
