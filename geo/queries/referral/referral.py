"""Referral options for a child at a place, for each step of its pathway, with reasons for those left out.

Candidates of a step are the 20 nearest services of its category within 1,000 km, farther ones within reach until enough
fit, at most 1,000; the helplines and teams without a place whose area contains the place; and, if the step goes by
mandate, up to 20 of the competent actors: those of its kinds whose jurisdiction contains the place. A candidate is an
option unless a reason speaks against it. Unknown facts are never a reason: neither opening hours that cannot be read,
nor an age or a sex that was not given. The one exception: a candidate that was never verified counts as not verified
lately.
Options are ordered by mandate if the step goes by it (competent first), then by distance, ties by id.
Confidential services have no distance and no actor, so they are not candidates. Those whose zone contains the place
are listed separately, by name and with public facts only.

The place, the age and the sex are a child's: they are bound values of one statement, in no key, log or error.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Boolean,
    Date,
    Double,
    FromClause,
    Select,
    Text,
    Uuid,
    cast,
    column,
    func,
    or_,
    select,
    text,
)

from geo.arguments import OLDEST_MONTHS, age_in_months, argument, between, moment
from geo.assumptions.referral import OPTIONS
from geo.coordinates import LonLat
from geo.database.owner import sql_file
from geo.database.tables import actor, service, source
from geo.errors import BadInput
from geo.queries.base.descriptions import CHILD
from geo.queries.base.question import Binds, Question, constant, point, said
from geo.queries.base.reach import REACH_M, Reach
from geo.queries.directory.competent_actors import competent_at
from geo.queries.directory.records import FRESH_DAYS
from geo.queries.referral.pathways import INCIDENT, steps
from geo.vocabulary import IncidentType, Sex

OLDEST_CHILD = 17
MOST_OPTIONS = 10
LONGEST_DAYS = 3650


def _age(name: str, value: int) -> None:
    """Refuse an age without repeating it: it is a child's."""
    if not 0 <= value <= OLDEST_CHILD:
        raise BadInput(name, f"it is outside 0 to {OLDEST_CHILD}; give whole years, or leave it out.")


@cache
def _candidates() -> CTE:
    # Once a statement, however many steps and lists read it.
    sql = sql_file("queries/referral/referral").replace("{reach_m}", REACH_M)
    columns = (
        column("step_id", Uuid(as_uuid=False)),
        column("service_id", Uuid(as_uuid=False)),
        column("distance_m", Double),
        column("verified_on", Date),
        column("competent", Boolean),
        column("open", Boolean),
        column("has_places", Boolean),
        column("reasons", ARRAY(Text)),
        column("rank", BigInteger),
    )
    return text(sql).columns(*columns).cte("candidate").prefix_with("MATERIALIZED")


@cache
def _apart() -> CTE:
    columns = (
        column("step_id", Uuid(as_uuid=False)),
        column("service_id", Uuid(as_uuid=False)),
        column("name_key", Text),
        column("has_places", Boolean),
        column("reasons", ARRAY(Text)),
    )
    return text(sql_file("queries/referral/referral_apart")).columns(*columns).cte("apart").prefix_with("MATERIALIZED")


