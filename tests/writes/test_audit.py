"""The audit log: complete, attributed, appended to only; an edit, a deletion and a cut tail are found."""

from __future__ import annotations

import base64
import resource

import psycopg2
import pytest
from graphql import assert_object_type

from api.graphql.schema import compiled_schema
from geo import audit
from geo.audience import LOGINS
from geo.database.owner import login_url, owner_transaction
from geo.errors import SetupError
from geo.vocabulary import AuditSubject
from tests.writes.conftest import SECOND, STEWARD
from tests.writes.hiding import GATE, shelter

pytestmark = pytest.mark.database

ENTRIES = """query ($id: ID, $holder: String, $after: String) {
  auditEntries(subjectId: $id, holder: $holder, first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { at holder login action subjectKind subject { id } subjectId before after id } } } }"""


@pytest.fixture
def made(desk, sikasso):
    """An actor that was entered, changed and retired."""
    row = desk.done(STEWARD, "createActor", name="Suivie", kind="DONOR", point=sikasso)
    desk.done(SECOND, "updateActor", id=row["id"], expectedVersion=1, changes={"phone": "+223 20 22 00 99"})
    desk.done(STEWARD, "retireActor", id=row["id"], expectedVersion=2)
    return row["id"]


def test_no_number_and_no_cursor_counts_what_is_withheld(desk, made, partner, office):
    """Gaps in the numbers told how many entries are withheld, and between whose."""
    hidden = desk.done(STEWARD, "createShelter", **shelter(office, name=None, confidential=True, **GATE))["id"]
    desk.done(partner, "updateShelterOccupancy", id=hidden, expectedVersion=1, occupancy=3)
    assert "number" not in assert_object_type(compiled_schema().type_map["AuditEntry"]).fields
    edges = desk.ask(STEWARD, "{ auditEntries(first: 20) { edges { cursor node { at } } } }")["edges"]
    numbers = desk.rows("SELECT number FROM audit.entry ORDER BY number DESC LIMIT 40")
    for edge in edges:
        held = base64.urlsafe_b64decode(edge["cursor"] + "==").decode()
        assert not [number for (number,) in numbers if f"{999_999_999_999 - number:012}" in held]
    assert [edge["node"]["at"] for edge in edges] == sorted((edge["node"]["at"] for edge in edges), reverse=True)


def nodes(answer):
    return [edge["node"] for edge in answer["edges"]]


def test_stewards_read_who_changed_what_page_by_page(desk, made):
    first = desk.ask(STEWARD, ENTRIES, id=made)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = desk.ask(STEWARD, ENTRIES, id=made, after=first["pageInfo"]["endCursor"])
    retired, changed, entered = nodes(first) + nodes(rest)
    assert [each["action"] for each in (entered, changed, retired)] == ["INSERT", "UPDATE", "DELETE"]
    assert [each["holder"] for each in (entered, changed, retired)] == ["steward one", "steward two", "steward one"]
    assert {each["login"] for each in (entered, changed, retired)} == {"lakana_steward"}
    assert entered["before"] is None
    assert entered["after"]["name"] == "Suivie"
    assert changed["before"] == {"phone": None, "version": 1}
    assert changed["after"] == {"phone": "+22320220099", "version": 2}
    assert retired["before"]["phone"] == "+22320220099"
    assert retired["after"] is None
    assert {each["holder"] for each in nodes(desk.ask(STEWARD, ENTRIES, holder="steward two"))} == {"steward two"}


def test_an_entry_leads_to_its_record_as_node_does(desk, sikasso, made):
    actor = desk.done(STEWARD, "createActor", name="Lue", kind="DONOR", point=sikasso)["id"]
    document = """query ($id: ID!) { auditEntries(subjectId: $id) { edges { node { id subjectKind subjectId
      subject { __typename id ... on ProtectionActor { name kind } } } } } }"""
    [entry] = nodes(desk.ask(STEWARD, document, id=actor))
    assert (entry["subjectKind"], entry["subjectId"]) == ("ACTOR", actor)
    assert entry["subject"] == {"__typename": "ProtectionActor", "id": actor, "name": "Lue", "kind": "DONOR"}
    again = "query ($id: ID!) { node(id: $id) { ... on AuditEntry { subject { id } } } }"
    assert desk.ask(STEWARD, again, id=entry["id"]) == {"subject": {"id": actor}}
    gone = nodes(desk.ask(STEWARD, document, id=made))
    assert {(each["subjectId"], each["subject"]) for each in gone} == {(made, None)}


def test_every_table_that_is_followed_has_its_word(desk):
    followed = desk.rows("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit'")
    assert len(followed) > 10
    assert {name.rpartition(".")[2].upper() for (name,) in followed} <= {each.value for each in AuditSubject}


