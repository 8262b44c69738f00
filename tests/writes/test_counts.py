"""Raw counts are recorded as aggregates, all or nothing, and read back by nobody."""

from __future__ import annotations

import json

import pytest

from api.graphql.compile.response import Refused
from geo.audience import Audience, Caller
from tests.writes.conftest import STEWARD

pytestmark = pytest.mark.database

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def towns(desk):
    return [row[0] for row in desk.rows("SELECT id::text FROM lakana.locality ORDER BY code LIMIT 3")]


def leaf(town, **more):
    return {"localityId": town, "period": "2026-Q1", "incidentType": "TRAFFICKING", "reported": {"count": 3}} | more


def record(desk, rows, **more):
    return desk.write(STEWARD, "recordIncidentCounts", counts=rows, **more)


def raw(desk):
    return desk.rows(
        "SELECT locality_id::text, incident_type::text, count, censored_below FROM raw.incident_count WHERE quarter = '2026-Q1' ORDER BY 1, 2"
    )


def test_counts_are_recorded_and_replaced(desk, towns):
    rows = [leaf(town, reported={"count": number}) for number, town in enumerate(towns)]
    assert record(desk, rows)["countsRecorded"] == 3
    assert [row[2] for row in sorted(raw(desk), key=lambda row: row[2])] == [0, 1, 2]
    record(desk, [leaf(towns[0], reported={"below": 5})])
    assert (towns[0], "TRAFFICKING", None, 5) in raw(desk)


def test_an_id_may_be_written_in_any_form(desk, towns):
    for form in (f"urn:uuid:{towns[2]}", f"{{{towns[2]}}}", towns[2].upper()):
        assert record(desk, [leaf(form)])["countsRecorded"] == 1


def test_the_log_tells_that_and_not_how_many(desk, towns):
    record(desk, [leaf(towns[1], reported={"count": 87_654})])
    entries = desk.ask(
        STEWARD, "{ auditEntries(first: 5) { edges { node { subjectKind subject { id } after before } } } }"
    )
    newest = entries["edges"][0]["node"]
    assert (newest["subjectKind"], newest["subject"]) == ("INCIDENT_COUNT", {"id": towns[1]})
    assert "87654" not in json.dumps(entries)


def test_the_log_does_not_tell_whether_a_guess_was_right(desk, towns):
    def entry():
        entries = desk.ask(
            STEWARD, "{ auditEntries(first: 1) { edges { node { action before after sealedDigest } } } }"
        )
        return entries["edges"][0]["node"]

    record(desk, [leaf(towns[2], reported={"count": 4})])
    told = []
    for guess in (4, 3):  # the first guess is right, the second is not
        before = desk.one("SELECT max(number) FROM audit.entry")
        record(desk, [leaf(towns[2], reported={"count": guess})])
        after = entry()
        written = desk.one("SELECT max(number) FROM audit.entry") - before
        told.append((written, after["before"], after["after"], after["sealedDigest"] is not None))
    assert told[0] == told[1]


BAD = {
    "negative": ({"reported": {"count": -1}}, "reported.count"),
    "too many": ({"reported": {"count": 100_001}}, "reported.count"),
    "below 0": ({"reported": {"below": 0}}, "reported.below"),
    "below too many": ({"reported": {"below": 100_001}}, "reported.below"),
    "a year": ({"period": "2025"}, "period"),
    "a fifth quarter": ({"period": "2025-Q5"}, "period"),
    "a slip of the pen": ({"period": "0202-Q4"}, "period"),
    "to come": ({"period": "2999-Q1"}, "period"),
    "nowhere": ({"localityId": UNKNOWN}, "localityId"),
    "no id": ({"localityId": "1"}, "localityId"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_row_keeps_all_out(desk, towns, name):
    wrong, field = BAD[name]
    before = raw(desk)
    result = record(desk, [leaf(towns[2], incidentType="SMUGGLING"), leaf(towns[1]) | wrong])
    assert (result["__typename"], result["field"]) == ("ValidationError", f"counts.1.{field}")
    assert raw(desk) == before


@pytest.mark.parametrize(
    ("reported", "where"), [({}, ""), ({"count": 3, "below": 5}, ""), ({"count": None}, ".count")], ids=str
)
def test_a_count_is_a_number_or_a_bound_and_never_both(desk, towns, reported, where):
    with pytest.raises(Refused) as refused:
        record(desk, [leaf(towns[0]), leaf(towns[1], reported=reported)])
    [error] = refused.value.errors
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": f"input.counts.1.reported{where}"}


def test_a_leaf_is_given_once(desk, towns):
    assert record(desk, [leaf(towns[0]), leaf(towns[0], reported={"count": 4})])["field"] == "counts.1"


@pytest.mark.parametrize("many", [0, 501])
def test_1_to_500_rows(desk, towns, many):
    assert record(desk, [leaf(towns[0])] * many)["field"] == "counts"


def test_a_quarter_that_had_its_revision_is_closed(desk, towns):
    desk.rows("INSERT INTO lakana.release (quarter, revision) VALUES ('2023-Q1', 1) RETURNING number")
    result = record(desk, [leaf(towns[0], period="2023-Q1")])
    assert (result["field"], "revision" in result["message"]) == ("counts.0.period", True)


def test_a_year_that_a_restore_gave_back_is_closed(desk, towns):
    """Nothing more is published of it, so nothing is taken in vain."""
    desk.rows("INSERT INTO lakana.release (quarter, revision, given_back) VALUES ('2022-Q1', 0, true) RETURNING number")
    result = record(desk, [leaf(towns[0], period="2022-Q3")])
    assert (result["field"], "2022 was told again" in result["message"]) == ("counts.0.period", True)


@pytest.mark.parametrize(
    "person",
    [{"caseNumber": "ML-2026-17"}, {"name": "A. B."}, {"dateOfBirth": "2014-01-01"}, {"note": "fille de 12 ans"}],
)
def test_what_tells_of_a_person_is_refused_and_not_repeated(desk, towns, person):
    with pytest.raises(Refused) as refused:
        record(desk, [leaf(towns[0]) | person])
    [error] = refused.value.errors
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "aggregates only" in error["message"]
    assert not [value for value in person.values() if value in error["message"]]


def test_stewards_alone_record(desk, towns):
    for audience in set(Audience) - {Audience.STEWARD}:
        with pytest.raises(Refused):
            desk.write(Caller(audience, "x"), "recordIncidentCounts", counts=[leaf(towns[0])])
