"""``/steward``: what came in, one row one decision, with before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from api.exports.asking import Asker
from api.signed_in.acts import Act, Fields, number
from api.signed_in.pages import ActingPage, whole_list
from api.signed_in.reports import ACTS, wrong_numbers_and_reports
from geo.audience import Audience
from geo.vocabulary import Locale

CAME_IN = """
{
  proposals(status: OPEN, first: 20) {
    totalCount
    edges { node {
      id kind reason changes expectedVersion proposedAt proposedBy proposedPerson
      subject {
        __typename
        ... on ProtectionActor { name kind verifiedOn version phones { number label } organization { name } }
        ... on Service {
          name category capacity languages verifiedOn version phones { number label } openingHours { text }
          actor { name } location { point }
        }
        ... on Shelter {
          name confidential capacity occupancy girls boys minimumAgeMonths maximumAgeMonths frontGate version
          service { languages verifiedOn phones { number label } openingHours { text } }
        }
      }
    } }
  }
  people(first: 100) {
    totalCount
    edges { node { id name audience person revokedAt linkUntil organization { name } area { name } } }
  }
  imports(first: 5) {
    edges { node {
      id kind importedAt rowsRead rowsNew rowsChanged rowsRefused problemCount undoneAt undoneBy files { name }
    } }
  }
  services(orderBy: VERIFIED_ON, first: 20) {
    edges { node {
      id name categoryLabel verifiedOn version phones { number } actor { name } location { locality { name } }
      shelter { confidential }
    } }
  }
}
"""
FIELDS = {
    "name": "Name",
    "kind": "Kind",
    "category": "Category of service",
    "capacity": "Places in all",
    "occupancy": "Places taken",
    "phone": "Phone",
    "openingHours": "Opening hours",
    "languages": "Languages",
    "verifiedOn": "Verified on",
    "point": "Where it stands",
    "actorId": "Who offers it",
    "organizationId": "Organisation",
    "confidential": "Confidential",
    "girls": "Takes girls",
    "boys": "Takes boys",
    "minimumAgeMonths": "Youngest age, in months",
    "maximumAgeMonths": "Oldest age, in months",
    "frontGate": "Front gate",
    "areaCode": "Area",
    "localityId": "Town or village",
    "jurisdictionCode": "Area of competence",
    "serviceAreaCode": "Area served",
}
"""What the fields of a proposal are called."""
LINK = "Here is the link, this once. Hand it over safely: whoever opens it first is taken for them."
KINDS = {
    "ACTOR": "Change of an actor",
    "SERVICE": "Change of a service",
    "SHELTER": "Change of a shelter",
    "PUBLICATION": "Publication of a confidential shelter",
}
SAID = {True: "Yes", False: "No"}
"""Texts that the template says of values."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is to change: its words, if it has any, what it is now, and what is proposed."""

    field: str
    words: str | None
    before: Any
    after: Any


def changes(proposal: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what a proposal changes, with what stands there now; a field that cannot be read now has ``…``.

    Examples
    --------
    >>> one = {"changes": {"phone": "116"}, "subject": {"phones": [{"number": "15", "label": "standard"}]}}
    >>> list(changes(one))
    [Change(field='phone', words='Phone', before='15 (standard)', after='116')]

    """
    now = _now(proposal["subject"] or {})
    for field, after in proposal["changes"].items():
        yield Change(field, FIELDS.get(field), now.get(field, "…"), _plain(after))


def _now(subject: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in a record, by the names of the inputs."""
    of = {**(subject.get("service") or {}), **subject}
    now = {name: _plain(value) for name, value in of.items() if name in FIELDS}
    if "phones" in of:
        labelled = ((each["number"], each.get("label")) for each in of["phones"])
        now["phone"] = _plain([f"{number} ({label})" if label else number for number, label in labelled])
    for name, inner, of_it in (
        ("openingHours", "openingHours", "text"),
        ("actorId", "actor", "name"),
        ("organizationId", "organization", "name"),
        ("point", "location", "point"),
    ):
        if inner in of:
            now[name] = _plain((of[inner] or {}).get(of_it))
    return now


def _plain(value: Any) -> Any:
    """Return a value as one reads it: a point as latitude and longitude, a list with commas."""
    match value:
        case {"coordinates": [lon, lat]} | {"lon": lon, "lat": lat}:
            return f"{lat}, {lon}"
        case [*several]:
            return ", ".join(map(str, several))
        case None | "":
            return "–"
    return value


def _reviewed(fields: Fields) -> Mapping[str, Any]:
    return {"id": fields.get("id", ""), "approve": fields.get("choice") == "yes", "note": fields.get("note") or None}


def _verified(fields: Fields) -> Mapping[str, Any]:
    return {"id": fields.get("id", ""), "expectedVersion": number(fields, "version")}


def _invited(fields: Fields) -> Mapping[str, Any]:
    return {
        "name": fields.get("name", ""),
        "audience": fields.get("audience", ""),
        "organizationId": fields.get("organization") or None,
        "areaCode": fields.get("area") or None,
    }


def _id(fields: Fields) -> Mapping[str, Any]:
    return {"id": fields.get("id", "")}


class StewardPage(ActingPage):
    """The page of stewards."""

    path: ClassVar = "/steward"
    template: ClassVar = "steward.html"
    audience: ClassVar = Audience.STEWARD
    acts: ClassVar = {
        "review": Act("reviewChange", _reviewed, "It is decided."),
        "verify": Act("verifyService", _verified, "It is noted as verified today."),
        "undo": Act("undoImport", _id, "The import is undone."),
        "invite": Act("invitePerson", _invited, LINK, "... on PersonInvited { secret }"),
        "renew": Act("renewInvitation", _id, LINK, "... on InvitationRenewed { secret }"),
        "revoke": Act("revokePerson", _id, "The person is kept out from now on."),
        **ACTS,
    }

    async def shown(self, asker: Asker, locale: Locale) -> Mapping[str, Any]:  # noqa: ARG002
        """Return what came in."""
        told = await asker.paid(CAME_IN, {})
        services = [each["node"] for each in told["services"]["edges"]]
        return {
            "proposals": [(each["node"], list(changes(each["node"]))) for each in told["proposals"]["edges"]],
            "more": told["proposals"]["totalCount"] - len(told["proposals"]["edges"]),
            "kinds": KINDS,
            "said": SAID,
            "people": [each["node"] for each in told["people"]["edges"]],
            "people_more": told["people"]["totalCount"] - len(told["people"]["edges"]),
            "organizations": await whole_list(asker, "organizations", "id name"),
            "imports": [each["node"] for each in told["imports"]["edges"]],
            # Of a confidential shelter only the quarter is told, once it is over: whether it is due cannot be seen.
            "services": [one for one in services if not (one["shelter"] or {}).get("confidential")],
            **await wrong_numbers_and_reports(asker),
        }
