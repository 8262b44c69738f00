"""Names that look the same are the same: folded in the database, kept apart there, computed again by the migration."""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from importlib import resources
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo import texts
from geo.database import owner
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from tests.attacks.worlds import quietly
from tests.mali import towns

pytestmark = pytest.mark.database

SAME = (
    ("ONG Kanuya", "ONG Kan\u200buya"),
    ("ONG Kanuya", "\u202eONG\u2060 Kanuya\ufeff"),
    ("ONG Kanuya", "ong  KANUYA"),
    ("ONG Kanuya", "\uff2f\uff2e\uff27 Kanuya"),
    ("ONG Kanuya", "O\x07NG Kanuya"),
    ("École de Ségou", "E\u0301cole de Se\u0301gou"),
    ("Ɔ̀kɛ", "oke"),
    ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u062e\u0648"),
    ("\u07d8\u07cb\u07f2", "\u07d8\u07cb"),
    ("ONG Kanuya", "ONG K\u1ab0an\u20d7uya\ufe20"),
    ("\u0633\u064a\u0643\u0627\u0633\u0648", "\u0633\u0650\u064a\u0643\u0640\u0627\u0633\u0648"),
    ("\u07de\u07ce\u07d5", "\u07de\u07fa\u07ce\u07ec\u07fd\u07d5"),
    ("Sikasso", "Sikas\u00adso "),
    ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd"),
)
OTHER = (("ONG Kanuya", "ONG Kan uya"), ("\u07d8\u07cb", "\u07d8\u07cc"), ("\U0001e922", "\U0001e923"))


PLANES_WITH_CHARACTERS = (0, 1, 2, 3, 14)
"""Unicode has assigned characters in these alone; planes 15 and 16 are for private use."""
EVERY = [
    chr(code)
    for code in range(1, sys.maxunicode + 1)
    if not 0xD800 <= code <= 0xDFFF
    and (code >> 16 in PLANES_WITH_CHARACTERS or code & 0xFFFF < 256 or code & 0xFFFF >= 0xFF00)
]
"""Every character; of planes without any the first and the last 256."""


def test_the_planes_that_are_left_out_hold_no_character():
    """The tables of another Python may have some there."""
    left_out = {*map(chr, range(1, sys.maxunicode + 1))}.difference(EVERY)
    assert {*map(unicodedata.category, left_out)} == {"Cn", "Co", "Cs"}


