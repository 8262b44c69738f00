"""What a hidden name or a front gate tells, whoever writes first, and when the words stay and their surroundings change."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from tests.writes.conftest import STEWARD
from tests.writes.hiding import shelter

pytestmark = pytest.mark.database

TOLD = "query ($id: ID!) { node(id: $id) { ... on Shelter { name frontGate } } }"
FRESH = itertools.count()
BODIES = 5
"""So many bodies share a word that tells nothing."""


def fresh():
    """Return an eight-digit number that no other test has."""
    return f"{65_300_000 + 1_117 * next(FRESH)}"


def word():
    """Return a word that nothing else holds."""
    number = next(FRESH)
    return "Zq" + "".join(chr(ord("a") + number // 17**place % 17) for place in range(3)) + "wo"


@pytest.fixture
def hidden(desk, office):
    """Enter a hidden shelter and return its id."""

    def enter(name=None, gate=None):
        given = shelter(office, confidential=True, name=name, frontGate=gate or f"Permanence, {fresh()}")
        return desk.done(STEWARD, "createShelter", **given)["id"]

    return enter


@pytest.fixture
def bodies(desk, sikasso):
    """Enter actors of these names in a town, each with a public service, and return their ids."""

    def enter(*names, point=sikasso, **fields):
        made = []
        for name in names:
            actor = {"name": name, "kind": "OTHER", "point": point, **fields}
            made.append(desk.done(STEWARD, "createActor", **actor)["id"])
            service = {"name": "Accueil", "category": "CASE_MANAGEMENT", "point": point, "actorId": made[-1]}
            desk.done(STEWARD, "createService", **service)
        return made

    return enter


def told(desk, shelter_id):
    return desk.ask(STEWARD, TOLD, id=shelter_id)


def service_of(desk, shelter_id):
    return desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", shelter_id)


KAYES = {"lon": -11.43, "lat": 14.45}


# At the same time


class Session:
    """A transaction of its own, in a thread, that says whether it waits for another."""

    def __init__(self, url):
        self.connection = psycopg2.connect(url)
        self.pid = self.connection.get_backend_pid()
        self.refused = None

    def run(self, statement, *values):
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement, values)
        except psycopg2.Error as error:
            self.refused = error.pgcode

    def end(self):
        if self.refused:
            self.connection.rollback()
        else:
            self.connection.commit()
        self.connection.close()


def both(desk, first, second):
    """Run two statements at once, the second while the first is not committed; return the codes by which they were refused."""
    one, two = Session(desk.url), Session(desk.url)
    one.run(*first)
    thread = threading.Thread(target=two.run, args=second)
    thread.start()
    waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
    for _ in range(100):
        if not thread.is_alive() or desk.one(waits, two.pid):
            break
        time.sleep(0.05)
    one.end()
    thread.join()
    two.end()
    return one.refused, two.refused


PUBLIC = {
    "organization": "INSERT INTO lakana.organization (name, kind, source_id) SELECT %s, 'NGO', id FROM lakana.source LIMIT 1",
    "actor": "UPDATE lakana.actor SET name = name || ' ' || %s WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1)",
    "service": "UPDATE lakana.service SET name = name || ' ' || %s "
    "WHERE id = (SELECT id FROM lakana.service WHERE NOT confidential ORDER BY id LIMIT 1)",
    "training_event": "UPDATE lakana.training_event SET name = name || ' ' || %s "
    "WHERE id = (SELECT id FROM lakana.training_event ORDER BY id LIMIT 1)",
}


@pytest.mark.parametrize("table", PUBLIC)
@pytest.mark.parametrize("gate", [False, True])
@pytest.mark.parametrize("public_first", [False, True])
def test_a_public_word_and_a_hidden_one_are_not_written_at_once(desk, hidden, table, gate, public_first):
    said, number = word(), fresh()
    made = hidden()
    if gate:
        text = f"Équipe {said}, {number}"
        hide = ("UPDATE lakana.front_gate SET contact = %s WHERE service_id = %s", text, service_of(desk, made))
    else:
        text = f"Maison {said}"
        hide = ("UPDATE lakana.service SET name = %s WHERE id = %s", text, service_of(desk, made))
    show = (PUBLIC[table], said)
    refused = both(desk, show, hide) if public_first else both(desk, hide, show)
    assert refused == ((None, "LK400") if public_first else (None, None))
    assert said not in told(desk, made)["frontGate" if gate else "name"]


@pytest.mark.parametrize("public_first", [False, True])
def test_nor_are_a_public_number_and_a_front_gate(desk, hidden, public_first):
    made, number = hidden(), fresh()
    text = f"Permanence, {number}"
    hide = ("UPDATE lakana.front_gate SET contact = %s WHERE service_id = %s", text, service_of(desk, made))
    show = (
        "UPDATE lakana.actor SET phone = %s WHERE id = (SELECT id FROM lakana.actor ORDER BY id LIMIT 1)",
        number,
    )
    assert both(desk, *((show, hide) if public_first else (hide, show))) == (None, "LK400")


def test_writers_of_public_words_do_not_wait_for_each_other(desk, hidden, bodies):
    hidden(f"Maison {word()}")
    ids = bodies(f"Relais {word()}", f"Relais {word()}")
    rename = "UPDATE lakana.actor SET name = %s, phone = %s WHERE id = %s"
    one, two = Session(desk.url), Session(desk.url)
    for session, each in zip((one, two), ids, strict=True):
        session.run("SET lock_timeout = '1s'")
        session.run(rename, f"Relais {word()}", fresh(), each)
    one.end()
    two.end()
    assert (one.refused, two.refused) == (None, None)


def test_who_mends_a_name_and_who_writes_it_do_not_wait_in_a_circle(desk, hidden, bodies):
    """By the API, round after round: who renames the shelter takes the lock of words before the row, as the other needs both."""
    said = [word() for _ in range(8)]
    made = hidden("Maison Paisible", f"Équipe {said[0]}, {fresh()}")
    number = told(desk, made)["frontGate"][-8:]
    [actor] = bodies("Relais Premier")
    before = desk.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")

    def show(each):
        desk.rows("UPDATE lakana.actor SET name = %s WHERE id = %s RETURNING 1", f"Relais {each}", actor)

    with ThreadPoolExecutor(1) as other:
        for version, each in enumerate(said, 1):
            now = desk.one(
                "SELECT s.version + h.version - 1 FROM lakana.service s JOIN lakana.shelter h ON h.service_id = s.id WHERE h.id = %s",
                made,
            )
            shown = other.submit(show, each)
            changes = {"name": f"Maison {each}", "frontGate": f"Équipe {each}, {number}"}
            desk.write(STEWARD, "updateShelter", id=made, expectedVersion=now, changes=changes, key=f"circle {version}")
            shown.result()
            now = told(desk, made)
            assert each not in now["name"]
            assert each not in now["frontGate"]
    desk.rows("SELECT pg_stat_force_next_flush()")
    assert desk.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == before


# Scripts


@pytest.mark.parametrize("name", ["Дом Живаго", "ߓߏ߲ ߞߊߣߎߦߊ", "دار السكينة", "ቤት ሰላም"])
def test_a_hidden_name_of_another_script_is_asked_again(desk, hidden, bodies, name):
    """Also where it is the only one that is not neutral."""
    desk.rows("UPDATE lakana.service SET name = NULL WHERE confidential RETURNING 1")
    desk.rows("DELETE FROM lakana.front_gate WHERE contact !~ '^Permanence' RETURNING 1")
    made = hidden(name)
    assert told(desk, made)["name"] == name
    bodies(f"Relais {name.split()[-1]}")
    assert told(desk, made)["name"].startswith("Abri ")


# Forms

ADDRESSES = [
    "rue 14 porte 220", "BP 1234", "B.P. 12", "lot 33 ilot 7", "km 15 route de l'aéroport", "derrière la mosquée", "avenue Cheick Zayed",
    "quartier Badalabougou", "commune IV", "Foyer BKO", "ML-BKO", "mlbko", "behind the market", "misiri kɛrɛfɛ",
]  # fmt: skip
POINTS = ["12-639 8-002", "point 12/639 et 8/002", "12 639 8 002", "12-639042 / 08-002911"]
LETTERS = [
    "20 22 OO 11",
    "20 22 ll 11",
    "20 22 zéro zéro 11",
    "20 vingt-deux 44 66",
    "oo 223 20 22",
    "20 22 \u041e\u043e 11",
]
HONEST_NAMES = [
    "Foyer Bambou", "Maison Kanouya", "Abri Neuf", "Le Grand Repos", "Maison Paisible", "La Porte Ouverte", "Maison Commune",
    "Les enfants de la rue", "Bonne Route", "Villa Jolie", "Foyer Deux Rives", "Trois Baobabs", "Foyer 12", "Nid d’Oiseaux",
    "Foyer Sira", "Maison Dɛmɛ", "Un Toit",
]  # fmt: skip
HONEST_GATES = [
    "+223 {}, 24 h sur 24, demander Mme K.", "Permanence 1, 223 {}", "Permanence 24h/24, {}", "Équipe mobile 7j/7 : {}",
    "De 08:00-12:00 à 14h30, {}", "Service n° 12, {}", "Madame Wolo, 1er étage, {}", "Ligne 1 : {} ; ligne 2 : {}",
    "Appeler le matin de 8 h à 12 h, {}", "Demander la directrice, 00223 {} (jour et nuit)", "{} / {}", "{} et {}, Mme K. ou Mme D.",
    "Permanence, {}",
]  # fmt: skip


@pytest.mark.parametrize("said", [*ADDRESSES, *POINTS])
def test_a_place_is_no_name_and_no_front_gate(desk, office, said):
    number = fresh()
    for name, gate, field in (
        (f"Maison {said}", f"Permanence, {number}", "name"),
        (None, f"{said}, {number}", "frontGate"),
    ):
        given = shelter(office, confidential=True, name=name, frontGate=gate)
        assert desk.write(STEWARD, "createShelter", **given).get("field") == field


@pytest.mark.parametrize("gate", LETTERS)
def test_letters_and_words_for_digits_are_no_number(desk, office, gate):
    for said in (gate, f"Permanence {gate}"):
        given = shelter(office, confidential=True, name=None, frontGate=said)
        assert desk.write(STEWARD, "createShelter", **given).get("field") == "frontGate"


@pytest.mark.parametrize("name", HONEST_NAMES)
def test_an_honest_name_is_kept(desk, hidden, name):
    assert told(desk, hidden(name))["name"] == name


@pytest.mark.parametrize("gate", HONEST_GATES)
@pytest.mark.parametrize("form", ["{}", "{} {} {} {}", "{}-{}-{}-{}", "{}{} {}{}", "{}-{}{}{}", "{} {}{} {}"])
def test_an_honest_front_gate_is_kept(desk, hidden, gate, form):
    numbers = [fresh(), fresh()]
    written = [
        form.format(*(number[at : at + 2] for at in range(0, 8, 2))) if form != "{}" else number for number in numbers
    ]
    said = gate.format(*written)
    assert told(desk, hidden(gate=said))["frontGate"] == said


@pytest.mark.parametrize("name", ["FoyerBla", "Blas", "Blaville", "MaisonBla", "blanord", "Foyerbla"])
def test_a_short_town_is_known_where_a_common_word_is_glued_to_it(desk, office, name):
    """Bla lies in another zone than the seeds' Sikasso."""
    there = desk.one(
        "SELECT ST_X(point::geometry) || ' ' || ST_Y(point::geometry) FROM lakana.locality WHERE name_fr = 'Bla'"
    ).split()
    point = {"lon": float(there[0]), "lat": float(there[1])}
    given = shelter(office, confidential=True, name=name, frontGate=f"Permanence, {fresh()}", point=point)
    assert desk.write(STEWARD, "createShelter", **given).get("field") == "name"


