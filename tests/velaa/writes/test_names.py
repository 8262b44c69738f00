"""What a confidential shelter is called tells nothing of its zone in a script without capitals and with endings of its own."""

from __future__ import annotations

import re

import pytest

from tests.writes.conftest import STEWARD
from tests.writes.hiding import GATE, shelter

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    "name",
    [
        "გურია",
        "თავშესაფარი გურია",
        "თავშესაფარი გურიაში",  # in Guria
        "თავშესაფარი ᲒᲣᲠᲘᲐ",  # in the capitals of headlines
        "გ.უ.რ.ი.ა",
        "თავშესაფარიგურია",
        "Zanbugu shelter",
    ],
)
def test_a_name_that_holds_one_of_its_zone_is_refused(desk, office, name):
    result = desk.write(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
    assert (result["__typename"], result.get("field")) == ("ValidationError", "name")


@pytest.mark.parametrize("name", ["თავშესაფარი ალუბალი", "თავშესაფარი ვანი", "სახლი ჩრდილოეთი"])
def test_a_word_of_nothing_of_another_zone_or_of_all_around_tells_nothing(desk, office, name):
    result = desk.write(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
    assert result["__typename"] == "ShelterCreated"


def test_without_a_name_it_is_called_by_a_word_of_its_country(desk, office, sikasso):
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    name, source = desk.one(
        "SELECT s.name, o.name FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id "
        "JOIN lakana.source o ON o.id = s.source_id WHERE h.id = %s",
        made["id"],
    )
    assert re.fullmatch("Shelter [0-9]{6}", name)
    assert source == "Undisclosed source"
    assert desk.one("SELECT name FROM lakana.source WHERE key = 'confidential illustrative'").startswith("Undisclosed")
    # A neutral name is one in either word, whatever others are called.
    desk.done(STEWARD, "createActor", name="Shelter", kind="NGO", point=sikasso)
    tells = "SELECT (lakana.what_tells(%s, zone_id, false)).telling FROM lakana.service WHERE confidential LIMIT 1"
    assert desk.one(tells, name) is None
    assert desk.one(tells, f"{name} 7") is not None  # a number
