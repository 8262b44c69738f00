"""Words and numbers: what a confidential shelter is called and whom one calls lead to nothing that is or was public."""

from __future__ import annotations

import pytest

from tests.writes.conftest import STEWARD
from tests.writes.hiding import GATE, hide, shelter

pytestmark = pytest.mark.database


# Names


@pytest.mark.parametrize(
    "name",
    [
        "Foyer de Sikasso",
        "Le refuge, KOUTIALA",
        "Maison Zanbugu",
        "Foyer  lafia",
        "Abri Kadiolo nord",
    ],
)
def test_a_name_that_holds_one_of_its_zone_is_refused(desk, office, name):
    result = desk.write(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
    assert (result["__typename"], result["field"]) == ("ValidationError", "name")
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    result = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes={"name": name})
    assert (result["__typename"], result["field"]) == ("ValidationError", "changes.name")


def test_nor_is_that_of_an_organisation_at_work_there_told(desk, office, ngo):
    [acronym] = desk.rows("UPDATE lakana.organization SET acronym = 'ZBG' WHERE id = %s RETURNING acronym", ngo)
    name = desk.one("SELECT name FROM lakana.organization WHERE id = %s", ngo)
    for telling in (f"Foyer {name}", f"Foyer {name.split()[-1]}", f"Foyer {acronym[0].lower()}"):
        made = shelter(office, name=telling, confidential=True, **GATE)
        assert desk.write(STEWARD, "createShelter", **made)["field"] == "name"


def test_a_name_of_another_zone_tells_nothing(desk, office):
    made = shelter(office, name="Foyer de Kayes", confidential=True, **GATE)
    assert desk.write(STEWARD, "createShelter", **made)["__typename"] == "ShelterCreated"


@pytest.mark.parametrize("name", ["Foyer Tintinga", "tintinga 2", "Maison TINTINGA"])
def test_what_it_was_called_is_refused_and_the_same_name_replaced(desk, seen, name):
    told = hide(desk, seen[0], name=name)
    if name == "Foyer Tintinga":
        assert told["shelter"]["name"].startswith("Abri ")
    else:
        assert told["field"] == "changes.name"


def test_so_is_what_it_was_called_before_that(desk, seen):
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"name": "Foyer Bolokada"})
    assert hide(desk, seen[0], 2, name="Bolokada Neuf")["field"] == "changes.name"
    assert hide(desk, seen[0], 2, name="Tintinga Neuf")["field"] == "changes.name"
    assert hide(desk, seen[0], 2, name="Abri Neuf")["shelter"]["name"] == "Abri Neuf"


@pytest.mark.parametrize("name", ["Foyer Tintinga", "Maison tintinga"])
def test_nor_is_it_given_that_name_later(desk, seen, name):
    told = hide(desk, seen[0])
    result = desk.write(STEWARD, "updateShelter", id=told["id"], expectedVersion=1, changes={"name": name})
    assert (result["__typename"], result.get("field")) == ("ValidationError", "changes.name")
    desk.done(STEWARD, "updateShelter", id=told["id"], expectedVersion=1, changes={"name": "Abri Neuf"})


def test_a_public_one_needs_a_name(desk, office):
    assert desk.write(STEWARD, "createShelter", **shelter(office, name=None))["field"] == "name"
    hidden = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    assert desk.one(
        "SELECT name LIKE 'Abri %%' FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id WHERE h.id = %s",
        hidden["id"],
    )


