"""Writers who do not give up: each write is sent with its key until somebody says that it is done."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import httpx

from geo.database.owner import owner_transaction

CREATE = """mutation ($input: CreateActorInput!) {
  createActor(input: $input) { __typename ... on ActorCreated { id replayed } } }"""
PAUSE_S = 0.05
GIVE_UP_S = 30


class Writer(threading.Thread):
    """One who enters actors, one after the other, each as ``another``: so its key alone keeps it from being made twice.

    Parameters
    ----------
    base
        The service.
    token
        A steward's key.
    name
        What the actors' names begin with.
    forgetful
        Whether the first answer to each write is lost on the way, so that each is sent again.

    """

    def __init__(self, base: str, token: str, name: str, *, forgetful: bool = False) -> None:
        super().__init__(name=name)
        self._client = httpx.Client(base_url=base, timeout=30, headers={"authorization": f"Bearer {token}"})
        self._forgetful = forgetful
        self._over = threading.Event()
        self.acknowledged: list[str] = []
        self.again = self.replayed = 0
        self.refused: list[str] = []

    def run(self) -> None:
        while not self._over.is_set() and not self.refused:
            self._enter(f"{self.name} {len(self.acknowledged)}")
        self._client.close()

    def _enter(self, name: str) -> None:
        place = {"lon": -5.66654, "lat": 11.31755}
        actor = {"name": name, "kind": "DONOR", "point": place, "another": True, "idempotencyKey": name}
        asked: dict[str, Any] = {"query": CREATE, "variables": {"input": actor}}
        if self._forgetful:
            self._send(asked)
        began = time.monotonic()
        while (answer := self._send(asked)) is None:
            self.again += 1
            if time.monotonic() > began + GIVE_UP_S:
                self.refused.append("no answer")
                return
            time.sleep(PAUSE_S)
        if answer.get("__typename") == "ActorCreated":
            self.acknowledged.append(name)
            self.replayed += answer["replayed"]
        else:
            self.refused.append(str(answer))

    def _send(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Return the answer; ``None`` where nobody knows whether it was done."""
        try:
            answer = self._client.post("/graphql", json=asked)
        except httpx.HTTPError:
            return None
        if answer.status_code == 503:
            return None
        body = answer.json()
        found: dict[str, Any] = (body.get("data") or {}).get("createActor") or body
        return found

    def end(self) -> None:
        """Finish the write under way and stop."""
        self._over.set()
        self.join()


def entered(url: str) -> Counter[str]:
    """Count the actors in the database by name."""
    with owner_transaction(url) as connection:
        return Counter(dict(connection.exec_driver_sql("SELECT name, count(*) FROM lakana.actor GROUP BY name").all()))
