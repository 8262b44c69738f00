"""What every write has in common: an author, one execution for each key, and a check of the version."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from sqlalchemy import Connection, Table, bindparam, exists, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from geo.arguments import check_id
from geo.audience import Audience, Caller
from geo.database.tables import area_within, service
from geo.errors import BadInput, Conflict, Forbidden, LakanaError, NotFound
from geo.texts import line
from geo.vocabulary import ServiceCategory

NOTHING = "There is nothing of that id that you may change; pass an id that an earlier answer gave."
CHANGED = "It has changed since you saw it; read it again and decide anew."


@dataclass(frozen=True, slots=True)
class WasPublic:
    """A fact about a shelter that was public before the shelter became confidential, and since when, as ISO 8601."""

    fact: str
    since: str | None
    """``None`` if the fact is older than the audit log."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of a write: the row's id and version, the number of rows, and whether it had been made before."""

    id: str
    version: int | None
    rows: int = 1
    replayed: bool = False
    was_public: tuple[WasPublic, ...] = ()
    """About a shelter that this write made confidential; for the steward who did it."""
    changed_id: str | None = None
    """The record that an approved proposal changed."""
    secret: str | None = field(default=None, repr=False)
    """What is told once, to whoever made this write, and kept nowhere: the secret of a link."""


@dataclass(frozen=True, kw_only=True)
class Write(ABC):
    """One write. Building it checks its values; :meth:`apply` does it, in a transaction that names the writer."""

    refusals: ClassVar[tuple[type[LakanaError], ...]] = (BadInput,)
    """The errors by which this very write is refused. Others may stop any write: a limit, a database that is gone."""

    @abstractmethod
    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Execute the write.

        Raises
        ------
        BadInput
            If a value does not fit the existing data.
        Conflict
            Where the row has changed since, or others depend on it.
        Forbidden
            If this caller may not do it.
        NotFound
            Where the row does not exist, or the caller may not know that it does.
        Unavailable
            Where the caller keeps as many of these as may be.

        """

    def follow_up(self, resources: Any) -> None:  # noqa: B027  most writes need none
        """Do what follows after the commit; ``resources`` is a :class:`geo.service.Resources`."""

    def digest(self) -> str:
        """Return a digest of the write's values, by which a repeated write is recognised."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        asked = json.dumps([type(self).__name__, values], sort_keys=True, default=str)
        return hashlib.sha256(asked.encode()).hexdigest()


def once(write: Write, key: str, connection: Connection, caller: Caller) -> Saved:
    """Execute a write, or return the stored answer if it was executed under this key before.

    After a broken connection nobody knows whether a commit went through: a write that is sent again with its key is
    executed only once. The key is remembered in the same transaction, for the person whatever API keys they hold.

    Raises
    ------
    BadInput
        Where the key is empty or too long, or was used for another write.

    """
    key = line("idempotency_key", key)
    digest = write.digest()
    known = connection.execute(
        text("SELECT digest, answer FROM audit.recall(:holder, :key)"), {"holder": caller.keeper, "key": key}
    ).one_or_none()
    if known is not None:
        if known.digest != digest:
            raise BadInput("idempotency_key", "it was used for another write; make a new one for each write.")
        told = [WasPublic(**each) for each in known.answer.pop("was_public", ())]
        return Saved(**known.answer, replayed=True, was_public=tuple(told))
    saved = write.apply(connection, caller)
    answer: dict[str, Any] = {"id": saved.id, "version": saved.version, "rows": saved.rows}
    if saved.was_public:
        answer["was_public"] = [asdict(each) for each in saved.was_public]
    if saved.changed_id is not None:
        answer["changed_id"] = saved.changed_id
    connection.execute(
        text("SELECT audit.remember(:holder, :key, :digest, :answer)").bindparams(bindparam("answer", type_=JSONB)),
        {"holder": caller.keeper, "key": key, "digest": digest, "answer": answer},
    )
    return saved


