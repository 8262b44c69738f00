"""What was written about confidential shelters is published for all of them at one time, so that no two stand out."""

from __future__ import annotations

from sqlalchemy import text

from geo import audit
from geo.database.owner import owner_transaction


def tell_places(owner_url: str) -> int:
    """Publish the bands of places as of the last midnight (UTC), and the visits of quarters that are over.

    Returns
    -------
    int
        How many services have something new; the audit log has one entry for all of them, or none if there is none.

    """
    with owner_transaction(owner_url) as connection:
        # Of two servers that look together, the second waits, and finds nothing due.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.midnight'))"))
        due: int = connection.scalar(text("SELECT count(*) FROM exact.due()")) or 0
        if due:
            with audit.bulk(connection, "places", services=due):
                connection.execute(text("SELECT exact.tell_places()"))
    return due
