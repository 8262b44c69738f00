"""What others report, or ought to: public phone numbers that are said to be wrong, and reports that did not come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.exports.asking import Asker
from api.signed_in.acts import Act, Fields, number

WRONG = """
{
  wrongNumbers(open: true, first: 20) {
    totalCount
    edges { node {
      id number published reports firstReportedOn lastReportedOn
      record {
        __typename
        ... on Service { id name version phones { number label } actor { name } shelter { id version } }
        ... on ProtectionActor { id name version phones { number label } organization { name } }
      }
    } }
  }
  releasedPeriods { period }
}
"""
DUE = """
query Due($period: Period!, $after: String) {
  incidentCounts(level: LOCALITY, period: $period, first: 100, after: $after) {
    edges { node { status locality { id name adminArea { name } } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
MOST_PAGES = 20
"""Pages of 100 localities that are looked through for those that did not report."""
NOT_REPORTED = "NOT_REPORTED"


async def wrong_numbers_and_reports(asker: Asker) -> Mapping[str, Any]:
    """Return the numbers that are open, and who was expected to report for the latest published quarter and did not."""
    told = await asker.paid(WRONG, {})
    numbers = [each["node"] for each in told["wrongNumbers"]["edges"]]
    quarter = next((each["period"] for each in told["releasedPeriods"] if "Q" in each["period"]), None)
    return {
        "numbers": [(each, _corrects(each), _phone(each["record"] or {})) for each in numbers],
        "numbers_more": told["wrongNumbers"]["totalCount"] - len(numbers),
        "quarter": quarter,
        "next_quarter": quarter and following(quarter),
        "silent": await _silent(asker, quarter) if quarter else [],
    }


async def _silent(asker: Asker, quarter: str) -> list[Mapping[str, Any]]:
    found, after = list[Mapping[str, Any]](), None
    for _ in range(MOST_PAGES):
        page = (await asker.paid(DUE, {"period": quarter, "after": after}))["incidentCounts"]
        places = (each["node"] for each in page["edges"])
        found += (each["locality"] for each in places if each["status"] == NOT_REPORTED and each["locality"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return sorted(found, key=lambda each: each["name"])


def following(quarter: str) -> str:
    """Return the quarter after one.

    Examples
    --------
    >>> following("2025-Q3"), following("2025-Q4")
    ('2025-Q4', '2026-Q1')

    """
    year, _, number = quarter.partition("-Q")
    return f"{int(year) + 1}-Q1" if number == "4" else f"{year}-Q{int(number) + 1}"


def _corrects(reported: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """Return the act that changes the number, with the id and the version that it takes; none where there is none."""
    match reported["record"] if reported["published"] else None:
        case {"__typename": "Service", "shelter": {"id": id_, "version": version}}:
            return "correct-shelter", id_, version
        case {"__typename": "Service", "id": id_, "version": version}:
            return "correct-service", id_, version
        case {"__typename": "ProtectionActor", "id": id_, "version": version}:
            return "correct-actor", id_, version
    return None


def _phone(record: Mapping[str, Any]) -> str:
    """Return the numbers of a record as the API takes them.

    Examples
    --------
    >>> _phone({"phones": [{"number": "116", "label": None}, {"number": "15", "label": "nuit"}]})
    '116 / 15 (nuit)'

    """
    each = ((one["number"], one["label"]) for one in record.get("phones", ()))
    return " / ".join(f"{number} ({label})" if label else number for number, label in each)


def _corrected(fields: Fields) -> Mapping[str, Any]:
    changes = {"phone": fields.get("phone") or None}
    return {"id": fields.get("id", ""), "expectedVersion": number(fields, "version"), "changes": changes}


def _settled(outcome: str) -> Act:
    def given(fields: Fields) -> Mapping[str, Any]:
        return {"id": fields.get("reported", ""), "outcome": outcome}

    return Act("settleWrongNumber", given, "The number is settled.")


def _let_off(fields: Fields) -> Mapping[str, Any]:
    return {"localityIds": [fields.get("id", "")], "fromPeriod": fields.get("from", ""), "expected": False}


CORRECTED = "The number is corrected, and what was said of it is settled."
ACTS: Mapping[str, Act] = {
    **{
        f"correct-{kind}": Act(f"update{kind.capitalize()}", _corrected, CORRECTED, then=_settled("CORRECTED"))
        for kind in ("actor", "service", "shelter")
    },
    "right": _settled("RIGHT"),
    "settled": _settled("CORRECTED"),
    "let-off": Act("setExpectedReporters", _let_off, "It is noted: no report is expected from it any more."),
}
"""What is done about them."""