@pytest.mark.parametrize(
    "name",
    ["FoyerKoutiala", "Koutiala2", "K0utiala", "Koutial\u0251", "\u041aoutial\u0430", "Foyer K.o.u.t.i.a.l.a", "Ko\u0330u\u0331tiala", "\u24c0outiala",
     "S.i.k.a.s.s.o", "Maison-zanbuguNord", "\ua4d7outiala", "\ua4d7\ua4f3\ua4f4\ua4d4\ua4f2\ua4ee\ua4e1\ua4ee", "Foyer \u13da\u13a5\u13e6\u13aa\u13da\u13daO"],
)  # fmt: skip
def test_nor_is_a_name_that_holds_one_in_disguise(desk, office, name):
    result = desk.write(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
    assert (result["__typename"], result.get("field")) == ("ValidationError", "name")


@pytest.mark.parametrize(
    "written",
    [
        "\ua4d7anuya",
        "Kan\U000104ceya",
        "\u13e6\u13aanuya",
        "\ua4d7\ua4ee\ua4e0\ua4f4\ua4ec\ua4ee",
        "\u2c94anuya",
        "\u041a\u0430nu\u0443\u0430",
        "\u039aanuy\u03b1",
    ],
)
def test_letters_that_look_alike_are_compared_as_one(desk, written):
    assert desk.one("SELECT lakana.skeleton(lakana.fold(%s))", written) == "kanuya"


def test_nor_is_a_rare_word_of_what_is_public_there_or_elsewhere(desk, office, sikasso):
    """A public service of the same body would bear the word that the hidden one is called by."""
    service = {"actorId": office, "name": "Centre Djabugu", "category": "CASE_MANAGEMENT", "point": sikasso}
    desk.done(STEWARD, "createService", **service)
    for name in ("Foyer Djabugu", "Foyerdjabugu"):
        result = desk.write(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
        assert (name == "Foyerdjabugu") or (result["__typename"], result.get("field")) == ("ValidationError", "name")


def test_what_comes_later_takes_its_name_from_a_hidden_one_and_its_words_from_the_front_gate(desk, office, sikasso):
    gate = {"frontGate": "Madame Wolonke, +223 76 00 11 41"}
    made = desk.done(STEWARD, "createShelter", **shelter(office, name="Foyer Wolonke", confidential=True, **gate))
    told = "query ($id: ID!) { node(id: $id) { ... on Shelter { name frontGate } } }"
    assert desk.ask(STEWARD, told, id=made["id"]) == {
        "name": "Foyer Wolonke",
        "frontGate": "Madame Wolonke, +223 76 00 11 41",
    }
    desk.done(STEWARD, "createActor", name="Association Wolonke", kind="NGO", point=sikasso)
    now = desk.ask(STEWARD, told, id=made["id"])
    assert now["name"].startswith("Abri ")
    assert now["frontGate"] == "Permanence, +223 76 00 11 41"


def test_a_neutral_name_is_one_whoever_is_called_so(desk, office, sikasso):
    desk.done(STEWARD, "createActor", name="Abri", kind="NGO", point=sikasso)
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    moved = {"point": {"lon": -11.43, "lat": 14.45}}
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes=moved)


@pytest.mark.parametrize(("word", "name"), [("Abri", "Abri bleu"), ("Shelter", "Blue shelter")])
def test_what_a_house_is_tells_nothing_in_either_language(desk, office, sikasso, word, name):
    """A country that speaks English calls its confidential shelters by its own word."""
    told = "query ($id: ID!) { node(id: $id) { ... on Shelter { name } } }"
    before = desk.done(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
    desk.done(STEWARD, "createActor", name=f"{word} Zomblo", kind="NGO", point=sikasso)
    assert desk.ask(STEWARD, told, id=before["id"]) == {"name": name}
    later = shelter(office, name=f"{name} deux", confidential=True, frontGate="Permanence, +223 76 00 11 47")
    assert desk.ask(STEWARD, told, id=desk.done(STEWARD, "createShelter", **later)["id"]) == {"name": f"{name} deux"}
    zomblo = shelter(office, name=f"{name} Zomblo", confidential=True, frontGate="Permanence, +223 76 00 11 48")
    assert desk.write(STEWARD, "createShelter", **zomblo)["field"] == "name"  # control


# Front gates


@pytest.mark.parametrize(
    "contact",
    [
        "Permanence, +223 66 55 44 33", "66554433", "Appeler 66.55.44.33 ou 76 00 00 99", "0022366554433",
        "Bureau de Sikasso, +223 76 00 11 25", "ONG Zanbugu, +223 76 00 11 26",
    ],
)  # fmt: skip
def test_a_front_gate_is_neither_a_public_number_nor_a_place(desk, office, contact):
    made = shelter(office, confidential=True, name=None, frontGate=contact)
    result = desk.write(STEWARD, "createShelter", **made)
    assert (result["__typename"], result["field"]) == ("ValidationError", "frontGate")


def test_nor_is_it_the_number_that_it_had(desk, seen):
    assert hide(desk, seen[0], frontGate="Permanence, +223 76 99 88 77")["field"] == "changes.frontGate"


@pytest.mark.parametrize("written", ["+223 76 00 11 22", "76001122", "00223 76-00-11-22"])
def test_a_public_record_does_not_get_the_number_of_a_front_gate(desk, office, sikasso, written):
    other = desk.done(STEWARD, "createActor", name="Centre d’écoute", kind="NGO", point=sikasso)["id"]
    desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))
    for mutation, given, field in (
        ("updateActor", {"id": other, "expectedVersion": 1, "changes": {"phone": written}}, "changes.phone"),
        ("createShelter", shelter(office, phone=written), "phone"),
    ):
        result = desk.write(STEWARD, mutation, **given)
        assert (result["__typename"], result["field"]) == ("ValidationError", field)