# Surroundings


def common(bodies, said, **fields):
    """Enter five bodies that share a word."""
    return bodies(*(f"Relais {said} {one}" for one in ("Un", "Deux", "Trois", "Quatre", "Cinq")), **fields)


@pytest.fixture
def shared(desk, hidden, bodies):
    """A word that five bodies share, their ids, and a hidden shelter that is called so, and has it at its front gate."""
    said, number = word(), fresh()
    ids = common(bodies, said)
    made = hidden(f"Maison {said}", f"Équipe {said}, {number}")
    assert told(desk, made) == {"name": f"Maison {said}", "frontGate": f"Équipe {said}, {number}"}

    def mended():
        now = told(desk, made)
        assert now["name"].startswith("Abri ")
        assert now["frontGate"] == f"Permanence, {number}"

    return said, ids, mended


def test_a_word_that_gets_rare_takes_the_name_when_a_body_is_renamed(desk, shared):
    _, ids, mended = shared
    desk.done(STEWARD, "updateActor", id=ids[0], expectedVersion=1, changes={"name": "Relais"})
    mended()


def test_so_when_one_leaves(desk, shared):
    _, ids, mended = shared
    desk.rows("DELETE FROM lakana.service WHERE actor_id = %s RETURNING 1", ids[0])
    mended()


