"""What a front gate or a hidden name tells: numbers whole, words joined, addresses and degrees, now and later."""

from __future__ import annotations

import itertools

import pytest

from tests.writes.conftest import STEWARD
from tests.writes.hiding import GATE, hide, shelter

pytestmark = pytest.mark.database

TOLD = "query ($id: ID!) { node(id: $id) { ... on Shelter { name frontGate } } }"
FRESH = itertools.count()


def fresh():
    """Return an eight-digit number that no other test has."""
    return f"{64_300_000 + 1_117 * next(FRESH)}"


@pytest.fixture
def actor(desk, sikasso):
    """Enter an actor that is public; each has a name of its own."""

    def enter(**fields):
        given = {"name": f"Relais {fresh()[-4:]}", "kind": "OTHER", "point": sikasso, **fields}
        service = {"name": "Accueil", "category": "CASE_MANAGEMENT", "point": sikasso}
        phone = given.pop("phone", None)  # as it was written before numbers were read
        made = desk.done(STEWARD, "createActor", **given)["id"]
        desk.done(STEWARD, "createService", **service | {"actorId": made})
        if phone is not None:
            desk.rows("UPDATE lakana.actor SET phone = %s WHERE id = %s RETURNING 1", phone, made)
        return made

    return enter


@pytest.fixture
def hidden(desk, office):
    """Enter a hidden shelter and return its id, or the field by which it is refused."""

    def enter(name=None, gate=None):
        gate = gate or f"Permanence, {fresh()}"
        given = shelter(office, confidential=True, name=name, frontGate=gate)
        result = desk.write(STEWARD, "createShelter", **given)
        return result.get("field") or result["id"]

    return enter


def told(desk, shelter_id):
    return desk.ask(STEWARD, TOLD, id=shelter_id)


# Numbers