def test_it_tells_nothing_of_the_zone_that_the_shelter_moves_to_either(desk, office):
    gate = {"frontGate": "Permanence Kayes, +223 76 00 11 27"}
    made = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **gate))
    moved = {"point": {"lon": -11.43, "lat": 14.45}}
    result = desk.write(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes=moved)
    assert (result["__typename"], result.get("field")) == ("ValidationError", "changes.frontGate")
    desk.done(STEWARD, "updateShelter", id=made["id"], expectedVersion=1, changes=moved | GATE)


@pytest.mark.parametrize(
    "contact",
    [
        "६६५५४४३३", "66/55/44/33", "\u2466\u2466\u2464\u2464\u2463\u2463\u2462\u2462, \u2465\u2465\u2464\u2464\u2463\u2463\u2462\u2462",
        "contact@ongzanbugu.org", "garde@djigui-kene.example", "www.djigui-kene.example/contact", "Tel 20-71-82-93",
        "Mme Tintinga, +223 76 00 11 43",
    ],
)  # fmt: skip
def test_nor_what_other_texts_of_public_records_hold(desk, office, seen, sikasso, contact):
    organization = {"name": "Djigui Kene", "kind": "NGO", "url": "https://www.djigui-kene.example/fr"}
    desk.write(STEWARD, "createOrganization", **organization)
    service = {
        "actorId": office, "name": "Centre d’écoute", "category": "CASE_MANAGEMENT", "point": sikasso,
        "openingHours": 'Mo-Fr 08:00-17:00 "20 71 82 93"',
    }  # fmt: skip
    desk.done(STEWARD, "createService", **service)
    desk.done(STEWARD, "updateShelter", id=seen[0], expectedVersion=1, changes={"name": "Foyer Wari"})
    made = shelter(office, confidential=True, name=None, frontGate=contact)
    result = desk.write(STEWARD, "createShelter", **made)
    assert (result["__typename"], result.get("field")) == ("ValidationError", "frontGate")


def test_hours_are_no_number(desk, office, sikasso):
    service = {
        "actorId": office, "name": "Centre d’accueil", "category": "CASE_MANAGEMENT", "point": sikasso,
        "openingHours": "Mo-Fr 08:00-12:00,14:00-17:00",
    }  # fmt: skip
    desk.done(STEWARD, "createService", **service)
    gate = {"frontGate": "De 08:00-12:00 à 14:00-17:00, +223 76 00 11 44"}
    desk.done(STEWARD, "createShelter", **shelter(office, confidential=True, name=None, **gate))


