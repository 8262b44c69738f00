"""Questions to a database of a test's own, as the public's login and through the whole application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Send = Callable[..., Any]


def asked(send: Send, document: str) -> Any:
    """Return the data of a document's one root field."""
    body = send("POST", "/graphql", json={"query": document}, headers={"accept": "application/json"}).json()
    assert "errors" not in body, body["errors"]
    [value] = body["data"].values()
    return value


def refused(send: Send, document: str) -> str:
    """Return the message of the one error of a document."""
    body = send("POST", "/graphql", json={"query": document}, headers={"accept": "application/json"}).json()
    [error] = body["errors"]
    return str(error["message"])
