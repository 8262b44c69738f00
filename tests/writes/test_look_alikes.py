"""A hidden name or a front gate that says something public in letters of other scripts, however short, is refused or mended."""

# ruff: noqa: RUF001  look-alike letters are what is tested
from __future__ import annotations

import re
from importlib import resources

import pytest

from tests.writes.conftest import STEWARD
from tests.writes.hiding import GATE, hide, shelter

pytestmark = pytest.mark.database

ALIKE = {
    "a": "аα",
    "e": "еε",
    "i": "іɩΙ",
    "o": "оο",
    "s": "ѕ",
    "k": "кκ",
    "l": "Ӏⅼ",
    "n": "п",
    "t": "т",
    "B": "ВΒ",
    "D": "Ꭰ",
    "K": "КΚ",
    "N": "Ν",
    "S": "Ѕ",
}
NUMBER = "+223 77 12 34 56"
TOLD = "query ($id: ID!) { node(id: $id) { ... on Shelter { name frontGate } } }"


def look_alikes():
    """Return all letters and digits of the list of migration 0043, each with the Latin letter that it looks like."""
    listed = resources.files("geo.database.migrations").joinpath("sql", "0043_look_alikes.sql").read_text("utf-8")
    lines = [line for line in re.findall(r"^ +'([^'\n]+)',?$", listed, re.MULTILINE) if not line.isascii()]
    assert len(lines) == 26
    return [(letter, each) for letter, line in zip("abcdefghijklmnopqrstuvwxyz", lines, strict=True) for each in line]


def field_refused(desk, office, **fields):
    """Return the field for which a new hidden shelter is refused, or None."""
    given = shelter(office, **({"confidential": True, "name": None} | GATE | fields))
    return desk.write(STEWARD, "createShelter", **given).get("field")


def beside(desk, town):
    """Return a point beside a town."""
    lon, lat = desk.one(
        "SELECT ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.locality WHERE lakana.fold(name_fr) = %s", town
    )
    return {"lon": lon + 0.01, "lat": lat}


@pytest.fixture(scope="module")
def short_words(desk):
    """An organisation for each Latin letter, with a word of four letters that nobody shares."""
    for letter in "abcdefghijklmnopqrstuvwxyz":
        desk.rows(
            "INSERT INTO lakana.organization (name, kind, source_id) SELECT %s, kind, source_id FROM lakana.organization "
            "LIMIT 1 RETURNING id",
            f"Relais yj{letter}w",
        )


def test_no_letter_of_the_list_hides_a_short_word(desk, office, short_words):
    for letter, alike in look_alikes():
        assert field_refused(desk, office, name=f"Foyer yj{alike}w") == "name", (letter, alike)
        gate = f"Permanence YJ{alike}W, {NUMBER}"
        assert field_refused(desk, office, frontGate=gate) == "frontGate", (letter, alike)


def test_nor_do_two_that_are_read_in_two_ways(desk, office, short_words):
    for word in ("уj\u028bw", "yj\u028b\u0461", "\u03a5j\u0430\u0461", "уj\u039dw", "\u0443j\u1e9dw"):
        assert field_refused(desk, office, name=f"Foyer {word}") == "name", word


def test_nor_a_town_of_at_most_four_letters(desk, office):
    towns = desk.rows(
        "SELECT name_fr, ST_X(point::geometry), ST_Y(point::geometry) FROM lakana.locality WHERE length(name_fr) <= 4 ORDER BY 1"
    )
    assert len(towns) == 10
    for name, lon, lat in towns:
        point = {"lon": lon + 0.01, "lat": lat}
        disguised = [name.replace(letter, each, 1) for letter, them in ALIKE.items() if letter in name for each in them]
        assert len(disguised) >= 2
        for word in disguised:
            assert field_refused(desk, office, point=point, name=f"Foyer {word}") == "name", word
            assert field_refused(desk, office, point=point, frontGate=f"Permanence {word}, {NUMBER}") == "frontGate", (
                word
            )


@pytest.mark.parametrize(
    "name",
    [
        "Foyer \u039aOUTI\u0391LA",
        "Foyer KOLO\u039dDI\u0395BA",
        "Foyer SI\u039aASSO",
        "Foyer \u039cOPTI",
        "Foyer BA\u039dDIAGARA",
    ],
)
def test_nor_a_town_in_capitals_of_greek(desk, office, name):
    """In lower case a Mu looks like a u and a Nu like a v."""
    town = re.sub("[\u0391-\u039f]", lambda each: dict(zip("ΑΕΚΜΝ", "AEKMN", strict=True))[each[0]], name).split()[1]
    assert field_refused(desk, office, name=name, point=beside(desk, town.lower())) == "name"


