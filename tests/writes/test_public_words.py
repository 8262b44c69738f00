"""Every text that everybody reads is compared with hidden names and front gates: labels, comments, addresses, waters."""

from __future__ import annotations

import itertools
import re

import pytest

from geo.database import owner
from tests.writes.conftest import STEWARD
from tests.writes.hiding import hide, shelter

pytestmark = pytest.mark.database

TOLD = "query ($id: ID!) { node(id: $id) { ... on Shelter { name frontGate } } }"
FRESH = itertools.count()


def word():
    """Return a word that nothing else holds."""
    number = next(FRESH)
    return "Zk" + "".join(chr(ord("a") + number // 17**place % 17) for place in range(3)) + "olw"


def fresh():
    """Return an eight-digit number that no other test has."""
    return f"{66_300_000 + 1_117 * next(FRESH)}"


@pytest.fixture
def hidden(desk, office):
    """Enter a hidden shelter and return its id, or the field by which it is refused."""

    def enter(name=None, gate=None):
        given = shelter(office, confidential=True, name=name, frontGate=gate or f"Permanence, {fresh()}")
        result = desk.write(STEWARD, "createShelter", **given)
        return result.get("field") or result["id"]

    return enter


def told(desk, shelter_id):
    return desk.ask(STEWARD, TOLD, id=shelter_id)


# ---- every column ----

TEXTS = """
SELECT c.oid::regclass::text AS place, a.attname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
  AND (SELECT typcategory FROM pg_type WHERE oid = coalesce(
    nullif((SELECT typelem FROM pg_type WHERE oid = a.atttypid AND typcategory = 'A'), 0), a.atttypid)) IN ('S', 'U')
  AND format_type(a.atttypid, NULL) ~ 'text|char|json|xml|name'
  AND has_schema_privilege('lakana_public', n.oid, 'USAGE') AND has_column_privilege('lakana_public', c.oid, a.attnum, 'SELECT')
ORDER BY 1, 2
"""

HARMLESS = {
    "lakana.admin_area.edition": "of a division of a country, not of a place",
    "lakana.admin_area.scheme": "as edition",
    "lakana.area_time_zone.name": "IANA's; a nation has one or a few",
    "lakana.context_series.breakdown": "of a figure of whole areas, of which no service is one",
    "lakana.context_series.indicator": "as breakdown",
    "lakana.context_series.publisher": "as lakana.source.key: of whoever publishes a data set",
    "lakana.context_value.age": "as lakana.context_series.breakdown",
    "lakana.dialling.region": "a country's code",
    "lakana.dialling.short_codes": "of a whole country",
    "lakana.expected_reporter.from_quarter": "a quarter",
    "lakana.expected_reporter.to_quarter": "a quarter",
    "lakana.guidance.key": "of a law, given by whoever loads it",
    "lakana.guidance.note_en": "of the law of a country; it names nobody who works there",
    "lakana.guidance.note_fr": "as note_en",
    "lakana.holiday.name_bm": "of a day",
    "lakana.holiday.name_en": "of a day",
    "lakana.holiday.name_fr": "of a day",
    "lakana.level_name.name_bm": "what areas of a level are called, not one of them",
    "lakana.level_name.name_en": "as name_bm",
    "lakana.level_name.name_fr": "as name_bm",
    "lakana.locality.code": "of letters and digits it is refused as a form; of digits, by itself, as a code",
    "lakana.locality.scheme": "of a register",
    "lakana.nation_language.language": "a tag of BCP 47 that a whole nation speaks",
    "lakana.pathway_step.article": "of a law",
    "lakana.pathway_step.words_bm": "what to do anywhere in a country",
    "lakana.pathway_step.words_en": "as words_bm",
    "lakana.pathway_step.words_fr": "as words_bm",
    "lakana.presence.organization_name": "folds to the name of its organisation, listed or not, which is compared, later and formerly too",
    "lakana.published_count.period": "a year or a quarter",
    "lakana.published_count.reporters": "a digest",
    "lakana.release.grain": "a word of ours",
    "lakana.release.quarter": "a quarter",
    "lakana.release.rounding": "a word of ours",
    "lakana.reporting.period": "a year or a quarter",
    "lakana.reporting.reporters": "a digest",
    "lakana.road_network.file": "of a map of roads of a country",
    "lakana.road_speed.class": "of roads",
    "lakana.road_speed.source": "of a speed on roads",
    "lakana.service.languages": "tags of BCP 47: many places speak one",
    "lakana.source.key": "of whoever publishes a data set or a law; hidden shelters have a neutral one",
    "lakana.source.licence": "as key",
    "lakana.source.name": "as key",
    "lakana.source.url": "as key",
    "lakana.travel_estimate.source": "of a speed where no road is known",
    "lakana.zone.name_bm": "the zone is what is told",
    "lakana.zone.name_en": "as name_bm",
    "lakana.zone.name_fr": "as name_bm",
}
"""Public texts that are compared with nothing, and why."""

ROWS = {
    "lakana.actor": "SELECT id FROM lakana.actor WHERE organization_id IS NOT NULL ORDER BY id LIMIT 1",
    "lakana.service": "SELECT id FROM lakana.service WHERE NOT confidential ORDER BY id LIMIT 1",
    "lakana.organization": "SELECT id FROM lakana.organization ORDER BY id LIMIT 1",
    "lakana.training_event": "SELECT id FROM lakana.training_event ORDER BY id LIMIT 1",
    "lakana.locality": "SELECT id FROM lakana.locality WHERE name_fr = 'Sikasso'",
    "lakana.locality_name": "SELECT locality_id FROM lakana.locality_name WHERE name = 'Sikasso' LIMIT 1",
    "lakana.admin_area": "SELECT id FROM lakana.admin_area WHERE name_fr = 'Sikasso' AND level = 1 AND edition = 'COD-AB-2018' "
    "UNION ALL SELECT id FROM lakana.admin_area WHERE name_fr = 'Sikasso' AND level = 1 LIMIT 1",
    "lakana.ground": "SELECT id FROM lakana.ground WHERE name_fr = 'Mouhoun'",
}
"""A record of each kind, in the zone of Sikasso where its place counts."""
KEPT = ("lakana.actor", "lakana.service", "lakana.organization", "lakana.training_event")
"""What these said before is compared as well, and their numbers are."""

WRITTEN = {
    "url": "https://www.example.org/fr/{}",
    "opening_hours": 'Mo-Fr 08:00-16:00 "Mme {}"; PH off',
    "phone": "+22320220000 ({}) / 116",
    "code": "ML-{}",
    "name_fr": "{}",
    "name_en": "{}",
    "name_bm": "{}",
    "lakana.locality_name.name": "{}",
}


@pytest.fixture
def compared(desk):
    """Return the columns that everybody reads and that are not listed as harmless."""
    found = {f"{place}.{name}" for place, name in desk.rows(TEXTS)}
    assert {*HARMLESS} <= found, "a column is listed that is not there"
    return sorted(found - {*HARMLESS})


def written(connection, place, name, said, number):
    """Write what a column may say into a record, and return the statement that puts back what was there."""
    key = "locality_id" if place == "lakana.locality_name" else "id"
    record = connection.exec_driver_sql(ROWS[place]).scalars().first()
    assert record is not None, place
    more = " AND name = 'Sikasso'" if key != "id" else ""
    before = connection.exec_driver_sql(f"SELECT {name} FROM {place} WHERE {key} = %s{more}", (record,)).scalar()
    value = (WRITTEN.get(f"{place}.{name}") or WRITTEN.get(name, "Yz {}")).format(said if number is None else number)
    if name == "phone" and number is not None:
        value = f"{number} (standard)"
    change = f"UPDATE {place} SET {name} = %s WHERE {key} = %s"
    connection.exec_driver_sql(f"{change}{more}", (value, record))
    if more:
        return f"{change} AND name = %s", (before, record, value)
    return change, (before, record)


def test_every_text_that_everybody_reads_is_compared_with_hidden_ones_or_is_harmless(desk, hidden, compared):
    made = hidden("Maison Paisible")
    service, zone = desk.one(
        "SELECT s.id, s.zone_id FROM lakana.shelter h JOIN lakana.service s ON s.id = h.service_id WHERE h.id = %s",
        made,
    )
    asked = "SELECT kind FROM lakana.what_tells(%s, %s, %s)"
    missed = []
    for column in compared:
        place, _, name = column.rpartition(".")
        if place not in ROWS:
            missed.append(column)
            continue
        said, number = word(), fresh()
        with owner.owner_transaction(desk.url) as connection:
            ask = connection.exec_driver_sql
            ask("UPDATE lakana.service SET name = %s WHERE id = %s", (f"Maison {said}", service))
            ask(
                "UPDATE lakana.front_gate SET contact = %s WHERE service_id = %s", (f"Équipe {said}, {number}", service)
            )
            back = written(connection, place, name, said, None)
            now = ask(
                "SELECT s.name, g.contact FROM lakana.service s JOIN lakana.front_gate g ON g.service_id = s.id WHERE s.id = %s",
                (service,),
            ).one()
            later = now.name.startswith("Abri ") and now.contact == f"Permanence, {number}"
            before = [ask(asked, (f"Maison {said}", zone, gate)).scalar() for gate in (False, True)]
            former = before
            if place in KEPT:
                ask(*back)
                former = [ask(asked, (f"Maison {said}", zone, gate)).scalar() for gate in (False, True)]
            if not later or {*before, *former} != {"WORD"}:
                missed.append((column, tuple(now), before, former))
            connection.rollback()
    assert not missed, "compare it (lakana.public_texts), or say why it is harmless"


def test_so_is_every_number_of_what_is_known_by_numbers(desk, compared):
    missed = []
    for column in compared:
        place, _, name = column.rpartition(".")
        if place not in KEPT:
            continue
        number = fresh()
        with owner.owner_transaction(desk.url) as connection:
            ask = connection.exec_driver_sql
            back = written(connection, place, name, None, number)
            asked = "SELECT kind FROM lakana.what_tells(%s, NULL, true)"
            now = ask(asked, (f"Permanence, {number}",)).scalar()
            ask(*back)
            former = ask(asked, (f"Permanence, {number}",)).scalar()
            if None in (now, former):
                missed.append((column, number, now, former))
            connection.rollback()
    assert not missed


# ---- labels and comments ----


def enters(desk, office, point, text, said):
    """Let a public shelter, its actor or another service say a word beside a number or hours, and return the shelter."""
    beside = {
        "own label": {"phone": f"+223 {fresh()} (Awa {said})"},
        "own comment": {"openingHours": f'Mo-Fr 08:00-18:00 "Mme {said}"'},
    }
    made = desk.done(STEWARD, "createShelter", **shelter(office, name="Foyer Acacia", **beside.get(text, {})))["id"]
    if text == "actor's label":
        version = desk.one("SELECT version FROM lakana.actor WHERE id = %s", office)
        changes = {"phone": f"+223 {fresh()} (Mme {said})"}
        desk.done(STEWARD, "updateActor", id=office, expectedVersion=version, changes=changes)
    elif text == "another's comment":
        service = {"actorId": office, "name": "Accueil", "category": "MEDICAL", "point": point}
        desk.done(STEWARD, "createService", **service, openingHours=f'Sa 08:00-12:00 "{said} et Fils"')
    return made


BESIDE = ["own label", "own comment", "actor's label", "another's comment"]


@pytest.mark.parametrize("text", BESIDE)
def test_a_shelter_is_not_hidden_by_a_word_beside_a_number_or_hours(desk, office, sikasso, text):
    said = word()
    made = enters(desk, office, sikasso, text, said)
    assert hide(desk, made, name=f"Foyer {said}")["field"] == "changes.name"
    assert hide(desk, made, frontGate=f"{fresh()} (Awa {said})")["field"] == "changes.frontGate"
    assert hide(desk, made, name="Maison Paisible")["shelter"]["name"] == "Maison Paisible"


@pytest.mark.parametrize("text", BESIDE)
def test_such_a_word_that_comes_later_takes_the_name_and_the_words(desk, office, sikasso, hidden, text):
    said, number = word(), fresh()
    made = hidden(f"Foyer {said}", f"Mme {said}, {number}")
    enters(desk, office, sikasso, text, said)
    now = told(desk, made)
    assert now["name"].startswith("Abri ")
    assert now["frontGate"] == f"Permanence, {number}"


@pytest.mark.parametrize("text", BESIDE[:2])
def test_such_a_word_is_remembered(desk, office, sikasso, hidden, text):
    said = word()
    made = enters(desk, office, sikasso, text, said)
    field = "phone" if text == "own label" else "openingHours"
    desk.done(STEWARD, "updateShelter", id=made, expectedVersion=1, changes={field: None})
    assert hidden(f"Maison {said}") == "name"
    assert hidden(None, f"Équipe {said}, {fresh()}") == "frontGate"
    assert hide(desk, made, 2, name=f"Maison {said}")["field"] == "changes.name"


def test_what_many_labels_say_tells_nothing(desk, sikasso, hidden):
    said = word()
    for number in range(5):
        phone = f"{fresh()} ({said} {number})"
        desk.done(STEWARD, "createActor", name=f"Mairie {fresh()}", kind="LOCAL_AUTHORITY", point=sikasso, phone=phone)
        assert (hidden(f"Maison {said}") == "name") is (number < 4)


def test_hours_and_common_labels_are_no_words(desk, office, hidden):
    given = {
        "phone": f"{fresh()} (standard) / {fresh()} (bureau, WhatsApp)",
        "openingHours": "Jan-Mar Mo-Fr 08:00-16:00; PH off",
    }
    desk.done(STEWARD, "createShelter", **shelter(office, **given))
    assert hidden("Maison Mars") != "name"
    assert hidden(None, f"Standard et WhatsApp, bureau, {fresh()}") != "frontGate"


def test_the_code_of_a_town_is_no_front_gate(desk, hidden):
    code = desk.one("SELECT code FROM lakana.locality WHERE name_fr = 'Sikasso'")
    assert hidden(None, f"Permanence {code}, {fresh()}") == "frontGate"


# ---- waters ----


@pytest.mark.parametrize("name", ["Foyer du Mouhoun", "Maison Baoulé", "La rivière Bagoé", "Foyer Côte d’Ivoire"])
def test_a_water_or_a_country_around_is_a_place_of_the_zones_that_it_meets(hidden, name):
    assert hidden(name) == "name"


@pytest.mark.parametrize("name", ["Foyer du lac Débo", "Foyer Sénégal", "Maison du Lac", "La Belle Rivière"])
def test_one_of_another_zone_and_their_common_words_tell_nothing(desk, hidden, name):
    assert told(desk, hidden(name))["name"] == name


def test_a_water_that_comes_later_takes_the_name(desk, hidden):
    said = word()
    made = hidden(f"Foyer {said}")
    desk.rows(
        "INSERT INTO lakana.ground (kind, name_fr, rank, geom, source_id) SELECT 'LAKE', %s, 3, "
        "ST_Buffer(ST_SetSRID(ST_MakePoint(-5.6, 11.3), 4326), 0.01), id FROM lakana.source LIMIT 1 RETURNING 1",
        f"lac de {said}",
    )
    assert told(desk, made)["name"].startswith("Abri ")


# ---- addresses of the web ----


@pytest.mark.parametrize(
    "url",
    ["https://www.facebook.com/{}-100064", "https://example.org/fr/{}Mali", "https://example.org/?page={}", "https://example.org/#{}",
     "https://{}.wordpress.com/", "https://example.org/a_{}", "https://example.org/%{:x}{}"],
)  # fmt: skip
@pytest.mark.parametrize("later", [False, True])
def test_the_words_of_an_address_are_those_of_its_organisation(desk, hidden, url, later):
    said, number = word(), fresh()
    url = url.format(ord(said[0]), said[1:]) if "%" in url else url.format(said)
    organization = {"name": f"Organisation {fresh()}", "kind": "NGO"}
    made = desk.done(STEWARD, "createOrganization", **organization)["id"]
    kept = hidden(f"Maison {said}", f"Équipe {said}, {number}") if later else None
    desk.done(STEWARD, "updateOrganization", id=made, expectedVersion=1, changes={"url": url})
    assert hidden(f"Maison {said}") == "name"
    assert hidden(None, f"Équipe {said}, {fresh()}") == "frontGate"
    if later:
        assert told(desk, kept)["name"].startswith("Abri ")
        assert told(desk, kept)["frontGate"] == f"Permanence, {number}"


@pytest.mark.parametrize("between", ["%20", "%2D", "%252D", "+", "%2E%20"])
@pytest.mark.parametrize("before", ["", "%2B223%20"])
@pytest.mark.parametrize("first", ["address", "gate"])
def test_a_number_in_an_address_is_read_however_it_is_escaped(desk, hidden, first, before, between):
    number = fresh()
    url = f"https://example.org/contact?tel={before}{between.join(re.findall('..', number[-8:]))}"
    made = desk.done(STEWARD, "createOrganization", name=f"Organisation {fresh()}", kind="NGO")["id"]
    public = {"id": made, "expectedVersion": 1, "changes": {"url": url}}
    if first == "gate":
        hidden(None, f"Permanence, {number}")
        refused = desk.write(STEWARD, "updateOrganization", **public)
        assert (refused["__typename"], "front gate" in refused["message"]) == ("ValidationError", True)
        return
    desk.done(STEWARD, "updateOrganization", **public)
    assert hidden(None, f"Permanence, {number}") == "frontGate"
    desk.done(STEWARD, "updateOrganization", id=made, expectedVersion=2, changes={"url": None})
    assert hidden(None, f"Permanence, {number}") == "frontGate"


def test_digits_that_are_escaped_themselves_are_a_number(desk, hidden):
    number = fresh()
    escaped = "".join(f"%{ord(each):x}" for each in number[-8:])
    made = {"name": f"Organisation {fresh()}", "kind": "NGO", "url": f"https://example.org/{escaped}"}
    desk.done(STEWARD, "createOrganization", **made)
    assert hidden(None, f"Permanence, {number}") == "frontGate"


@pytest.mark.parametrize("escaped", ["%", "%zz", "%00", "%ff%fe", "%ed%a0%80", "%c3", "%f4%90%80%80", "%C3%A9t%C3%A9"])
def test_no_address_keeps_a_write_out(desk, escaped):
    made = {"name": f"Organisation {fresh()}", "kind": "NGO", "url": f"https://example.org/{escaped}"}
    desk.done(STEWARD, "createOrganization", **made)


# ---- what had been public ----


@pytest.mark.parametrize("gone", [False, True])
def test_the_steward_is_told_of_languages_and_closed_days(desk, office, gone):
    made = desk.done(STEWARD, "createShelter", **shelter(office, languages=["bm", "fr"]))["id"]
    days = {"closedFrom": "2026-12-20", "closedUntil": "2026-12-31"}

    def version(table):
        return desk.one(
            f"SELECT {table}.version FROM lakana.shelter JOIN lakana.service ON service.id = service_id WHERE shelter.id = %s",
            made,
        )

    service = desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made)
    desk.done(STEWARD, "suspendService", id=service, expectedVersion=version("service"), **days)
    if gone:
        desk.done(STEWARD, "suspendService", id=service, expectedVersion=version("service"))
        expected = version("service") + version("shelter") - 1
        desk.done(STEWARD, "updateShelter", id=made, expectedVersion=expected, changes={"languages": []})
    expected = version("service") + version("shelter") - 1
    told = hide(desk, made, expected, frontGate=f"Permanence, {fresh()}")
    facts = {each["fact"]: each["since"] for each in told["wasPublic"]}
    assert facts["LANGUAGES"]
    assert facts["CLOSED"]
    other = desk.done(STEWARD, "createShelter", **shelter(office))["id"]
    told = hide(desk, other, frontGate=f"Permanence, {fresh()}")
    assert not {"LANGUAGES", "CLOSED"} & {each["fact"] for each in told["wasPublic"]}