@dataclass(frozen=True, kw_only=True)
class ReferralOptions(Question):
    """The services and actors that a child can be referred to."""

    at: LonLat = argument(CHILD, by_post=True)
    incident_type: IncidentType = argument(INCIDENT)
    age: int | None = argument(
        "The child's age in whole years, 0 to 17; left out where it is not known. Never logged. Years leave the months "
        "open: a shelter is left out only where it takes no child of that age in years.",
        _age,
        default=None,
        by_post=True,
    )
    age_months: int | None = argument(
        f"The child's age in whole months, 0 to {OLDEST_MONTHS}; refused where `age` is given too, and is another. "
        "Never logged.",
        age_in_months,
        default=None,
        by_post=True,
    )
    sex: Sex | None = argument(
        "Girl or boy, where a shelter takes one only; left out where not known. Never logged.",
        default=None,
        by_post=True,
    )
    within: Reach | None = argument(
        "What is not too far: a distance, or a time of travel; 1,000 km where it is left out.", default=None
    )
    open_at: dt.datetime | None = argument(
        "When one would come, with its offset from UTC, 2000 to 2099; now where left out.", moment, default=None
    )
    verified_within_days: int = argument(
        "How many days before that moment a service may have been verified last: 1 to 3,650. One "
        "that nobody ever verified is left out.",
        between(1, LONGEST_DAYS),
        default=FRESH_DAYS,
    )
    first: int = argument("How many options a step, 1 to 10.", between(1, MOST_OPTIONS), default=3)

    def __post_init__(self) -> None:
        """Check that both ages can be true."""
        super().__post_init__()
        if self.age is not None and self.age_months is not None and self.age_months // 12 != self.age:
            raise BadInput("age_months", "it is another age than `age`; give one of them.")

    def shape(self) -> Hashable:
        """Return one key for all: arguments that were not given are bound as NULL."""
        return ()

    def rows(self) -> Select[Any]:
        """Return one row, or none where nobody has recorded a pathway of this type.

        ``incident_type``, ``nation_id`` (whose pathway it is), ``last_verified_on`` (the latest day on which a
        candidate was verified) and ``assumptions``.
        """
        step = steps(func.lakana.nation_told_at(point("at"))).order_by(None).limit(1)
        kind = step.with_only_columns(step.selected_columns["incident_type"], step.selected_columns["nation_id"])
        latest = select(func.max(_candidates().c.verified_on)).scalar_subquery()
        return select(kind.subquery("pathway"), latest.label("last_verified_on"), said(OPTIONS).label("assumptions"))

    def related(self) -> Mapping[str, FromClause]:
        """Return ``steps`` with whom to report to; the ``candidates`` of each; the sources.

        ``apart`` are the confidential services whose zone holds the place.
        """
        step = steps(func.lakana.nation_told_at(point("at")))
        found = competent_at(point("at"), step.selected_columns["report_to"])
        told = func.json_build_object(
            constant("id"), actor.c.id, constant("basis"), found.c.basis, constant("certain"), found.c.certain
        )
        competent = (
            select(told)
            .join_from(found, actor, actor.c.id == found.c.actor_id)
            .where(step.selected_columns["report_to"].is_not(None))
            .order_by(
                found.c.level.desc(), found.c.certain.desc(), func.ST_Distance(actor.c.point, point("at")), actor.c.id
            )
            .limit(1)
        )
        looked_at = select(service.c.source_id).where(
            or_(*(service.c.id.in_(select(each.c.service_id)) for each in (_candidates(), _apart())))
        )
        asked = step.add_columns(competent.scalar_subquery().label("report_to_found")).cte("asked_step")
        one = asked.c.report_to_found
        whom = (
            cast(one.op("->>")(constant("id")), Uuid(as_uuid=False)).label("report_to_id"),
            one.op("->>")(constant("basis")).label("report_to_basis"),
            cast(one.op("->>")(constant("certain")), Boolean).label("report_to_certain"),
        )
        return {
            "sources": select(source).where(source.c.id.in_(looked_at)).subquery("known_source"),
            "steps": select(asked, *whom).cte("step"),
            "candidates": _candidates(),
            "apart": _apart(),
        }

    def binds(self) -> Binds:
        """Return all values; a missing reach is bound as NULL."""
        # PostgreSQL knows no offsets of 16 hours or more, Python does.
        open_at = self.open_at and self.open_at.astimezone(dt.UTC).isoformat()
        least = most = self.age_months
        if least is None and self.age is not None:
            least, most = 12 * self.age, 12 * self.age + 11
        return Reach().binds() | super().binds() | {"open_at": open_at, "least_months": least, "most_months": most}