FORMS = ["{0} / {1}", "{0}-12", "+223{0}/{1}", "+223 {0} (7)1", "{0} {1}"]
TEXTS = ["{0} 24h/24", "{0} - 24/7", "{0} - {1}", "Mo-Fr 08:00-12:00 {0} (24h)"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gate", ["Permanence, {}", "+223{}"])
def test_each_number_of_a_phone_is_known(desk, actor, hidden, form, gate):
    first, second = fresh(), fresh()
    made = actor(phone=form.format(first, second))
    assert hidden(gate=gate.format(first)) == "frontGate"
    desk.done(STEWARD, "updateActor", id=made, expectedVersion=2, changes={"phone": None})
    assert hidden(gate=gate.format(first)) == "frontGate"


@pytest.mark.parametrize("form", FORMS)
def test_nor_does_a_record_get_it_later(desk, actor, hidden, form):
    number = fresh()
    hidden(gate=f"Permanence, {number}")
    changes = {"phone": form.format(number, fresh())}
    assert (
        desk.write(STEWARD, "updateActor", id=actor(), expectedVersion=1, changes=changes)["field"] == "changes.phone"
    )


@pytest.mark.parametrize("field", ["name", "openingHours"])
@pytest.mark.parametrize("form", TEXTS)
def test_so_is_each_in_another_text(desk, office, sikasso, hidden, field, form):
    number, later = fresh(), fresh()
    service = {"actorId": office, "name": "Accueil", "category": "CASE_MANAGEMENT", "point": sikasso}

    def text(number):
        written = form.format(number, fresh())
        return {field: f"{written} Centre" if field == "name" else f'Mo-Fr 08:00-16:00 "{written}"'}

    made = desk.done(STEWARD, "createService", **service | text(number))["id"]
    assert hidden(gate=f"Permanence, {number}") == "frontGate"
    desk.done(
        STEWARD, "updateService", id=made, expectedVersion=1, changes={field: "Centre" if field == "name" else None}
    )
    assert hidden(gate=f"Permanence, {number}") == "frontGate"
    hidden(gate=f"Permanence, {later}")
    assert (
        desk.write(STEWARD, "updateService", id=made, expectedVersion=2, changes=text(later))["field"]
        == "changes.phone"
    )


@pytest.mark.parametrize("phone", ["80 347", "80347-1", "80 347 / 76 28 10 10"])
@pytest.mark.parametrize("gate", ["80 347 / {}", "80 347 {}", "80347-1", "Permanence, 80347"])
def test_short_codes_are_known_among_other_numbers(actor, hidden, phone, gate):
    actor(phone=phone)
    assert hidden(gate=gate.format(fresh())) == "frontGate"


@pytest.mark.parametrize("form", ["{0} / {1}", "{0}", "{1} / {0}"])
def test_hiding_does_not_keep_a_number_of_the_shelter_or_of_its_actor(desk, actor, form):
    own, its, one, two = (fresh() for _ in range(4))
    made = desk.done(
        STEWARD,
        "createShelter",
        **shelter(actor(phone=form.format(its, one)), name=f"Foyer {own[-4:]}", phone=form.format(own, two)),
    )
    assert hide(desk, made["id"], frontGate=f"Permanence, {own}")["field"] == "changes.frontGate"
    assert hide(desk, made["id"], frontGate=f"Permanence, {its}")["field"] == "changes.frontGate"


@pytest.mark.parametrize(
    "number", ["❷⓿❷❷❹❹❻❻", "二〇二二四四六六", "➋🄌➋➋➍➍➏➏", "\uff12\uff10\uff12\uff12\uff14\uff14\uff16\uff16"]
)
def test_a_number_in_other_digits_is_the_number(actor, hidden, number):
    actor(phone="20 22 44 66")
    assert hidden(gate=f"Permanence, {number}") == "frontGate"


def test_numbers_have_more_in_common_than_the_code_of_their_country(actor, hidden):
    actor(phone="+223 76 00 12 22")
    actor(phone="223 76 00 13 22 / 66 00 13 22")
    for gate in ("+223 76 00 14 99", "00223 76 00 15 99", "223 76 00 16 99", "76 00 17 99 / 66 00 17 99"):
        assert hidden(gate=f"Permanence, {gate}") != "frontGate", gate


# Names


@pytest.mark.parametrize(
    "name",
    ["Maison +223 00 00 04 11", "Maison 76001122", "Maisonnette 12.6389 -8.0029", "Maisonnette http://x.example/a",
     "Maisonnette accueil@zqwerp.ml", "Maison 12°38", "Maison 8RH5JXQX+HR", "Maison ❷⓿❷❷❹❹", "Maison zqwerp.ml"],
)  # fmt: skip
def test_a_name_is_no_number_and_no_address(desk, seen, hidden, name):
    assert hidden(name=name) == "name"
    assert hide(desk, seen[0], name=name)["field"] == "changes.name"
    assert (
        desk.write(STEWARD, "updateShelter", id=hidden(), expectedVersion=1, changes={"name": name})["field"]
        == "changes.name"
    )


def test_a_name_shares_no_short_code_with_a_public_record_before_or_later(desk, actor, hidden):
    actor(phone="90 551")
    assert hidden(name="Maison 90551") == "name"
    later = hidden(name="Maison 90552")
    actor(phone="90 552")
    assert told(desk, later)["name"].startswith("Abri ")


# Words that are joined

ACRONYMS = ["X.K.V.", "J.W.Q", "K'WZ", "W&X", "A-Z-P-Q-R", "HJX-ML", "VQ", "Q W Z"]


@pytest.mark.parametrize("acronym", ACRONYMS)
def test_an_acronym_is_known_however_it_is_joined(desk, hidden, acronym):
    organization = {"name": f"Organisation {fresh()[-4:]}", "kind": "NGO", "acronym": acronym}
    made = desk.done(STEWARD, "createOrganization", **organization)["id"]
    letters = [each for each in acronym if each.isalpha()]

    def refused():
        for said in {acronym, "".join(letters), " ".join(letters), ".".join(letters)}:
            assert hidden(name=f"Maison {said}") == "name", said
            assert hidden(gate=f"Équipe {said}, {fresh()}") == "frontGate", said

    refused()
    desk.done(STEWARD, "updateOrganization", id=made, expectedVersion=1, changes={"acronym": None})
    refused()


def test_two_letters_are_an_acronym_in_capitals_alone(desk, hidden):
    desk.done(STEWARD, "createOrganization", name="Organisation Deux", kind="NGO", acronym="DE")
    assert hidden(name="Maison DE") == "name"
    assert hidden(name="Maison de Paix") != "name"


@pytest.mark.parametrize("name", ["O.N.G. B.Q.W.", "Relais H.Z.K", "G-W-R-Z Relais", "N Z B Relais"])
def test_so_is_one_in_the_name_of_a_body(desk, actor, hidden, name):
    letters = {"O.N.G. B.Q.W.": "BQW", "Relais H.Z.K": "HZK", "G-W-R-Z Relais": "GWRZ", "N Z B Relais": "NZB"}[name]
    made = actor(name=name)
    for said in (letters, ".".join(letters), "-".join(letters), name):
        assert hidden(name=f"Maison {said}") == "name", said
        assert hidden(gate=f"Équipe {said}, {fresh()}") == "frontGate", said
    desk.done(STEWARD, "updateActor", id=made, expectedVersion=1, changes={"name": f"Relais {fresh()[-4:]}"})
    assert hidden(name=f"Maison {letters}") == "name"


@pytest.mark.parametrize("given", [{"acronym": "Z.Y.W"}, {"acronym": "ZY"}, {"url": "https://a@mali.zywql.ml./x"}])
def test_what_an_organisation_gets_later_takes_the_name_and_the_words(desk, hidden, given):
    word = {"Z.Y.W": "ZYW", "ZY": "ZY"}.get(given.get("acronym"), "zywql")
    organization = {"name": f"Organisation {fresh()[-4:]}", "kind": "NGO"}
    made = desk.done(STEWARD, "createOrganization", **organization)["id"]
    number = fresh()
    shelter_id = hidden(name=f"Maison {word}", gate=f"Équipe {word}, {number}")
    desk.done(STEWARD, "updateOrganization", id=made, expectedVersion=1, changes=given)
    now = told(desk, shelter_id)
    assert now["name"].startswith("Abri ")
    assert now["frontGate"] == f"Permanence, {number}"


# Addresses and degrees at front gates


@pytest.mark.parametrize(
    "gate",
    ["12.6389 8.0029", "12.6389N8.0029W", "12,6389:8,0029", "12\u066b6389، 8\u066b0029", "12·6389 8·0029",
     "12°38'20\" N 8°00'10\" O", "12 38 20 N 8 00 10 O", "8RH5JXQX+HR", "CFGHJMPQ+RV", "maps.app.goo.gl/abc123",
     "wa.me/22371112233", "HTTP\uff1a//x.example/", "x.example/y", "accueil@zqwerp.ml", "2O 22 l1 11",
     "vingt vingt-deux onze onze", "lat 12 lon 8", "\U0001d361\U0001d362"],
)  # fmt: skip
def test_a_front_gate_is_a_number_with_words(hidden, gate):
    assert hidden(gate=gate) == "frontGate"
    assert hidden(gate=f"Permanence {gate} - {fresh()}") == "frontGate"


@pytest.mark.parametrize(
    "gate",
    ["Permanence 1, {}", "Permanence 24h/24, {}", "Équipe mobile 7j/7 : {}", "De 08:00-12:00 à 14h30, {}", "Service n° 12, {}",
     "Madame Wolo, 1er étage, {}", "L’équipe d’écoute, +223.{}", "Accueil (jour et nuit) {}"],
)  # fmt: skip
def test_words_and_hours_may_stand_beside_it(hidden, gate):
    number = fresh()
    assert hidden(gate=gate.format(".".join(map("".join, zip(number[::2], number[1::2], strict=True))))) != "frontGate"


@pytest.mark.parametrize(
    "url",
    [
        "https://mali.zbcdx.ml",
        "https://a@zfghx.ml",
        "https://zjklm.ml.",
        "https://www2.znopq.ml",
        "https://zrstv.org.ml/x",
    ],
)
def test_the_word_of_a_host_is_known(desk, hidden, url):
    organization = {"name": f"Organisation {fresh()[-4:]}", "kind": "NGO", "url": url}
    desk.done(STEWARD, "createOrganization", **organization)
    word = next(each for each in ("zbcdx", "zfghx", "zjklm", "znopq", "zrstv") if each in url)
    for said in (word, f"{word} ml", f"{word}.ml"):
        assert hidden(gate=f"Équipe {said}, {fresh()}") == "frontGate", said
        assert hidden(name=f"Maison {said}") == "name", said


# What one steward enters does not keep others out


@pytest.mark.parametrize("url", ["https://www.", "https://:80", "https://x", "https://a.b"])
def test_a_web_address_needs_a_host(desk, hidden, url):
    organization = {"name": f"Organisation {fresh()[-4:]}", "kind": "NGO", "url": url}
    assert desk.write(STEWARD, "createOrganization", **organization)["field"] == "url"
    desk.rows(
        "UPDATE lakana.organization SET url = %s WHERE id = (SELECT id FROM lakana.organization ORDER BY id LIMIT 1) RETURNING 1",
        url,
    )
    assert hidden(name="Maison Paisible") != "name"
    assert hidden() != "frontGate"


@pytest.mark.parametrize("name", ["Permanence", "Accueil", "Équipe d’écoute", "Abri"])
def test_our_own_words_tell_nothing(desk, actor, hidden, name):
    made = hidden(gate=f"{name}, {fresh()}")
    actor(name=name)
    actor(name=f"Zibulon {fresh()}")
    assert hidden(gate=f"{name}, {fresh()}") != "frontGate"
    assert told(desk, made)["frontGate"].startswith(name)


@pytest.mark.parametrize("name", ["Foyer d’Accueil", "Refuge de Nuit"])
def test_a_hidden_name_is_not_that_of_a_neighbour_though_every_gate_says_its_words(actor, hidden, name):
    actor(name=name)
    assert hidden(name=name) == "name"


def test_the_refusal_tells_of_no_record(desk, office, actor):
    """One sentence for all numbers, and for all addresses."""
    number = fresh()
    actor(phone=f"{number} / {fresh()}")
    said = [
        desk.write(STEWARD, "createShelter", **shelter(office, confidential=True, name=None, frontGate=gate))["message"]
        for gate in (f"Permanence, {number}", f"Permanence, {GATE['frontGate']} {number}")
    ]
    assert said[0] == said[1]
    assert number not in said[0]
