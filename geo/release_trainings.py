"""The release of trainings: how many of a kind took part, rounded to base 5 and told once.

Each count x has a key of its own, the first 64 bits of HMAC-SHA256(K, ``training/<id>/<kind>``); with u = key / 2⁶⁴ it
is published as 5⌊x/5⌋, plus 5 if u < (x mod 5)/5: right on average and off by at most 4, as incidents are (see
:mod:`geo.release`). No total is published, so nothing can be taken from anything. What was published stays, also where
the count is mended: two roundings of nearly the same number would tell more than one.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text

Key = Callable[[str], int]
"""From the name of a leaf to its key, a whole number below 2⁶⁴."""

BASE = 5

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


def rounded(count: int, key: int) -> int:
    """Round a count to base 5 by its key.

    Examples
    --------
    >>> rounded(10, 2**64 - 1), rounded(7, 0), rounded(7, 2**64 - 1)
    (10, 10, 5)
    >>> rounded(0, 0)
    0

    """
    whole, rest = divmod(count, BASE)
    # u < rest / 5 in whole numbers, without the rounding of a float.
    return BASE * whole + (BASE if key * BASE < rest << 64 else 0)


def publish(connection: Connection, key: Key) -> int:
    """Publish the participants of every training that is over and was not published yet; give how many counts."""
    waiting = connection.execute(text(_WAITING)).all()
    told = [
        {"id": row.id, "kind": row.kind, "count": rounded(row.people, key(f"training/{row.id}/{row.kind}"))}
        for row in waiting
    ]
    if told:
        connection.execute(text(_PUBLISH), told)
    return len(told)