@pytest.mark.parametrize("field", ["name", "openingHours"])
def test_nor_in_another_text(desk, office, sikasso, field):
    gate = {"frontGate": "Permanence, +223 76 00 11 45"}
    desk.write(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **gate))
    service = {"actorId": office, "name": "Centre", "category": "CASE_MANAGEMENT", "point": sikasso}
    written = {"name": "Appeler 76.00.11.45", "openingHours": 'Mo-Fr 08:00-16:00 "76.00.11.45"'}[field]
    result = desk.write(STEWARD, "createService", **service | {field: written})
    assert (result["__typename"], result.get("field")) == ("ValidationError", "phone")
    organization = {"name": "Appeler 76 00 11 45", "kind": "NGO"}
    result = desk.write(STEWARD, "createOrganization", **organization)
    assert (result["__typename"], result.get("field")) == ("ValidationError", "name")


def test_nor_a_word_of_an_actor_or_an_organisation_that_left_or_is_called_otherwise(desk, office, sikasso):
    """Old copies of the directory know where they were."""
    organization = {"name": "Association Nafasoro", "kind": "NGO", "acronym": "NFSR"}
    left = desk.done(STEWARD, "createOrganization", **organization)["id"]
    desk.done(STEWARD, "retireOrganization", id=left, expectedVersion=1)
    for name, what in (("Relais Sanuya", "retired"), ("Relais Dambewara", "renamed")):
        made = desk.done(STEWARD, "createActor", name=name, kind="NGO", point=sikasso)["id"]
        if what == "retired":
            desk.done(STEWARD, "retireActor", id=made, expectedVersion=1)
        else:
            desk.done(STEWARD, "updateActor", id=made, expectedVersion=1, changes={"name": "Relais Autre"})
    for name in ("Foyer Nafasoro", "Foyer NFSR", "Foyer Sanuya", "Foyer Dambewara"):
        result = desk.write(STEWARD, "createShelter", **shelter(office, name=name, confidential=True, **GATE))
        assert (result["__typename"], result.get("field")) == ("ValidationError", "name"), name


def test_nor_a_short_word_of_an_actor(desk, office, sikasso):
    desk.done(STEWARD, "createActor", name="AJM · Relais", kind="NGO", point=sikasso)
    result = desk.write(STEWARD, "createShelter", **shelter(office, name="Foyer AJM", confidential=True, **GATE))
    assert (result["__typename"], result.get("field")) == ("ValidationError", "name")


@pytest.mark.parametrize(
    "contact",
    ["Permanence, 11.42 N, 7.48 O, +223 76 00 11 31", "https://maps.example/x +223 76 00 11 32", "11,42 / -7,48"],
)
def test_a_front_gate_is_no_place_in_degrees_and_no_address_of_the_web(desk, office, contact):
    made = shelter(office, confidential=True, name=None, frontGate=contact)
    result = desk.write(STEWARD, "createShelter", **made)
    assert (result["__typename"], result["field"]) == ("ValidationError", "frontGate")


def test_a_training_shares_no_word_and_no_number_with_it(desk, office):
    """A training has a place, and what it is called is told to everybody."""
    training = {
        "name": "Formation Yiriwaso", "startsOn": "2025-03-01", "endsOn": "2025-03-02", "participants": [{"kind": "NGO"}],
        "description": "Inscriptions : +223 66 77 88 99",
    }  # fmt: skip
    desk.done(STEWARD, "recordTraining", **training)
    made = shelter(office, confidential=True, name="Foyer Yiriwaso", **GATE)
    assert desk.write(STEWARD, "createShelter", **made)["field"] == "name"
    made = shelter(office, confidential=True, name=None, frontGate="Permanence, +223 66 77 88 99")
    assert desk.write(STEWARD, "createShelter", **made)["field"] == "frontGate"
    desk.done(STEWARD, "createShelter", **shelter(office, confidential=True, name=None, **GATE))
    again = training | {"name": "Formation Autre", "description": f"Inscriptions : {GATE['frontGate']}"}
    assert desk.write(STEWARD, "recordTraining", **again)["field"] == "name"
