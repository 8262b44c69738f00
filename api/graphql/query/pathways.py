"""What can be asked about what is to be done for a child, and who could do it."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import about, asks, or_default, within
from api.graphql.types.pathways import ReferralOptions, ResponsePathway
from api.graphql.types.scalars import PointInput, ReachInput
from geo.coordinates import LonLat
from geo.queries.referral import pathways, referral
from geo.vocabulary import IncidentType, Sex

Incident = Annotated[IncidentType, about("What happened to the child.")]


@strawberry.type
class PathwaysQuery:
    """A part of the root."""

    @asks(lambda given: pathways.ResponsePathway(incident_type=given["incidentType"]), Shape.OBJECT)
    def response_pathway(self, incident_type: Incident) -> ResponsePathway | None:
        """Tell what is to be done for a child after an incident: stages and steps, who is to do each, and by what text.

        Null, and NOT_FOUND, where nobody has recorded a pathway of the type.
        """

    @asks(
        lambda given: referral.ReferralOptions(
            at=LonLat(**given["at"], field="at"),
            incident_type=given["incidentType"],
            age=given.get("age"),
            sex=given.get("sex"),
            reach=within(given) if given.get("within") else None,
            open_at=given.get("openAt"),
            verified_within_days=or_default(given, "verifiedWithinDays", 365),
            first=or_default(given, "first", 3),
        ),
        Shape.OBJECT,
        work=prices.referral,
    )
    def referral_options(
        self,
        at: Annotated[PointInput, about("Where the child is. It is never logged. Send the document by POST.")],
        incident_type: Incident,
        age: Annotated[
            int | None, about("The child's age in whole years, 0 to 17; left out where it is not known. Never logged.")
        ] = None,
        sex: Annotated[
            Sex | None, about("Girl or boy, where a shelter takes one only; left out where not known. Never logged.")
        ] = None,
        within: Annotated[
            ReachInput | None, about("What is not too far: a distance, or a time of travel; any where it is left out.")
        ] = None,
        open_at: Annotated[
            dt.datetime | None,
            about("When one would come, with its offset from UTC, 2000 to 2099; now where left out."),
        ] = None,
        verified_within_days: Annotated[
            int | None, about("How many days before that moment a service may have been verified last: 1 to 3,650.")
        ] = 365,
        first: Annotated[int | None, about("How many options a step, 1 to 10.")] = 3,
    ) -> ReferralOptions | None:
        """Find whom a child can be referred to from a place, step by step, and why others will not do.

        A service is an option where no reason speaks against it; what is not known never does. Confidential services
        whose zone holds the place are told apart, without a distance: their front gate is to be called.
        Null, and NOT_FOUND, where nobody has recorded a
        pathway of the type.
        """