def folded(connection, name):
    return connection.scalar(text("SELECT lakana.fold(:name)"), {"name": name})


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_looks_the_same_folds_to_the_same(empty_url, one, other):
    with owner_transaction(empty_url) as connection:
        assert folded(connection, one) == folded(connection, other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_looks_different_does_not(empty_url, one, other):
    with owner_transaction(empty_url) as connection:
        assert folded(connection, one) != folded(connection, other)


def test_the_database_and_the_rule_know_the_same_invisible_characters(empty_url):
    with owner_transaction(empty_url) as connection:
        gone = text(
            "SELECT each FROM unnest(CAST(:every AS text[])) AS each WHERE lakana.fold('a' || each || 'b') = 'ab'"
        )
        dropped = set(connection.scalars(gone, {"every": EVERY}))
    unseen = {each for each in EVERY if not texts.visible(each)}
    accents = {
        each
        for each in dropped - unseen
        # Some of the marks are newer than Python's Unicode tables, and some are written on a stroke of Arabic.
        if {*map(unicodedata.category, unicodedata.normalize("NFKC", each))}
        <= {"Mn", "Mc", "Me", "Lm", "Sk", "Cn", "Zs"}
    }
    assert unseen <= dropped
    assert dropped - unseen == accents, sorted(hex(ord(each)) for each in dropped - unseen - accents)


def is_name(given):
    try:
        return texts.name("name", given)
    except BadInput:
        return None


USED = (*range(0x20, 0x180), *range(0x370, 0x400), *range(0x600, 0x780), *range(0x7C0, 0x800), *range(0x1E00, 0x1E9C))


def test_python_folds_as_the_database_does(empty_url):
    """All letters, marks, digits and punctuation of Latin, Greek, Arabic and N'Ko, and every spelling of Mali's towns."""
    used = [f"A{each}b {each}{each}\u0300" for each in map(chr, USED) if unicodedata.category(each)[0] in "LMNP"]
    spelt = [name for town in towns() for name in town.spellings]
    written = [*used, *spelt, *"ƁɓƊɗƘƙƳƴƝɲŊŋƆɔƐɛ", *(each for pair in (*SAME, *OTHER) for each in pair)]
    with owner_transaction(empty_url) as connection:
        every = text("SELECT each, lakana.fold(each) FROM unnest(CAST(:every AS text[])) AS each")
        folded_so = [(each, key) for each, key in connection.execute(every, {"every": written})]
    assert [each for each in folded_so if texts.fold(each[0]) != each[1]] == []


def test_whatever_is_a_letter_is_left_of_a_name(empty_url):
    """No two names are one because nothing is left of either."""
    named = [each for each in EVERY if is_name(each)]
    with owner_transaction(empty_url) as connection:
        nothing = text("SELECT each FROM unnest(CAST(:every AS text[])) AS each WHERE lakana.fold(each) = ''")
        assert sorted(connection.scalars(nothing, {"every": named})) == []


def test_what_nobody_sees_inside_a_word_makes_no_other_name(empty_url):
    """Whatever blank, mark or format character a name may have, organisations are told apart without it."""
    unlettered = [each for each in EVERY if unicodedata.category(each)[0] in "ZMC"]
    named = {each: name for each in unlettered if (name := is_name(f"Kanuy{each}a"))}
    assert {"\xa0", "\u202f", "\u0301"} < {*named}
    with owner_transaction(empty_url) as connection:
        other = text(
            "SELECT each FROM unnest(CAST(:every AS text[])) AS each WHERE replace(lakana.fold(each), ' ', '') <> 'kanuya'"
        )
        differ = set(connection.scalars(other, {"every": list(named.values())}))
    left = {unicodedata.name(each, hex(ord(each))) for each, name in named.items() if name in differ}
    # What is left are whole letters that stand above one, and are seen.
    assert {each for each in left if not re.match("COMBINING (CYRILLIC|GLAGOLITIC|OLD PERMIC) LETTER", each)} == set()


@pytest.fixture
def source(empty_url):
    with owner_transaction(empty_url) as connection:
        connection.exec_driver_sql("DELETE FROM lakana.organization")
        connection.exec_driver_sql("DELETE FROM lakana.source WHERE key = 'names'")
        return connection.exec_driver_sql(
            "INSERT INTO lakana.source (key, name, illustrative) VALUES ('names', 'Noms', false) RETURNING id"
        ).scalar()


ADD = "INSERT INTO lakana.organization (name, kind, source_id) VALUES (%s, 'NGO', %s)"


def test_no_two_organisations_bear_names_that_look_the_same(empty_url, source):
    with owner_transaction(empty_url) as connection:
        connection.exec_driver_sql(ADD, ("ONG Kanuya", source))
        connection.exec_driver_sql(ADD, ("ONG Sutura", source))
    for statement, values in (
        (ADD, ("ONG Kan\u200buya", source)),
        (ADD, ("ONG Kan\u200auya", source)),
        (ADD, ("ONG Kan\U0001d159uya", source)),
        (ADD, ("ONGKanuya", source)),
        ("UPDATE lakana.organization SET name = %s WHERE name = 'ONG Sutura'", ("ong kanuya",)),
    ):
        with pytest.raises(DBAPIError) as caught, owner_transaction(empty_url) as connection:
            connection.exec_driver_sql(statement, values)
        refused: Any = caught.value.orig
        assert (refused.pgcode, refused.diag.message_detail) == ("LK400", "name")
    with owner_transaction(empty_url) as connection:  # its own name, spelt differently
        connection.exec_driver_sql("UPDATE lakana.organization SET name = 'ONG KANUYA' WHERE name = 'ONG Kanuya'")


def test_two_that_are_written_at_once_see_each_other(empty_url, source):
    """The second waits for the first to commit, and then finds it."""
    said = []

    def write():
        try:
            with owner_transaction(empty_url) as connection:
                connection.exec_driver_sql(ADD, ("ONG Jig\u200biya", source))
        except DBAPIError as error:
            refused: Any = error.orig
            said.append(refused.pgcode)

    with owner_transaction(empty_url) as connection:
        connection.exec_driver_sql(ADD, ("ONG Jigiya", source))
        second = threading.Thread(target=write)
        second.start()
        second.join(0.5)
        assert second.is_alive()
    second.join(10)
    assert said == ["LK400"]


FORMER = """
CREATE OR REPLACE FUNCTION lakana.fold(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT trim(regexp_replace(translate(lower(public.unaccent('public.unaccent'::regdictionary, name)), 'ɔɛɲŋ', 'oenn'),
    '[^[:alnum:]]+', ' ', 'g')) $$
"""


LATER = {"lakana.presence": "organization_name", "lakana.context_series": "indicator"}
"""They came after the migration, which looks for names in a column ``name`` or ``name_fr`` alone."""


def run(connection, *names):
    for name in names:
        statement = resources.files("geo.database.migrations").joinpath("sql", f"{name}.sql").read_text("utf-8")
        connection.exec_driver_sql(statement.replace("%", "%%"))


def test_the_migration_computes_keys_again_and_moves_no_version(copy_seeded):
    url = copy_seeded()
    named = "SELECT name, name_key FROM lakana.organization WHERE kind = 'NGO' AND name ILIKE 'ONG Kan%%uya' ORDER BY 1"
    with quietly(url) as connection:
        connection.exec_driver_sql("DROP TRIGGER keep_names_apart ON lakana.organization")
        connection.exec_driver_sql("DROP FUNCTION lakana.keep_names_apart")
        connection.exec_driver_sql(FORMER)
        connection.exec_driver_sql("UPDATE lakana.organization SET name = 'ONG Kan\u200buya' WHERE name = 'ONG Kanuya'")
        source = connection.exec_driver_sql("SELECT id FROM lakana.source LIMIT 1").scalar()
        connection.exec_driver_sql(ADD, ("ong kanuya", source))
        connection.exec_driver_sql("UPDATE lakana.training_event SET name = 'For\u200bmation'")
        before = state(connection)
        keys = dict(map(tuple, connection.exec_driver_sql(named).fetchall()))
        assert keys == {"ONG Kan\u200buya": "ong kan uya", "ong kanuya": "ong kanuya"}
    with owner_transaction(url) as connection:
        for later, column in LATER.items():
            connection.exec_driver_sql(f"ALTER TABLE {later} RENAME {column} TO name")
        run(connection, "0013_fold", "0013_name_keys", "0013_organizations")
        for later, column in LATER.items():
            connection.exec_driver_sql(f"ALTER TABLE {later} RENAME name TO {column}")
    owner.check(url)
    with owner_transaction(url) as connection:
        assert state(connection) == before
        assert {key for _, key in connection.exec_driver_sql(named).fetchall()} == {"ong kanuya"}
        trainings = "SELECT count(*) FROM lakana.training_event WHERE name_key NOT LIKE '%% formation'"
        assert connection.exec_driver_sql(trainings).scalar() == 0
        # An older row whose name looks like another's can still change in all other columns.
        connection.exec_driver_sql("UPDATE lakana.organization SET acronym = 'OK' WHERE name = 'ong kanuya'")


def state(connection):
    versions = "SELECT array_agg((id, version, name) ORDER BY id)::text FROM lakana.{}"
    tables = ("organization", "actor", "service")
    entries = connection.scalar(text("SELECT count(*) FROM audit.entry"))
    return [connection.scalar(text(versions.format(each))) for each in tables], entries
