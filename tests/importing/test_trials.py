"""What a steward's files tell that are only tried: nothing of what stewards may not read; and each try is logged."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from geo.arguments import RowId
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.writes import zones
from geo.writes.imports import StandsFirm, UndoImport
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.reports.report import Outcome
from seeds.troubles import Refused, RowTrouble
from tests.importing.country import counts, troubles
from tests.importing.test_guidance import TRAININGS
from tests.importing.test_organizations import W3
from tests.importing.test_shelters import COLUMNS, HIDDEN, OPEN

pytestmark = pytest.mark.database

STEWARD = Caller(Audience.STEWARD, "key:abc")
ENTRIES = (
    "SELECT holder, action, after->>'kind', (after->>'rows')::int FROM audit.entry WHERE subject = 'import' "
    "AND holder <> 'owner' ORDER BY number"
)


@pytest.fixture
def country(made_up_country):
    """With an actor that the directory does not list, since it runs nothing public, and with another of a listed kind."""
    with owner_transaction(made_up_country.url) as connection:
        zones.make(connection)
    made_up_country.run(
        "SET LOCAL lakana.bulk = 'on';"
        "WITH s AS (INSERT INTO lakana.source (key, name, illustrative) VALUES ('k', 'Liste', false) RETURNING id) "
        "INSERT INTO lakana.actor (name, kind, area_id, point, source_id) "
        "SELECT v.name, v.kind::lakana.actor_kind, a.id, 'POINT(1.5 10.5)', s.id FROM lakana.admin_area a, s, "
        "(VALUES ('ONG Jigiya', 'NGO'), ('Mairie de Koro', 'DONOR')) AS v (name, kind) WHERE a.code = 'XX02'"
    )
    return made_up_country


@pytest.fixture
def steward(country, write):
    """Import a text in the name of a steward."""

    def load(kind, content, **options):
        path = write(content)
        return importing.run(country.url, LOADERS[kind], [path], Options(**options), holder=("key:abc", ""))

    return load


def told(report):
    """What a report says, without the digest of the file."""
    data = report.as_data()
    for each in data["files"]:
        each.pop("sha256")
    return data


def test_no_actor_that_is_not_listed_is_found_by_its_name(country, steward):
    """430 names of rows that were only tried found 14 of 14 offices, and by their names the towns of shelters."""
    row = OPEN.replace("ONG Jigiya", "{}")
    hidden, nobody = (
        steward("shelters", COLUMNS + row.format(name), dry_run=True) for name in ("ONG Jigiya", "ONG Nemo")
    )
    assert told(hidden) == told(nobody)
    assert list(troubles(hidden)) == [RowTrouble.NO_OPERATOR]
    [by_id] = country.ask("SELECT id::text FROM exact.unlisted_actor")
    for given in (by_id, "Mairie de Koro"):
        assert counts(steward("shelters", COLUMNS + row.format(given), dry_run=True)) == (1, 0, 0, 0), given
    assert country.load("shelters", COLUMNS + row.format("ONG Jigiya")).new == 1  # the owner reads them


def test_no_organisation_that_is_not_listed_is_found_by_its_name(country, steward):
    country.load("organizations", "nom,sigle\nJigiya,JGY\n")
    rows = TRAININGS.replace(",ONG Jigiya,Bla", ",{},")
    for name in ("Jigiya", "JGY"):
        hidden, nobody = (steward("trainings", rows.format(each), dry_run=True) for each in (name, "Nemo"))
        assert counts(hidden) == counts(nobody)
        assert {each.trouble for each in hidden.problems} == {RowTrouble.NO_SUCH_BODY}
    [by_id] = country.ask("SELECT id::text FROM lakana.organization")
    assert steward("trainings", rows.format(by_id)).new == 1
    assert steward("trainings", rows.format("JGY").replace("2024", "2025"), dry_run=True).new == 1  # listed by that


@pytest.mark.parametrize("kind", ["organizations", "presence"])
def test_an_organisation_that_is_not_listed_is_new(country, steward, kind):
    """By how many rows were new, 46 trials found 5 of 2,005."""
    content = {"organizations": "nom,sigle\nUnicef Mali,U\nJigiya,J\n", "presence": W3}[kind]
    before = steward(kind, content, dry_run=True)
    country.load("organizations", "nom,sigle,type\nUnicef Mali,UM,ONG nat\n")
    after = steward(kind, content, dry_run=True)
    assert told(after) == told(before)
    loaded = steward(kind, content)
    assert counts(loaded) == counts(before)
    assert (
        country.load("organizations", "nom\nUnicef Mali\n", dry_run=True).unchanged == 1
    )  # the owner's numbers are true
    country.run(
        "INSERT INTO lakana.actor (name, kind, organization_id, point, source_id, area_id) SELECT 'Bureau', 'DONOR', o.id, "
        "'POINT(1.5 10.5)', o.source_id, a.id FROM lakana.organization o, lakana.admin_area a "
        "WHERE o.name = 'Unicef Mali' AND a.code = 'XX02'"
    )
    assert steward("organizations", "nom\nUnicef Mali\n", dry_run=True).unchanged == 1  # everybody reads it now


@pytest.mark.parametrize("kind", ["organizations", "presence"])
def test_no_steward_takes_back_what_would_tell_of_a_record_or_a_login(country, steward, kind):
    """Of a list whose organisations had records undoing told so, and of one that has a key too."""
    content = {"organizations": "nom\nUnicef Mali\n", "presence": W3}[kind]
    if kind == "organizations":
        country.load("organizations", "nom\nJigiya\n")
    reports = [steward(kind, content), steward("organizations", "nom\nJigiya\n")]
    country.run(
        "INSERT INTO identity.key (prefix, digest, name, audience, organization_id, expires_at) "
        "SELECT 'kept', '', 'k', 'PARTNER', id, now() FROM lakana.organization WHERE name = 'Unicef Mali'"
    )
    refused = set()
    for each in reports:
        with owner_transaction(country.url) as connection:
            connection.exec_driver_sql("SET LOCAL SESSION AUTHORIZATION lakana_steward")
            with pytest.raises(StandsFirm) as error:
                UndoImport(id=RowId(each.import_id)).apply(connection, STEWARD)
            refused.add(str(error.value))
    assert len(refused) == 1
    assert "1 of organization referred to by what is not told" in refused.pop()


def test_no_id_follows_from_a_name(country):
    country.load("organizations", "nom\nKanuya\n")
    guess = str(uuid.UUID(hashlib.md5(b"organization kanuya", usedforsecurity=False).hexdigest()))
    assert country.ask("SELECT id::text FROM lakana.organization") != [guess]


def test_which_names_are_refused_is_told_once_the_others_are_stored(country, steward):
    """80 names in one trial: 2 former names of hidden shelters were refused by the numbers of their rows."""
    names = ("Abri Un", "Foyer de Kita", "Abri Deux", "Foyer Kita")
    rows = [HIDDEN.replace("H1,", f"H{n},{name}").replace("22,6", f"2{n},6") for n, name in enumerate(names)]
    [by_id] = country.ask("SELECT id::text FROM exact.unlisted_actor")
    listed = COLUMNS + "".join(rows).replace("ONG Jigiya", by_id)
    for options in ({"dry_run": True}, {}, {"dry_run": True, "accept_partial": True}):
        report = steward("shelters", listed, **options)
        assert counts(report) == (2, 0, 0, 2)
        assert [(each.trouble, each.values, each.place.row) for each in report.problems] == [
            (RowTrouble.SHELTER_RULE, {"field": "name"}, None)
        ] * 2
    swapped = steward("shelters", COLUMNS + "".join(reversed(rows)).replace("ONG Jigiya", by_id), dry_run=True)
    assert told(swapped) == told(steward("shelters", listed, dry_run=True))
    loaded = steward("shelters", listed, accept_partial=True)
    assert (loaded.outcome, loaded.new) == (Outcome.PARTLY, 2)
    assert [each.place.row for each in loaded.problems] == [3, 5]


def test_what_a_row_itself_lacks_is_told_by_its_row(country, steward):
    report = steward("shelters", COLUMNS + HIDDEN + HIDDEN.removeprefix("H1"), dry_run=True)
    assert troubles(report)[RowTrouble.NEEDS_CODE].place.row == 3


def test_each_try_is_logged_and_nothing_of_the_file(country, steward):
    steward("organizations", "nom\nKanuya\nJigiya\n", dry_run=True)
    steward("shelters", COLUMNS + OPEN, dry_run=True)
    steward("shelters", COLUMNS + OPEN)  # refused
    with pytest.raises(Refused):
        steward("organizations", "rien\nKanuya\n", dry_run=True)
    steward("organizations", "nom\nKanuya\n")
    country.load("organizations", "nom\nJigiya\n", dry_run=True)  # the owner's own
    assert country.ask(ENTRIES) == [
        ("key:abc", "TRY", "organizations", 2),
        ("key:abc", "TRY", "shelters", 1),
        ("key:abc", "TRY", "shelters", 1),
        ("key:abc", "TRY", "organizations", 0),
        ("key:abc", "LOAD", "organizations", None),
    ]
    with owner_transaction(country.url) as connection:
        connection.exec_driver_sql("SET LOCAL SESSION AUTHORIZATION lakana_steward")
        seen = connection.exec_driver_sql("SELECT after->>'kind' FROM audit.entry WHERE action = 'TRY'").scalars().all()
    assert seen == ["organizations", "organizations"]  # of shelters no moment is told
