"""Public phone numbers that are wrong: anybody reports one, as the public, and a steward settles it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from geo.arguments import RowId, argument
from geo.audience import Caller
from geo.database.tables import wrong_number
from geo.errors import BadInput, NotFound
from geo.queries.stewards.wrong_numbers import wrong_numbers
from geo.vocabulary import WrongNumberOutcome
from geo.writes.write import Saved, Write, found


def report(connection: Connection, record_id: str, number: str) -> None:
    """Note that a public phone number of a service or actor is wrong; of any other number nothing is noted.

    Whether it was noted is told to nobody. The database takes 1,000 new numbers a day.

    Parameters
    ----------
    connection
        The connection of a write as the public (:data:`geo.audience.ANYBODY`), whoever says it.
    record_id, number
        The id of the service or actor, in its canonical form, and the number as it is published.

    """
    connection.execute(select(func.lakana.report_wrong_number(record_id, number)))


@dataclass(frozen=True, kw_only=True)
class SettleWrongNumber(Write):
    """Settle a number that was reported, once it is corrected, or since it is right after all."""

    refusals = (BadInput, NotFound)

    id: RowId = argument("The reported number.")
    outcome: WrongNumberOutcome = argument("What became of it.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Settle it; the database fills in who did, and refuses one that is settled already."""
        row = found(connection, wrong_number, self.id, lock=True)
        if self.outcome is WrongNumberOutcome.CORRECTED:
            known = wrong_numbers().subquery()
            if connection.scalar(select(known.c.published).where(known.c.id == row.id)):
                raise BadInput("outcome", "the record still has this number: change that, or say that it is right.")
        connection.execute(update(wrong_number).where(wrong_number.c.id == row.id).values(outcome=self.outcome))
        return Saved(row.id, None)
