"""Proposals and their review, people, and counts."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices, tariff
from api.graphql.mutation.declaration import Takes, writes
from api.graphql.types.inputs.records import ProposedChangeInput, proposed, proposed_path
from api.graphql.types.places import Node
from api.graphql.types.stewardship import Import, Person, Proposal, WrongNumber
from geo.audience import Audience
from geo.writes.counts import RecordIncidentCounts
from geo.writes.imports import UndoImport
from geo.writes.people import InvitePerson, RenewInvitation, RevokePerson
from geo.writes.proposals import ProposeChange, ReviewChange
from geo.writes.reporters import SetExpectedReporters
from geo.writes.withdrawal import WithdrawRecord
from geo.writes.write import Write
from geo.writes.wrong_numbers import SettleWrongNumber


@strawberry.type
class StewardshipMutation:
    """A part of the root."""

    @writes(
        Audience.PARTNER,
        Audience.STEWARD,
        of=ProposeChange,
        takes=Takes("proposal", ProposedChangeInput, "What is proposed.", proposed, proposed_path),
        gives={"proposal": Proposal},
    )
    def propose_change(self) -> Write:
        """Propose a change that you may not make yourself; a steward reviews it, and `node(id)` says what came of it.

        100 proposals of yours may be open; more are an error UNAVAILABLE.
        """

    @writes(
        Audience.STEWARD,
        of=ReviewChange,
        gives={"proposal": Proposal, "record": Node},
        further=("was_public",),
    )
    def review_change(self) -> Write:
        """Approve a proposal, which makes the change at once, or reject it.

        A conflict where the record has changed since it was proposed. What makes a confidential shelter public takes
        another steward than the one who proposed it.
        """

    @writes(Audience.STEWARD, of=SettleWrongNumber, gives={"wrong_number": WrongNumber})
    def settle_wrong_number(self) -> Write:
        """Say what became of a phone number that somebody said is wrong.

        To correct one, change the record first: CORRECTED is refused while the record still has the number.
        """

    @writes(
        Audience.STEWARD,
        price=prices.write_each(tariff.RETURN, "returns"),
        of=RecordIncidentCounts,
        further=("returns_recorded", "source"),
    )
    def record_incident_counts(self) -> Write:
        """Record what localities report for a quarter: aggregates only, each return whole.

        They are published, rounded, when their quarter is released. That a locality reported is public then; a
        locality without a return has reported nothing, and nothing is known of it.
        """

    @writes(
        Audience.STEWARD,
        price=prices.write_each(tariff.CHANGE, "localityIds"),
        of=SetExpectedReporters,
        further=("localities_set",),
    )
    def set_expected_reporters(self) -> Write:
        """Say of localities whether they are expected to report, from a quarter on; what was before stays.

        Releases to come tell by this list how many of the localities expected did report. `Locality.expectedToReport`
        is what it says of each.
        """

    @writes(Audience.STEWARD, of=InvitePerson, gives={"person": Person}, further=("secret",))
    def invite_person(self) -> Write:
        """Let a partner or a planner in, who signs in to the pages by a link that is good once; the API takes keys.

        100 links of yours may be made in a day; more are an error UNAVAILABLE.
        """

    @writes(Audience.STEWARD, of=RenewInvitation, gives={"person": Person}, further=("secret",))
    def renew_invitation(self) -> Write:
        """Make another link for a person; one that is open is withdrawn, and sessions stay."""

    @writes(Audience.STEWARD, of=RevokePerson, gives={"person": Person})
    def revoke_person(self) -> Write:
        """Keep a partner or a planner out from now on: links, sessions and keys of theirs end at once."""

    @writes(Audience.STEWARD, of=UndoImport, gives={"undone": Import})
    def undo_import(self) -> Write:
        """Take back what an import did: what it brought goes, and what it changed is as it was before.

        It is refused, with reasons, where later work stands on it: rows that were changed since, or that others refer
        to. What was undone before stays so. One of more than 1,000 rows is undone by `lakana import undo`, beside
        which most others go on writing.
        """

    @writes(Audience.STEWARD, of=WithdrawRecord, further=("records_withdrawn", "was_public"))
    def withdraw_record(self) -> Write:
        """Take a record out for good, at once on every surface, with all that leads to it; the audit log says why.

        Of an organisation its actors with their services go too, and its keys and people are kept out; of an actor its
        services; of a shelter its service. Copies stay where they are: pages in caches for a minute, regions that a
        browser keeps for 30 days, files for ever. A confidential shelter tells nothing as it goes.
        """
