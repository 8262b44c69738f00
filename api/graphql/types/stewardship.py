"""Proposals, the audit log, and the one exact place that a custodian may read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from strawberry.scalars import JSON

from api.graphql.compile.reserved import ReservedFor
from api.graphql.types.field import column, record, value, worked
from api.graphql.types.places import Node
from api.graphql.types.scalars import GeoJSON
from geo.audience import Audience
from geo.vocabulary import AuditAction, AuditSubject, ProposalKind, ProposalStatus


def _reviewed(name: str, description: str) -> Any:
    return value(lambda row: row.source.c[f"reviewed_{name}"], description, ReservedFor(audiences=[Audience.STEWARD]))


@strawberry.type(description="A change that somebody proposed. Its proposer reads what became of it.")
class Proposal(Node):
    """A proposal."""

    kind: ProposalKind = column("kind", "What it is about.")
    subject_id: strawberry.ID = column("subject_id", "The actor, service or shelter.")
    changes: JSON = column("changes", "The fields with their proposed values, and the version that they were seen at.")
    reason: str = column("reason", "Why, in the words of who proposed it.")
    status: ProposalStatus = column("status", "How far it is.")
    proposed_by: str = column(
        "proposed_by", "The holder who proposed it; `partner` and not which, where it is about a confidential shelter."
    )
    proposed_person: str | None = column(
        "proposed_person",
        "Whose key or token that was, by issuer and subject; null where the key is bound to nobody, and of what "
        "partners propose about a confidential shelter.",
    )
    proposed_at: dt.datetime = column(
        "proposed_at",
        "When it was proposed. Of what partners propose about a confidential shelter it is the day, and it is listed "
        "from the next (UTC).",
    )
    reviewed_by: str | None = _reviewed("by", "The steward who reviewed it; null until then.")
    reviewed_person: str | None = _reviewed(
        "person",
        "Whose key or token that was, by issuer and subject; null until then, and where the key is bound to nobody.",
    )
    reviewed_at: dt.datetime | None = _reviewed("at", "When it was reviewed; null until then.")
    review_note: str | None = column(
        "review_note", "A word of who reviewed it to who proposed it; null until then, and where there was none."
    )


@strawberry.type(
    description="An entry of the audit log: who changed what. Places of sites and raw counts are sealed, not shown."
)
class AuditEntry(Node):
    """An entry."""

    at: dt.datetime = column("at", "When it was written.")
    holder: str = column(
        "holder",
        "Who did it: a key by its prefix, a person by issuer and subject, or the owner. What is written about "
        "confidential shelters is not listed.",
    )
    person: str | None = column(
        "person", "Whose key or token it was, by issuer and subject; null where the key is bound to nobody."
    )
    login: str = column("login", "The database login that it was done as.")
    action: AuditAction = column("action", "What was done.")
    subject_kind: AuditSubject = column("subject_kind", "The kind of record that it is about.")
    subject: Node | None = record(
        lambda row: row.record_id,
        "The record that it is about, as it is now; of a front gate the service, of a recorded count the locality. "
        "Null where it is gone or not yours to read, where it has no id, and where many records were loaded at once.",
    )
    subject_reference: str | None = column(
        "subject_id",
        "How the log names the record: by its id, also when it is gone, or a release by its number. Null where many "
        "records were written at once.",
    )
    before: JSON | None = column("before", "What changed, as it was; null where there was nothing before.")
    after: JSON | None = column(
        "after", "What changed, as it became; for LOCATE the stated purpose. Null where nothing is left of it."
    )
    sealed_digest: str | None = column("sealed_digest", "A salted digest of what is sealed; null where nothing is.")


@strawberry.type(description="Where a confidential shelter stands. Told once, to one custodian, for one purpose.")
class ExactLocation:
    """A place."""

    point: GeoJSON = worked("The place, a Point.")
    audit_entry_id: strawberry.ID = worked(
        "The entry of the audit log that this call has left: a steward reads it by `node`."
    )