def found(connection: Connection, table: Table, row_id: str, *, lock: bool = False) -> Any:
    """Return the row of an id, on demand locked against other changes until the transaction ends.

    It is not locked against references: a writer who holds a category's distances may be about to refer to this row.

    Raises
    ------
    BadInput
        Where it is no id.
    NotFound
        Where there is no such row.

    """
    statement = select(table).where(table.c.id == check_id("id", row_id))
    row = connection.execute(statement.with_for_update(key_share=True) if lock else statement).one_or_none()
    if row is None:
        raise NotFound(NOTHING)
    return row


def held(connection: Connection, table: Table, row_id: str, expected_version: int) -> Any:
    """Return the row of an id, locked, after checking that the caller has seen this version.

    It is checked before too: who has not seen this version waits for nobody, and so does not learn that somebody else
    is writing.

    Raises
    ------
    BadInput
        Where it is no id.
    NotFound
        Where there is no such row.
    Conflict
        Where the row has another version.

    """
    for lock in (False, True):
        row = found(connection, table, row_id, lock=lock)
        check_version(expected_version, row.version)
    return row


def hold_log(connection: Connection) -> None:
    """Wait for one's turn to write the log, before the row of a confidential shelter is locked.

    Partners report all of theirs in one go, so nobody is to see which rows are held together. With the turn, a row is
    held for the moment of the write and not while others write the log.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.audit'))"))  # that of audit.lock


def hold_category(connection: Connection, category: ServiceCategory) -> None:
    """Wait for the writers of a category before one of its services is deleted; the triggers would wait only after."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('lakana.access'), hashtext(:category))"),
        {"category": category.name},
    )


def hold_reporters(connection: Connection) -> None:
    """Wait for others who change who is expected to report: what a quarter ends is what stands when it is written."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.expected_reporter'))"))


def hold_words(connection: Connection, *, hidden: bool) -> None:
    """Wait for the writers of public words, or with them for those of hidden names, before any row is locked.

    The triggers wait too, but only when the row is held that a public word may be about to take its name from.
    """
    connection.execute(select(func.lakana.hold_words(hidden)))


def check_version(expected: int, version: int) -> None:
    """Refuse a write if the row has changed since the caller read it."""
    if expected != version:
        raise Conflict(CHANGED, version)


def check_own(connection: Connection, caller: Caller, service_id: str) -> None:
    """Refuse partners other organisations' services, and services outside the area that their key is limited to."""
    if caller.audience is Audience.STEWARD:
        return
    row = connection.execute(
        select(func.lakana.is_own(service.c.id).label("own"), service.c.area_set_id, service.c.zone_id).where(
            service.c.id == service_id
        )
    ).one()
    # Whoever keeps a link that a steward made may be that steward, who must not learn whose a confidential shelter is.
    if not row.own or (caller.by_steward and row.zone_id is not None):
        raise Forbidden("It belongs to another organisation; propose the change instead (`propose_change`).")
    if caller.area_id is not None:
        # For a confidential service its zone is checked, so that a refusal reveals no more than the zone.
        within = select(
            func.lakana.area_holds_zone(caller.area_id, row.zone_id)
            if row.area_set_id is None
            else exists().where(area_within.c.area_id == row.area_set_id, area_within.c.ancestor_id == caller.area_id)
        )
        if not connection.scalar(within):
            raise Forbidden("It lies outside the area that your key is limited to.")


def source_of_direct_entry(connection: Connection) -> str:
    """Return the source of rows that are entered through the API, created at its first use."""
    found = text("SELECT id::text FROM lakana.source WHERE key = 'direct'")
    known: str | None = connection.scalar(found)
    if known is None:
        connection.execute(
            text(
                "INSERT INTO lakana.source (key, name, illustrative) VALUES ('direct', 'Saisie directe', false) "
                "ON CONFLICT (key) DO NOTHING"
            )
        )
        known = connection.scalar(found)
    assert known is not None  # noqa: S101  it was just made
    return known