def test_a_word_of_another_version_is_other_and_keeps_the_list(desk):
    for action, subject, key in (("UNHEARD", "Mali", "x"), ("INSERT", "release", "7")):
        desk.rows("SELECT audit.append(%s, %s, %s, NULL, NULL)", action, subject, key)
    document = (
        "{ auditEntries(first: 2) { edges { node { action subjectKind subjectId releaseNumber subject { id } } } } }"
    )
    told = [tuple(each.values()) for each in nodes(desk.ask(STEWARD, document))]
    assert told == [("INSERT", "RELEASE", None, 7, None), ("OTHER", "OTHER", None, None, None)]


def test_how_many_children_a_hidden_shelter_takes_is_called_its_capacity(desk):
    """The table is `places`, which in the API are towns and areas."""
    desk.rows("SELECT audit.append('UPDATE', 'places', NULL, NULL, NULL)")
    told = desk.ask(STEWARD, "{ auditEntries(first: 1) { edges { node { action subjectKind } } } }")
    assert nodes(told) == [{"action": "UPDATE", "subjectKind": "CAPACITY"}]


def test_nobody_else_reads_it(desk):
    for login in LOGINS:
        connection = psycopg2.connect(login_url(desk.url, login))
        for table in ("entry", "sealed", "answered"):
            if (login, table) == ("lakana_steward", "entry"):
                continue
            with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection, connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM audit.{table} LIMIT 1")
        connection.close()


def test_nobody_writes_it_by_hand(desk, made):
    for statement in ("UPDATE audit.entry SET holder = 'x'", "DELETE FROM audit.entry", "TRUNCATE audit.entry CASCADE"):
        with pytest.raises(Exception, match="only ever appended"), owner_transaction(desk.url) as connection:
            connection.exec_driver_sql(statement)
    for login in LOGINS:
        connection = psycopg2.connect(login_url(desk.url, login))
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection, connection.cursor() as cursor:
            cursor.execute("SELECT audit.append('x', 'x', 'x', NULL, NULL)")
        connection.close()


def test_no_login_but_the_owner_writes_in_bulk(desk):
    connection = psycopg2.connect(login_url(desk.url, "lakana_steward"))
    with connection.cursor() as cursor:
        cursor.execute("SET lakana.bulk = 'on'; SELECT audit.is_bulk()")
        assert cursor.fetchone() == (False,)
        cursor.execute("INSERT INTO lakana.source (key, name, illustrative) VALUES ('hand', 'x', true) RETURNING id")
        cursor.execute(
            "INSERT INTO lakana.organization (name, kind, source_id) VALUES ('À la main', 'NGO', %s)", cursor.fetchone()
        )
    connection.commit()
    connection.close()
    assert desk.one("SELECT count(*) FROM audit.entry WHERE after->>'name' = 'À la main'") == 1


def test_an_entry_holds_nothing_that_is_worked_out(desk):
    desk.done(STEWARD, "createOrganization", name="Sans clé", acronym="SCL", kind="NGO")
    after = desk.one("SELECT after FROM audit.entry WHERE after->>'acronym' = 'SCL'")
    worked_out = (
        "SELECT column_name FROM information_schema.columns WHERE is_generated = 'ALWAYS' AND table_schema = 'lakana'"
    )
    assert {"acronym", "name"} <= after.keys()
    assert not after.keys() & {name for (name,) in desk.rows(worked_out)}


def test_seeding_left_entries_of_the_country_and_of_its_made_up_rows(desk):
    found = desk.rows(
        "SELECT subject, after->>'name', after->>'seed' FROM audit.entry WHERE action = 'LOAD' AND subject <> 'import'"
    )
    assert set(found) == {("country", "Mali", None), ("illustration", "MLI", "1")}


# Verification


@pytest.fixture
def log(desk, made, tmp_path):
    """Verify after the owner, who may do all, has tampered; it is undone afterwards."""
    audit.anchor(desk.url, tmp_path)

    def tamper(*statements):
        with owner_transaction(desk.url) as connection:
            connection.exec_driver_sql("CREATE TABLE kept AS TABLE audit.entry")
            connection.exec_driver_sql("CREATE TABLE kept_sealed AS TABLE audit.sealed")
            for table in ("entry", "sealed"):
                connection.exec_driver_sql(f"ALTER TABLE audit.{table} DISABLE TRIGGER append_only")
            for statement in statements:
                connection.exec_driver_sql(statement)
        try:
            return audit.verify(desk.url, tmp_path)[1]
        finally:
            columns = "number, id, at_s, login, holder, person, action, subject, subject_id, before, after, sealed_digest, previous_hash, hash"
            with owner_transaction(desk.url) as connection:
                connection.exec_driver_sql("DELETE FROM audit.sealed; DELETE FROM audit.entry")
                connection.exec_driver_sql(f"INSERT INTO audit.entry ({columns}) SELECT {columns} FROM kept")
                connection.exec_driver_sql("INSERT INTO audit.sealed TABLE kept_sealed")
                connection.exec_driver_sql("DROP TABLE kept, kept_sealed")
                for table in ("entry", "sealed"):
                    connection.exec_driver_sql(f"ALTER TABLE audit.{table} ENABLE TRIGGER append_only")

    yield tamper
    assert audit.verify(desk.url, tmp_path)[1] == []


