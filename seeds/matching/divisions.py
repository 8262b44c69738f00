"""Which division of the country codes and names are of: a scheme in one of its editions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from seeds.troubles import AreaTrouble, Refused

_DIVISIONS = text(
    """
    SELECT scheme, edition, bool_or(daterange(valid_from, valid_to) @> current_date) AS in_force,
           bool_or(level = 0 AND daterange(valid_from, valid_to) @> current_date AND NOT lakana.has_successor(id))
             AS in_use
    FROM lakana.admin_area GROUP BY scheme, edition ORDER BY scheme, edition
    """
)


@dataclass(frozen=True)
class Division:
    """A scheme in an edition."""

    scheme: str
    edition: str

    def __str__(self) -> str:
        """Return it as the API writes it."""
        return f"{self.scheme}@{self.edition}"


def chosen(connection: Connection, scheme: str | None, edition: str | None) -> Division:
    """Return the division that a person names, or the one in use.

    Parameters
    ----------
    connection
        The owner's.
    scheme, edition
        Either or both; ``edition`` may be ``SCHEME@EDITION``. Of a scheme alone the edition in force is meant.

    Raises
    ------
    Refused
        If there is none, or several fit.

    """
    if edition and "@" in edition:
        scheme, _, edition = edition.partition("@")
    rows = connection.execute(_DIVISIONS).all()
    named = [row for row in rows if scheme in {None, row.scheme} and edition in {None, row.edition}]
    for fitting in ([row for row in named if row.in_use], [row for row in named if row.in_force], named):
        if len(fitting) == 1:
            return Division(fitting[0].scheme, fitting[0].edition)
    there = ", ".join(f"{row.scheme}@{row.edition}" for row in rows) or "–"
    raise Refused(AreaTrouble.SEVERAL_DIVISIONS if named else AreaTrouble.NO_DIVISION, divisions=there)
