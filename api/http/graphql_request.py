"""A request of GraphQL over HTTP, read from a body or an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.types import Message

from api.graphql.compile import guard
from api.graphql.compile.response import Refused
from api.identity.budget import Bill
from api.media_types import JSON

PATHS = frozenset({"/graphql", "/graphql/"})
MAX_BODY_BYTES = 100_000
MAX_BRACKETS = 12_000
"""Lists and objects in a body, all of which orjson creates at once. GeoJSON of 5,000 positions has some 5,000."""
LONGEST_NAME = 200
"""Characters of an operation's name, which is part of the key of the document cache."""
LONGEST_CONTENT_TYPE = 200
UTF8 = {"utf-8", "utf8"}
NAMES_DOCUMENT = re.compile(rb"(?:^|&)(?:query|documentId|extensions)=")
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WORD = r"[\w!#$%&'*+.^`|~-]+"
PARAMETER = re.compile(rf';\s*({_WORD})=("(?:[^"\\]|\\.)*"|[^\s;"]*)\s*', re.ASCII)
CONTENT_TYPE = re.compile(rf"(?P<type>[^;\s]+)\s*(?P<parameters>(?:{PARAMETER.pattern})*);?\s*", re.ASCII)
"""RFC 9110, section 8.3.1."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
"""The code, and a message of the same words, at which clients send documents and no longer their hashes."""


class Malformed(Exception):
    """A request that is not GraphQL over HTTP: its status, and a sentence that says what to change."""

    def __init__(self, status: int, problem: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class Asked:
    """The document, variables and operation name of a request.

    ``query`` is None where the document is named by its ``digest`` alone; one that comes with its digest may be kept.
    """

    query: str | None
    digest: str | None
    operation_name: str | None
    variables: dict[str, Any]
    beside: int
    """Characters of everything in the request other than the document."""


def from_body(headers: Mapping[bytes, bytes], message: Message, account: Bill) -> Asked:
    """Read a request by POST, and charge for parsing it, whatever it turns out to be.

    Parameters
    ----------
    headers
        The request's headers.
    message
        Its body in one message, as the door has read it: of a body that is too large the beginning.
    account
        Who pays for it.

    Raises
    ------
    Malformed
        Where it is not one.
    Refused
        Where it names a document in a way that we do not know.
    RateLimited
        Where the account cannot pay for it.

    """
    _check_content(
        headers.get(b"content-type", b"").decode("latin-1"), headers.get(b"content-encoding", b"").decode("latin-1")
    )
    if message["type"] != "http.request":
        raise Malformed(400, "The request broke off.")
    text: bytes = message["body"]
    if len(text) > MAX_BODY_BYTES:
        raise Malformed(413, f"The request is larger than {MAX_BODY_BYTES:,} bytes; use variables or smaller parts.")
    account.charge(guard.parsing_price(text))
    if text.count(b"[") + text.count(b"{") > MAX_BRACKETS:
        raise Malformed(400, f"The request has more than {MAX_BRACKETS:,} lists and objects; send less at once.")
    with account.meter.working():
        return _asked(_json(text.removeprefix(BYTE_ORDER_MARK), "The request"), len(text))


def names_document(query_string: bytes) -> bool:
    """Return whether an address names a document: it comes from a program, and not from somebody who looks around."""
    return NAMES_DOCUMENT.search(query_string) is not None


def from_query(query_string: bytes, account: Bill) -> Asked:
    """Read a request by GET; admission has charged for its address.

    Raises
    ------
    Malformed
        Where it is not one.
    Refused
        Where it names a document in a way that we do not know.

    """
    with account.meter.working():
        given: dict[str, Any] = dict(QueryParams(query_string))
        size = sum(map(len, given.values()))
        for name in ("variables", "extensions"):
            if name in given:
                given[name] = _json(given[name].encode("utf-8", "surrogateescape"), name) if given[name] else None
        return _asked(given, size)


def _check_content(content_type: str, encoding: str) -> None:
    if content_type != JSON and not _is_json_in_utf8(content_type):
        raise Malformed(415, f"Send the request as {JSON}, in UTF-8.")
    if encoding.strip().lower() not in {"", "identity"}:
        raise Malformed(
            415, "Send the request without compression (Content-Encoding: identity).", {"accept-encoding": "identity"}
        )


def _is_json_in_utf8(content_type: str) -> bool:
    read = CONTENT_TYPE.fullmatch(content_type) if len(content_type) <= LONGEST_CONTENT_TYPE else None
    if read is None or read["type"].lower() != JSON:
        return False
    given = PARAMETER.findall(read["parameters"])
    return {value.strip('"').lower() for name, value in given if name.lower() == "charset"} <= UTF8


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed(400, f"{what} is not JSON: {error.msg} at character {error.pos}.") from None


def _asked(given: Any, size: int) -> Asked:
    if isinstance(given, list):
        raise Malformed(400, "Send one operation at a time: batching is off.")
    if not isinstance(given, dict):
        raise Malformed(400, "The request must be a JSON object with the key query.")
    query, name, variables = given.get("query"), given.get("operationName"), given.get("variables")
    extensions = given.get("extensions")
    if not isinstance(extensions, dict | None):
        raise Malformed(400, "extensions: give an object or leave it out.")
    digest = _digest(given.get("documentId"), (extensions or {}).get("persistedQuery"))
    if not (query is None and digest) and (not isinstance(query, str) or not query.strip()):
        raise Malformed(400, "query: give the GraphQL document as a string.")
    if not isinstance(name, str | None):
        raise Malformed(400, "operationName: give a string or leave it out.")
    if name is not None and len(name) > LONGEST_NAME:
        raise Malformed(400, f"operationName: it has {len(name):,} characters; at most {LONGEST_NAME} are allowed.")
    if not isinstance(variables, dict | None):
        raise Malformed(400, "variables: give an object or leave it out.")
    return Asked(query, digest, name or None, variables or {}, max(0, size - len(query or "")))


def _digest(document_id: Any, persisted: Any) -> str | None:
    """Return the digest by which a request names its document, in the one way or the other."""
    if document_id is not None:
        if not isinstance(document_id, str) or not DIGEST.fullmatch(document_id.removeprefix("sha256:")):
            raise Malformed(400, "documentId: give sha256: and the 64 hexadecimal digits of the document's hash.")
        return document_id.removeprefix("sha256:")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise Refused([{"message": "PersistedQueryNotSupported", "extensions": {"code": NOT_SUPPORTED}}])
    digest = persisted.get("sha256Hash")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise Malformed(400, "extensions.persistedQuery.sha256Hash: give 64 hexadecimal digits.")
    return digest