def test_so_when_two_become_one(desk, shared, ngo):
    _, ids, mended = shared
    for one in ids[:2]:
        desk.done(STEWARD, "updateActor", id=one, expectedVersion=1, changes={"organizationId": ngo})
    mended()


def test_a_common_word_that_is_an_organisations_name_tells_where_it_works(desk, hidden, bodies):
    said = word()
    organization = {"name": said, "kind": "NGO"}
    made = desk.done(STEWARD, "createOrganization", **organization)["id"]
    common(bodies, said, point=KAYES)
    there = hidden(f"Maison {said}")
    [far] = bodies("Relais", point=KAYES, organizationId=made)
    assert told(desk, there)["name"] == f"Maison {said}"
    desk.done(STEWARD, "updateActor", id=far, expectedVersion=1, changes={"point": {"lon": -5.67, "lat": 11.32}})
    assert told(desk, there)["name"].startswith("Abri ")


@pytest.mark.parametrize("moved", ["point", "area_id"])
def test_a_town_that_moves_into_the_zone_takes_the_name(desk, hidden, moved):
    """Its name stays."""
    said = word()
    town = desk.one(
        "INSERT INTO lakana.locality (scheme, code, name_fr, area_id, point, source_id) SELECT 'TEST', %s, %s, area_id, point, source_id "
        "FROM lakana.locality WHERE name_fr = 'Yélimané' RETURNING id::text",
        said, said,
    )  # fmt: skip
    there = hidden(f"Maison {said}")
    changes = {
        "point": "ST_MakePoint(-5.67, 11.32)::geography",
        "area_id": "(SELECT area_id FROM lakana.locality WHERE name_fr = 'Sikasso')",
    }
    desk.rows(f"UPDATE lakana.locality SET {moved} = {changes[moved]} WHERE id = %s RETURNING 1", town)
    assert told(desk, there)["name"].startswith("Abri ")


