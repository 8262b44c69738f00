"""Proposals, wrong numbers, the audit log, and the one exact place that a custodian may read."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Integer, Text, cast, func, select
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import JSONB
from strawberry.scalars import JSON

from api.graphql.compile.readings import Row
from api.graphql.compile.reserved import ReservedFor
from api.graphql.types.directory import Organization
from api.graphql.types.field import by_id, column, localized, many, one, record, said_in, value, worked
from api.graphql.types.places import AdminArea, Node, Source
from api.graphql.types.scalars import GeoJSON
from api.names import spelt
from geo.arguments import declared
from geo.audience import Audience
from geo.queries.base.question import constant
from geo.queries.base.row_sets import areas, named_organizations, sources
from geo.queries.stewards.imports import MOST_FILES, MOST_PROBLEMS, files_of, problem_count, problems_of
from geo.vocabulary import AuditAction, AuditSubject, ProposalKind, ProposalStatus, WrongNumberOutcome
from geo.writes.actors import Actor
from geo.writes.services import Service
from geo.writes.shelters import Shelter


def _reviewed(name: str, description: str) -> Any:
    return value(lambda row: row[f"reviewed_{name}"], description, ReservedFor(audiences=[Audience.STEWARD]))


INPUT_NAMES = constant(json.dumps({name: spelt(name) for kind in (Actor, Service, Shelter) for name in declared(kind)}))
"""The names of proposed fields in the inputs, by those under which they are stored."""


def _proposed(row: Row) -> ColumnElement[Any]:
    """Return the proposed values by the names of the inputs."""
    each = func.jsonb_each(row.changes.op("->")(constant("values"))).table_valued(
        sql_column("key", Text), sql_column("value", JSONB), name="proposed"
    )
    name = func.coalesce(cast(INPUT_NAMES, JSONB).op("->>")(each.c.key), each.c.key)
    values = func.coalesce(func.jsonb_object_agg(name, each.c.value), cast(constant("{}"), JSONB), type_=JSONB)
    return select(values).select_from(each).scalar_subquery()


COLUMNS = "Its keys are columns of the database: they may change with any version."


@strawberry.type(description="A change that somebody proposed. Its proposer reads what became of it.")
class Proposal(Node):
    """A proposal."""

    kind: ProposalKind = column("kind", "What it is about.")
    subject: Node | None = record(
        lambda row: row.subject_id,
        "The actor, service or shelter, as it is now; null where it is gone or not yours to read.",
    )
    subject_id: strawberry.ID = column("subject_id", "The id of that record, also when it is gone.")
    changes: JSON = value(
        _proposed,
        "The fields that were given, with the names and values of `ActorChangesInput`, `ServiceChangesInput` or "
        "`ShelterProposalChangesInput`; `{}` of a publication.",
    )
    expected_version: int = value(
        lambda row: cast(row.changes.op("->>")(constant("expected_version")), Integer),
        "The version of the record that the proposer saw; it is approved while the record has this one.",
    )
    reason: str = column("reason", "Why, in the words of who proposed it.")
    status: ProposalStatus = column("status", "How far it is.")
    proposed_by: str = column(
        "proposed_by",
        "The holder who proposed it, as `auditEntries(holder:)` takes it; `partner` and not which, where it is about a "
        "confidential shelter.",
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
    description="A public phone number that somebody said is wrong, on the page for case workers. Who said so is kept "
    "nowhere."
)
class WrongNumber(Node):
    """A number."""

    record: Node | None = record(
        lambda row: row.record_id, "The service or actor that has the number, as it is now; null where it is gone."
    )
    number: str = column("number", "The number, as it was published.")
    published: bool = column("published", "Whether that record still has the number.")
    reports: int = column(
        "reports", "How often it was said, by the address and the day; 1,000 at most. Nobody has checked it."
    )
    first_reported_on: dt.date = column("first_reported_on", "The day on which it was first said (UTC).")
    last_reported_on: dt.date = column("last_reported_on", "The day on which it was last said (UTC).")
    outcome: WrongNumberOutcome | None = column("outcome", "What became of it; null while it is open.")
    settled_by: str | None = column("settled_by", "The steward who settled it; null until then.")
    settled_person: str | None = column(
        "settled_person",
        "Whose key or token that was, by issuer and subject; null until then, and where the key is bound to nobody.",
    )
    settled_at: dt.datetime | None = column("settled_at", "When it was settled; null until then.")


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
        "Null where it is gone or not yours to read, of a release or a key, and where many records were "
        "written at once.",
    )
    subject_id: strawberry.ID | None = column(
        "record_id",
        "The id of that record, also when it is gone, and of a key or a person; `auditEntries(subjectId:)` takes it. "
        "Null of a release, and where many records were written at once.",
    )
    release_number: int | None = column("release_number", "The number of a release; null of any other record.")
    before: JSON | None = column("before", f"What changed, as it was; null where there was nothing before. {COLUMNS}")
    after: JSON | None = column(
        "after",
        f"What changed, as it became; for LOCATE the stated purpose. Null where nothing is left of it. {COLUMNS}",
    )
    sealed_digest: str | None = column("sealed_digest", "A salted digest of what is sealed; null where nothing is.")


@strawberry.type(description="A person who may use the service. Whether and when they signed in is told to nobody.")
class Person(Node):
    """A person."""

    name: str = column("name", "What they are called.")
    audience: Audience = column("audience", "What they may ask and change.")
    organization: Organization | None = one(
        by_id(named_organizations, "organization_id"),
        "The organisation they belong to; null where they belong to none.",
    )
    area: AdminArea | None = one(
        by_id(areas, "area_id"), "The area that they are limited to; null where they are limited to none."
    )
    person: str = column("person", "Issuer and subject; the issuer is `lakana` of whoever has no provider.")
    created_at: dt.datetime = column("created_at", "When they were let in.")
    revoked_at: dt.datetime | None = column("revoked_at", "When they were revoked; null where they were not.")
    link_until: dt.datetime | None = column(
        "link_until", "Until when their latest link is good if nobody has used it; null where there is none."
    )


@strawberry.type(description="A table of a file that was imported.")
class ImportFile:
    """A table of a file."""

    name: str = column("name", "The name of the file.")
    sheet: str | None = column("sheet", "The sheet of a workbook, or the file of an archive; null where it has none.")
    sha256: str = column("sha256", "The SHA-256 of the file, in hexadecimal.")


@strawberry.type(description="Something that was wrong with what was imported, or that was mended or left out.")
class ImportProblem:
    """A problem of an import."""

    file: str = column("file", "The file.")
    sheet: str | None = column("sheet", "The sheet; null where it has none.")
    row: int | None = column("row", "The row, as a spreadsheet program counts; null of what is of no row.")
    column_name: str | None = column("column", "The column; null of what is of no column.")
    value: str | None = column(
        "value", "What stands there, shortened; `…` where it may not be repeated, null where nothing does."
    )
    trouble: str = column("trouble", "What is wrong, as a word for programs. Later versions may have others.")
    refused: bool = column("refused", "True where the row was refused for it; false of what was loaded all the same.")
    what: str = localized(lambda row, locale: said_in(row.what, locale), "What is wrong.")
    mend: str = localized(lambda row, locale: said_in(row.mend, locale), "What to do.")


@strawberry.type(
    description="An import of files: who loaded what when, and what was wrong with it. Those of shelters are told to "
    "nobody, and of incidents no problems; whoever sent the files has the answer to that."
)
class Import(Node):
    """An import."""

    kind: str = column("kind", "The kind of data, as `lakana import` names it: areas, services for example.")
    imported_at: dt.datetime = column("imported_at", "When it was loaded.")
    holder: str = column("holder", "Who loaded it, as `auditEntries(holder:)` takes it.")
    source: Source | None = one(
        by_id(sources, "source_id"), "The source that its rows are filed under; null where that is gone with it."
    )
    rows_read: int = column("rows_read", "How many rows were read; of incidents, how many returns.")
    rows_new: int = column("rows_new", "How many records were new.")
    rows_changed: int = column("rows_changed", "How many records were changed.")
    rows_unchanged: int = column("rows_unchanged", "How many records were there already, and the same.")
    rows_refused: int = column("rows_refused", "How many rows were refused and left out.")
    files: list[ImportFile] = many(lambda row: files_of(row.id), MOST_FILES, f"What was read, the first {MOST_FILES}.")
    problem_count: int = value(lambda row: problem_count(row.report), "How many problems there were in all.")
    problems: list[ImportProblem] = many(
        lambda row: problems_of(row.report),
        MOST_PROBLEMS,
        f"The first {MOST_PROBLEMS} problems, those before the others for which rows were refused.",
    )
    undone_at: dt.datetime | None = column("undone_at", "When it was undone; null where it was not.")
    undone_by: str | None = column("undone_by", "Who undid it; null where nobody did.")


@strawberry.type(description="Where a confidential shelter stands. Told once, to one custodian, for one purpose.")
class ExactLocation:
    """A place."""

    point: GeoJSON = worked("The place, a Point.")
    audit_entry_id: strawberry.ID = worked(
        "The entry of the audit log that this call has left: a steward reads it by `node`."
    )