@pytest.mark.parametrize(
    "name",
    [
        "Foyer Tombou\u03f2tou",
        "Rue\u0445",
        "Foyer, Qu\u0430rtier Nord",
        "Foyer \u0415Y",
        "Foyer \u0395\u03a5",
        "Foyer BIa",
        "Foyer KlTA",
    ],
)
def test_nor_a_lunate_sigma_a_word_of_addresses_or_two_capitals(desk, office, name):
    desk.rows("UPDATE lakana.organization SET acronym = 'EY' WHERE name = 'Relais yjaw' RETURNING id")
    desk.rows("UPDATE lakana.organization SET acronym = 'RUEX' WHERE name = 'Relais yjbw' RETURNING id")
    place = {"Foyer Tombou\u03f2tou": "tombouctou", "Foyer BIa": "bla", "Foyer KlTA": "kita"}.get(name, "sikasso")
    assert field_refused(desk, office, name=name, point=beside(desk, place)) == "name"


def test_what_it_was_called_is_not_kept_in_another_letter(desk, office, seen):
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"name": "Foyer Zadok"})
    told = hide(desk, seen[0], 2, name="Foyer Z\u0430dok")
    assert told.get("field") == "changes.name"


def test_nor_is_it_proposed_and_approved(desk, office, partner, short_words):
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    for word in ("yj\u0430w", "\u03a5J\u0395W"):
        proposed = desk.write(
            partner,
            "proposeChange",
            proposal={"shelter": {"id": made["id"], "changes": {"name": f"Foyer {word}"}}},
            expectedVersion=1,
            reason="Un nom",
        )
        assert proposed.get("id"), proposed
        told = desk.write(STEWARD, "reviewChange", id=proposed["id"], approve=True)
        assert told["__typename"] == "ValidationError", told


@pytest.mark.parametrize(
    ("hidden", "public"),
    [
        ("Z\u043ek", "Zok"),
        ("Zukk\u0456", "Zukki"),
        ("\u039cIK\u039dO", "Mikno"),
        ("Zaf", "Z\u0430f"),
        ("Zinga", "ΖΙΝGΑ"),
        ("ZX", "\u0396\u03a7"),
    ],
)
def test_a_public_word_that_comes_later_takes_the_name(desk, office, sikasso, hidden, public):
    gate = {"frontGate": f"Madame {hidden}, +223 76 00 11 41"}
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=f"Foyer {hidden}", confidential=True, **gate))
    assert desk.ask(STEWARD, TOLD, id=made["id"])["name"] == f"Foyer {hidden}"
    named = {"name": f"Association {public}"} if len(public) > 2 else {"name": "Association Autre", "acronym": public}
    desk.done(STEWARD, "createOrganization", kind="NGO", **named)
    now = desk.ask(STEWARD, TOLD, id=made["id"])
    assert now["name"].startswith("Abri ")
    assert now["frontGate"] == "Permanence, +223 76 00 11 41"
    assert field_refused(desk, office, name=f"Foyer {hidden}") == "name"


def test_a_chinese_numeral_between_digits_is_no_dash(desk, office):
    for dash in ("\u2f00", "\u4e00", "\u3192", "\u2f06"):
        assert field_refused(desk, office, frontGate=f"+223 66{dash}55{dash}44{dash}33") == "frontGate"


@pytest.mark.parametrize(
    ("name", "gate"),
    [
        ("Приют Надежда", "Дежурный, с 8:00 до 17:00, +223 77 20 00 01"),
        ("Дом Сова", "Вера, +223 77 20 00 02"),
        ("ΞΕΝΩΝΑΣ ΕΙΡΗΝΗ", "ΤΗΛΕΦΩΝΟ, +223 77 20 00 03"),
        ("Σπίτι Ελπίδα", "Τηλ. +223 77 20 00 04"),
        ("Տուն Հույս", "+223 77 20 00 05"),
        ("ߛߏ ߖߌ߮ߌ", "ߕߋߟߋߝߐߣ +223 77 20 00 06"),
        ("دار الأمل", "هاتف ٧٧ ٢٠ ٠٠ ٠٧"),
        ("ተስፋ ቤት", "۷۷ ۲۰ ۰۰ ۰۸"),
        ("ⵜⴰⴷⴷⴰⵔⵜ ⵏ ⵜⴰⵢⵔⵉ", "+२२३ ७७ २० ०० ०९"),
        ("Hɛrɛ so", "Mme Ɲa, +223 77 20 00 10"),
        ("Ŋaniya Ɲɛtaa", "电话 七七二〇〇〇一一"),
        ("Aɣiwan n Ɣas", "Équipe de garde, +223 77 20 00 12"),
        ("希望 儿童之家", "77 ２０ 〇〇 13"),
    ],
)
def test_an_honest_name_in_any_script_is_kept(desk, office, name, gate):
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, frontGate=gate))
    assert desk.ask(STEWARD, TOLD, id=made["id"]) == {"name": name, "frontGate": gate}