@pytest.mark.parametrize("way", ["parent", "crosswalk"])
def test_an_area_that_comes_into_the_zone_takes_the_name_with_its_towns(desk, hidden, way):
    said = word()
    area, zone = desk.one(
        "WITH made AS (INSERT INTO lakana.admin_area (scheme, code, level, name_fr, edition, source_id) "
        "SELECT 'TEST', %s, 2, 'Cercle', '2026', id FROM lakana.source LIMIT 1 RETURNING id) "
        "SELECT made.id::text, (SELECT id::text FROM lakana.admin_area WHERE name_fr = 'Sikasso' AND level = 1 AND scheme = 'COD-AB' "
        "LIMIT 1) FROM made",
        f"T-{fresh()}",
    )
    desk.rows(
        "INSERT INTO lakana.locality (scheme, code, name_fr, area_id, point, source_id) "
        "SELECT 'TEST', %s, %s, %s, ST_MakePoint(-11.4, 14.4), id FROM lakana.source LIMIT 1 RETURNING 1",
        said, said, area,
    )  # fmt: skip
    there = hidden(f"Maison {said}")
    assert told(desk, there)["name"] == f"Maison {said}"
    if way == "parent":
        desk.rows("UPDATE lakana.admin_area SET parent_id = %s WHERE id = %s RETURNING 1", zone, area)
    else:
        desk.rows(
            "INSERT INTO lakana.area_crosswalk (from_area_id, to_area_id, share, source_id) "
            "SELECT %s, %s, 1, id FROM lakana.source LIMIT 1 RETURNING 1",
            area, zone,
        )  # fmt: skip
    assert told(desk, there)["name"].startswith("Abri ")