def test_a_sound_log_is_found_sound(desk, log, tmp_path):
    many, wrong = audit.verify(desk.url, tmp_path)
    assert many == desk.one("SELECT max(number) FROM audit.entry")
    assert wrong == []
    assert log() == []


@pytest.mark.parametrize(
    "column",
    [
        "holder = 'x'",
        "at_s = at_s + 1",
        "action = 'x'",
        "subject_id = 'x'",
        "after = '{}'",
        "before = '{}'",
        "login = 'x'",
    ],
)
def test_an_edit_is_found(log, column):
    assert log(f"UPDATE audit.entry SET {column} WHERE number = 2") == ["Entry 2 was edited."]


def test_a_deletion_is_found(log, desk):
    open_ = desk.one("SELECT min(number) FROM audit.entry e WHERE number > 2 AND sealed_digest IS NULL")
    assert log(f"DELETE FROM audit.entry WHERE number = {open_}") == [f"Entries {open_} to {open_} are missing."]


def test_a_deletion_that_closes_the_gap_is_found(log):
    wrong = log(
        "DELETE FROM audit.sealed WHERE number > 2",
        "DELETE FROM audit.entry WHERE number = 3",
        "UPDATE audit.entry SET number = number + 1000 WHERE number > 3",
        "UPDATE audit.entry SET number = number - 1001 WHERE number > 1000",
    )
    assert "Entry 3 does not follow from the one before it." in wrong


def test_a_cut_tail_is_found(log, desk):
    last = desk.one("SELECT max(number) FROM audit.entry")
    assert log(f"DELETE FROM audit.entry WHERE number = {last}") == [
        f"The log was cut: entry {last} was anchored and is missing."
    ]


REHASH = (
    "UPDATE audit.entry e SET hash = encode(sha256(convert_to(audit.text_of(e), 'UTF8')), 'hex') WHERE number = {0}"
)


def test_an_edit_of_the_last_with_its_hash_is_found(log, desk):
    last = desk.one("SELECT max(number) FROM audit.entry")
    wrong = log(f"UPDATE audit.entry SET holder = 'x' WHERE number = {last}", REHASH.format(last))
    assert wrong == [f"The log was written anew: entry {last} is not the one that was anchored."]


def test_what_is_sealed_is_held_by_the_chain(desk, log, sikasso):
    actor = desk.done(STEWARD, "createActor", name="Siège", kind="NGO", point=sikasso)["id"]
    desk.done(STEWARD, "createService", actorId=actor, name="Lieu", category="OTHER", point=sikasso)
    number = desk.one("SELECT max(number) FROM audit.sealed")
    for statement in (
        f"UPDATE audit.sealed SET after = '{{}}' WHERE number = {number}",
        f"DELETE FROM audit.sealed WHERE number = {number}",
    ):
        assert log(statement) == [f"What is sealed of entry {number} was edited or taken away."]


def test_anchors_are_written_once_a_head_and_never_lost(desk, tmp_path):
    head = audit.anchor(desk.url, tmp_path)
    assert audit.anchor(desk.url, tmp_path) == head
    assert audit.anchors(tmp_path) == [head]
    assert (tmp_path / audit.FILE).stat().st_mode & 0o777 == 0o600
    desk.done(STEWARD, "createOrganization", name="Ancrée", kind="NGO")
    assert audit.anchors(tmp_path) == [head]
    assert [head, audit.anchor(desk.url, tmp_path)] == audit.anchors(tmp_path)


def test_a_line_that_the_disk_has_no_room_for_leaves_no_part(desk, tmp_path):
    """The next anchor was written behind the part, and from then on the file was said to be tampered with."""
    head = audit.anchor(desk.url, tmp_path)
    file = tmp_path / audit.FILE
    whole = file.read_bytes()
    desk.done(STEWARD, "createOrganization", name="Sans place", kind="NGO")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 20, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            audit.anchor(desk.url, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_bytes() == whole
    assert [head, audit.anchor(desk.url, tmp_path)] == audit.anchors(tmp_path)


def test_a_file_of_anchors_that_is_none_is_said(desk, tmp_path):
    (tmp_path / audit.FILE).write_text("nonsense\n")
    with pytest.raises(SetupError, match="tampered"):
        audit.verify(desk.url, tmp_path)
