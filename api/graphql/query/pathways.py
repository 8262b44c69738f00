"""Queries about response pathways, and about services that a child can be referred to."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.pathways import ReferralOptions, ResponsePathway
from geo.queries.referral import pathways, referral


@strawberry.type
class PathwaysQuery:
    """A part of the root."""

    @asks(pathways.ResponsePathway, Shape.OBJECT)
    def response_pathway(self) -> ResponsePathway | None:
        """Tell what is to be done for a child after an incident: stages and steps, who is to do each, and by what text.

        It is that of one nation, whose law and bodies it names. Null where nobody has recorded a pathway of the type
        for it.
        """

    @asks(referral.ReferralOptions, Shape.OBJECT, work=prices.referral)
    def referral_options(self) -> ReferralOptions | None:
        """Find whom a child can be referred to from a place, step by step, and why others will not do.

        A service is an option where no reason speaks against it; what is not known never does, but that nobody ever
        verified it. For each step the 20 nearest services within 1,000 km are looked at, farther ones within reach
        until enough will do (at most 1,000), those that come to the place, and at most 20 competent ones.
        Confidential services whose zone holds the place are told apart, without a distance: their front gate is to be
        called. The pathway is that of the nation in which the place lies; services may stand across a border. Null
        where nobody has recorded a pathway of the type for that nation, or where, of several, it is not known which it
        is.
        """
