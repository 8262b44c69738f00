"""Returns are recorded as aggregates, whole, all or nothing, and read back by nobody but for who is expected."""

from __future__ import annotations

import json

import pytest

from api.graphql.compile.response import Refused
from geo.audience import ANYBODY, Audience, Caller
from geo.vocabulary import IncidentType
from tests.writes.conftest import STEWARD

pytestmark = pytest.mark.database

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def towns(desk):
    return [row[0] for row in desk.rows("SELECT id::text FROM lakana.locality ORDER BY code LIMIT 3")]


def count(kind="TRAFFICKING", **reported):
    return {"incidentType": kind, "reported": reported or {"count": 3}}


def returned(town, *counts, **more):
    return {"localityId": town, "period": "2026-Q1", "counts": [*counts]} | more


def record(desk, rows, **more):
    return desk.write(STEWARD, "recordIncidentCounts", returns=rows, **more)


def raw(desk):
    return desk.rows(
        "SELECT locality_id::text, incident_type::text, count, censored_below FROM raw.incident_count WHERE quarter = '2026-Q1' ORDER BY 1, 2"
    )


def test_a_return_takes_the_place_of_the_one_before_whole(desk, towns):
    rows = [returned(town, count(count=number)) for number, town in enumerate(towns)]
    assert record(desk, rows)["returnsRecorded"] == 3
    assert {row[0]: row[2] for row in raw(desk) if row[1] == "TRAFFICKING"} == {town: n for n, town in enumerate(towns)}
    assert len(raw(desk)) == 3 * 10  # a type that is not named is zero
    record(desk, [returned(towns[1], count("OTHER", below=5), reportedBy="DRPFEF Sikasso")])
    own = {row[1]: row[2:] for row in raw(desk) if row[0] == towns[1]}
    assert own.pop("OTHER") == (None, 5)
    assert {*own.values()} == {(0, None)}
    assert (
        desk.one("SELECT reported_by FROM raw.incident_return WHERE (locality_id, quarter) = (%s, '2026-Q1')", towns[1])
        == "DRPFEF Sikasso"
    )


def test_nothing_to_report_is_a_return(desk, towns):
    assert record(desk, [{"localityId": towns[0], "period": "2026-Q1"}])["returnsRecorded"] == 1
    assert {row[2] for row in raw(desk) if row[0] == towns[0]} == {0}


def test_an_id_may_be_written_in_any_form(desk, towns):
    for form in (f"urn:uuid:{towns[2]}", f"{{{towns[2]}}}", towns[2].upper()):
        assert record(desk, [returned(form, count())])["returnsRecorded"] == 1


def test_the_log_tells_that_and_not_how_many(desk, towns):
    last = desk.one("SELECT coalesce(max(number), 0) FROM audit.entry")
    record(desk, [returned(towns[1], count(count=87_654))])
    entries = desk.ask(
        STEWARD, "{ auditEntries(first: 5) { edges { node { subjectKind subject { id } after before } } } }"
    )
    newest = entries["edges"][0]["node"]
    assert (newest["subjectKind"], newest["subject"]) == ("INCIDENT_COUNT", {"id": towns[1]})
    kinds = desk.rows("SELECT subject, count(*)::int FROM audit.entry WHERE number > %s GROUP BY 1 ORDER BY 1", last)
    assert kinds == [
        ("incident_count", 10),
        ("incident_return", 1),
    ]  # each type, so that none tells that it was counted
    assert "87654" not in json.dumps(entries)


@pytest.mark.parametrize("named", [(), ("TRAFFICKING",), ("OTHER", "SMUGGLING", "FORCED_BEGGING")])
def test_the_order_of_the_log_does_not_tell_which_types_were_counted(desk, towns, named):
    period = f"2021-Q{len(named) + 1}"
    last = desk.one("SELECT max(number) FROM audit.entry")
    record(desk, [returned(towns[1], *(count(kind, count=3) for kind in named), period=period)])
    rows = desk.rows(
        "SELECT after->>'incident_type' FROM audit.entry WHERE number > %s AND subject = 'incident_count' ORDER BY number",
        last,
    )
    assert [kind for (kind,) in rows] == [each.name for each in IncidentType]


