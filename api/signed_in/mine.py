"""``/mine``: what an organisation says of its own services, from a phone: verified, closed for now, places taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from api.exports.asking import Asker
from api.signed_in.acts import Act, Fields, number
from api.signed_in.pages import ActingPage, Offered, whole_list
from geo.audience import Audience
from geo.errors import BadInput
from geo.vocabulary import Locale

OURS = """
query Ours($organization: ID!) {
  node(id: $organization) {
    ... on Organization {
      name
      actors(first: 30) { totalCount edges { node { name services(first: 10) { totalCount edges { node {
        id name categoryLabel verifiedOn closedFrom closedUntil version
        location { locality { name } }
        shelter { id version capacity occupancy }
      } } } } } }
    }
  }
}
"""


def _service(fields: Fields) -> dict[str, Any]:
    return {"id": fields.get("id", ""), "expectedVersion": number(fields, "version")}


def _closed(fields: Fields) -> Mapping[str, Any]:
    return {**_service(fields), "closedFrom": _day(fields, "from"), "closedUntil": _day(fields, "until")}


def _day(fields: Fields, name: str) -> str:
    try:
        return dt.date.fromisoformat(fields.get(name, "")).isoformat()
    except ValueError:
        raise BadInput(name, "give a day as 2027-06-30.") from None


def _occupied(fields: Fields) -> Mapping[str, Any]:
    """Return the places taken; ``shelter`` is the id of a shelter and its version, as one choice gives both."""
    shelter, _, version = fields.get("shelter", "").partition(" ")
    capacity = {"capacity": number(fields, "capacity")} if fields.get("capacity") else {}
    expected = {"expectedVersion": number({"version": version}, "version")}
    return {"id": shelter, **expected, "occupancy": number(fields, "occupancy"), **capacity}


class OwnPage(ActingPage):
    """The page of a partner."""

    path: ClassVar = "/mine"
    template: ClassVar = "mine.html"
    audience: ClassVar = Audience.PARTNER
    acts: ClassVar = {
        "verify": Act("verifyService", _service, "It is noted as verified today."),
        "close": Act("suspendService", _closed, "It is told as closed for these days."),
        "open": Act("suspendService", _service, "It is told as open again."),
        "occupancy": Act("updateShelterOccupancy", _occupied, "The places taken are noted."),
    }

    async def shown(self, asker: Asker, locale: Locale) -> Mapping[str, Any]:  # noqa: ARG002
        """Return the organisation's services; its confidential shelters are in no list, and are chosen among all."""
        told = await asker.paid(OURS, {"organization": asker.caller.organization_id})
        ours = told["node"] or {"name": "", "actors": {"edges": []}}
        actors = [each["node"] for each in ours["actors"]["edges"]]
        services = [each["node"] for actor in actors for each in actor["services"]["edges"]]
        # Who came in by a steward's link writes nothing of confidential ones: see geo.writes.write.check_own.
        by_steward = asker.caller.by_steward
        shelters = Offered() if by_steward else await whole_list(asker, "shelters", "id name version confidential")
        return {
            "organization": ours["name"],
            "services": services,
            "more": sum(actor["services"]["totalCount"] for actor in actors) - len(services),
            "confidential": [each for each in shelters.records if each["confidential"]],
            "shelters": shelters,
            "today": dt.datetime.now(dt.UTC).date(),
        }
