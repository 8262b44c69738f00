"""The release of trainings: how many people of a kind of actor took part, rounded to base 5 and published once.

Each count is a cell of one leaf, ``training/<id>/<kind>``, rounded as counts of incidents are
(:mod:`geo.statistics.cell_key`). No total is published, so differencing is impossible. A published count stays even if
the raw count is corrected: two roundings of nearly the same number would reveal more than one.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.statistics.cell_key import cell_key, leaf_key, rounded

_WAITING = """
SELECT r.training_event_id::text AS id, r.kind::text AS kind, r.count AS people
FROM raw.training_participants r JOIN lakana.training_event e ON e.id = r.training_event_id
WHERE e.ends_on < current_date
  AND NOT EXISTS (SELECT FROM lakana.training_participants p
                  WHERE (p.training_event_id, p.kind) = (r.training_event_id, r.kind))
"""
_PUBLISH = """
INSERT INTO lakana.training_participants (training_event_id, kind, count)
VALUES (CAST(:id AS uuid), CAST(:kind AS lakana.actor_kind), :count)
"""


def publish(connection: Connection, key: bytes) -> int:
    """Publish the participants of each finished training not yet published; return the number of counts."""
    waiting = connection.execute(text(_WAITING)).all()
    told = [
        {
            "id": row.id,
            "kind": row.kind,
            "count": rounded(row.people, cell_key(key, leaf_key(key, f"training/{row.id}/{row.kind}"))),
        }
        for row in waiting
    ]
    if told:
        connection.execute(text(_PUBLISH), told)
    return len(told)