def test_the_log_does_not_tell_whether_a_guess_was_right(desk, towns):
    def entry():
        entries = desk.ask(
            STEWARD, "{ auditEntries(first: 1) { edges { node { action before after sealedDigest } } } }"
        )
        return entries["edges"][0]["node"]

    record(desk, [returned(towns[2], count(count=4))])
    told = []
    for guess in (4, 3):  # the first guess is right, the second is not
        before = desk.one("SELECT max(number) FROM audit.entry")
        record(desk, [returned(towns[2], count(count=guess))])
        after = entry()
        written = desk.one("SELECT max(number) FROM audit.entry") - before
        told.append((written, after["before"], after["after"], after["sealedDigest"] is not None))
    assert told[0] == told[1]


def of(**reported):
    return {"counts": [count(), count("OTHER", **reported)]}


BAD = {
    "negative": (of(count=-1), "counts.1.reported.count"),
    "too many": (of(count=100_001), "counts.1.reported.count"),
    "below 0": (of(below=0), "counts.1.reported.below"),
    "below too many": (of(below=100_001), "counts.1.reported.below"),
    "a type twice": ({"counts": [count(), count(count=4)]}, "counts.1"),
    "a year": ({"period": "2025"}, "period"),
    "a fifth quarter": ({"period": "2025-Q5"}, "period"),
    "a slip of the pen": ({"period": "0202-Q4"}, "period"),
    "to come": ({"period": "2999-Q1"}, "period"),
    "nowhere": ({"localityId": UNKNOWN}, "localityId"),
    "no id": ({"localityId": "1"}, "localityId"),
    "nobody": ({"reportedBy": ""}, "reportedBy"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_return_keeps_all_out(desk, towns, name):
    wrong, field = BAD[name]
    before = raw(desk)
    result = record(desk, [returned(towns[2], count("SMUGGLING")), returned(towns[1], count()) | wrong])
    assert (result["__typename"], result["field"]) == ("ValidationError", f"returns.1.{field}")
    assert raw(desk) == before


@pytest.mark.parametrize(
    ("reported", "where"), [({}, ""), ({"count": 3, "below": 5}, ""), ({"count": None}, ".count")], ids=str
)
def test_a_count_is_a_number_or_a_bound_and_never_both(desk, towns, reported, where):
    with pytest.raises(Refused) as refused:
        record(desk, [returned(towns[0]), returned(towns[1], count() | {"reported": reported})])
    [error] = refused.value.errors
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": f"input.returns.1.counts.0.reported{where}"}


def test_a_return_is_given_once(desk, towns):
    assert record(desk, [returned(towns[0], count()), returned(towns[0])])["field"] == "returns.1"


@pytest.mark.parametrize("many", [0, 101])
def test_1_to_100_returns(desk, towns, many):
    assert record(desk, [returned(towns[0])] * many)["field"] == "returns"


def test_a_quarter_that_had_its_revision_is_closed(desk, towns):
    desk.rows("INSERT INTO lakana.release (quarter, revision) VALUES ('2023-Q1', 1) RETURNING number")
    result = record(desk, [returned(towns[0], period="2023-Q1")])
    assert (result["field"], "revision" in result["message"]) == ("returns.0.period", True)


EXPECTED = "query ($id: ID!) { node(id: $id) { ... on Locality { expectedToReport { fromPeriod toPeriod } } } }"


def expect(desk, *towns, since, **more):
    return desk.write(STEWARD, "setExpectedReporters", localityIds=[*towns], fromPeriod=since, **more)


def spans(desk, town):
    told = desk.ask(ANYBODY, EXPECTED, id=town)["expectedToReport"]
    return [(each["fromPeriod"], each["toPeriod"]) for each in told]


def test_a_steward_keeps_the_list_of_who_is_expected(desk, towns):
    assert expect(desk, *towns, since="2024-Q1")["localitiesSet"] == 3
    assert spans(desk, towns[0]) == [("2024-Q1", None)]
    expect(desk, towns[0], since="2025-Q1", expected=False)
    assert spans(desk, towns[0]) == [("2024-Q1", "2024-Q4")]
    assert spans(desk, towns[1]) == [("2024-Q1", None)]
    expect(desk, towns[0], since="2026-Q3")
    assert spans(desk, towns[0]) == [("2024-Q1", "2024-Q4"), ("2026-Q3", None)]
    # What is said from a quarter on takes the place of all that was said from there on.
    expect(desk, towns[0], since="2024-Q3")
    assert spans(desk, towns[0]) == [("2024-Q1", "2024-Q2"), ("2024-Q3", None)]
    expect(desk, towns[0], since="2024-Q1", expected=False)
    assert spans(desk, towns[0]) == []
    told = desk.rows("SELECT action, after FROM audit.entry WHERE subject = 'expected_reporter' ORDER BY number")
    assert (len(told), told[0][0]) == (13, "DELETE")  # the seeds expect all


def test_the_latest_20_spans_are_told(desk, towns):
    """Quarters that rose made 35."""
    for year in range(2030, 2060):
        expect(desk, towns[2], since=f"{year}-Q1")
    assert spans(desk, towns[2]) == [(f"{year}-Q1", f"{year}-Q4") for year in range(2040, 2059)] + [("2059-Q1", None)]


@pytest.mark.parametrize(("given", "field"), [
    ({"fromPeriod": "2024"}, "fromPeriod"), ({"fromPeriod": "0024-Q1"}, "fromPeriod"), ({"localityIds": []}, "localityIds"),
    ({"fromPeriod": "2100-Q1"}, "fromPeriod"), ({"fromPeriod": "9999-Q4"}, "fromPeriod"),
    ({"localityIds": [UNKNOWN]}, "localityIds.0"), ({"localityIds": ["1"]}, "localityIds.0"),
    ({"localityIds": [UNKNOWN, UNKNOWN.upper()]}, "localityIds"),
])  # fmt: skip
def test_a_list_that_does_not_hold_is_refused(desk, towns, given, field):
    result = desk.write(STEWARD, "setExpectedReporters", **{"localityIds": [towns[0]], "fromPeriod": "2024-Q1"} | given)
    assert (result["__typename"], result["field"]) == ("ValidationError", field)


def test_a_year_that_a_restore_gave_back_is_closed(desk, towns):
    """Nothing more is published of it, so nothing is taken in vain."""
    desk.rows("INSERT INTO lakana.release (quarter, revision, given_back) VALUES ('2022-Q1', 0, true) RETURNING number")
    result = record(desk, [returned(towns[0], period="2022-Q3")])
    assert (result["field"], "2022 was told again" in result["message"]) == ("returns.0.period", True)


@pytest.mark.parametrize(
    "person",
    [{"caseNumber": "ML-2026-17"}, {"name": "A. B."}, {"dateOfBirth": "2014-01-01"}, {"note": "fille de 12 ans"}],
)
def test_what_tells_of_a_person_is_refused_and_not_repeated(desk, towns, person):
    with pytest.raises(Refused) as refused:
        record(desk, [returned(towns[0]) | person])
    [error] = refused.value.errors
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "aggregates only" in error["message"]
    assert not [value for value in person.values() if value in error["message"]]


def test_stewards_alone_record(desk, towns):
    for audience in set(Audience) - {Audience.STEWARD}:
        with pytest.raises(Refused):
            desk.write(Caller(audience, "x"), "recordIncidentCounts", returns=[returned(towns[0])])
        with pytest.raises(Refused):
            desk.write(Caller(audience, "x"), "setExpectedReporters", localityIds=[towns[0]], fromPeriod="2024-Q1")


def test_the_list_begins_with_all_who_ever_reported(desk, towns):
    """One entry on an empty list would have made all others forgotten, and their silence completeness."""
    desk.rows("DELETE FROM lakana.expected_reporter RETURNING 1")
    expect(desk, towns[0], since="2026-Q1")
    everybody = desk.one("SELECT count(DISTINCT locality_id) FROM raw.incident_return")
    assert desk.one("SELECT count(DISTINCT locality_id) FROM lakana.expected_reporter") == everybody > 90
