"""Phone numbers as people write them."""

from __future__ import annotations

import pytest

from geo.errors import BadInput
from geo.notations.phones import international

CODES = ["15", "17", "112", "116", "7777"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+223 20 22 00 00", "+22320220000"),
        ("20 22 00 00", "+22320220000"),
        ("00223 20-22-00-00", "+22320220000"),
        ("+223\u00a020\u00a022\u00a000\u00a000", "+22320220000"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+223 00 00 11 65", "+22300001165"),  # possible, if nobody's
        ("116", "116"),
        ("7777 (jour et nuit, 24h/24)", "7777 (jour et nuit, 24h/24)"),
        ("20 22 00 00 (standard) / 76 12 34 56", "+22320220000 (standard) / +22376123456"),
        ("20 22 00 00; 76 12 34 56, 17", "+22320220000 / +22376123456 / 17"),
        ("20 22 00 00 / +223 20 22 00 00", "+22320220000"),
    ],
)
def test_numbers_are_kept_in_international_form(written, kept):
    assert international("phone", written, "ML", CODES) == kept


@pytest.mark.parametrize(
    "written", ["118", "12", "abc", "20 22 00", "20 22 00 00 00 00 00", "+999 12345678", "1800FLOWERS", "(standard)"]
)
def test_what_is_no_number_is_refused(written):
    with pytest.raises(BadInput, match="no phone number"):
        international("phone", written, "ML", CODES)


def test_without_a_country_only_international_numbers_are_known():
    assert international("phone", "+223 20 22 00 00", None, ()) == "+22320220000"
    with pytest.raises(BadInput):
        international("phone", "20 22 00 00", None, ())
