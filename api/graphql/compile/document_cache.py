"""The cache of recent operations: parsed, validated, priced and compiled once.

It is shared by all callers, so that what one sends often is fast for the others. What a caller chose is not shared: a
document in which a place, an age, a name, an id or another text or number is written out and not left to a variable,
one with a comment, and one that is refused, which may hold anything. Each holder keeps their own, so nobody can find
out, not even by the time that an answer takes, whether somebody else has sent the same.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, NoReturn

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, get_operation_ast, parse, validate
from graphql.validation.rules import overlapping_fields_can_be_merged

from api.errors import VALIDATION_FAILED, told
from api.graphql.compile import document_shape, document_thread, suggestions
from api.graphql.compile.compiled_operation import Operation
from api.graphql.compile.country_size import Country
from api.graphql.compile.document_scan import MAX_TOKENS, Scan, scan, words_of
from api.graphql.compile.document_thread import Aside
from api.graphql.compile.literals import RULES
from api.graphql.compile.response import Refused, located
from geo import metering
from geo.audience import ANYBODY, Caller
from geo.bounded_cache import BoundedCache
from geo.errors import BadInput, TooCostly
from geo.processes import collector

MOST_COMPARISONS = 12_000
"""Comparisons of fields of the same name, in graphql-core's units. Its own limit, 500,000, lets three kilobytes block
everybody for 0.15 s. One field 97 times takes 9,000, the usual introspection far less."""
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MOST_COMPARISONS
suggestions.bound()
document_thread.pause_in_validation()
LONG_NUMBER = re.compile(r"(?<!\d)\d{400}", re.ASCII)
AT_ONCE_TOKENS, AT_ONCE_CHARACTERS = 60, 2_000
"""A document up to this size is read in 1 to 3 ms, one of 57 fields in 10; a larger one in
:mod:`api.graphql.compile.document_thread`."""
DOCUMENT_BYTES_A_CHARACTER = 220
"""Memory of a cached document: 131 kB for 664 characters (tracemalloc, tree included), less if names are long."""
REMEMBERED_BYTES = 48_000_000
"""For documents and the statements made from them, which hold the document's tree: both are evicted together."""


_Key = tuple[str, str | None, str | None]
"""A document, the name of its operation, and the holder whose it is; None where it is everybody's."""


class Operations:
    """Recent operations, compiled. Refusals are remembered as well.

    Parameters
    ----------
    schema
        What documents are validated against.
    country
        How large the country is, which prices depend on; by default that of the seeds.

    """

    def __init__(self, schema: GraphQLSchema, country: Country | None = None) -> None:
        self._schema = schema
        self._words = words_of(schema)
        self.country = country or Country()
        self._known: BoundedCache[_Key, Operation | list[dict[str, Any]]] = BoundedCache(REMEMBERED_BYTES, "documents")
        self._aside = Aside()

    async def read(self, document: str, name: str | None, caller: Caller = ANYBODY) -> Operation:
        """Return a document's operation; a large one that is not cached is read in a thread, a little at a time.

        Within an audience, callers take turns in that thread.

        Raises
        ------
        Refused
            Where it does not parse, is not valid, or asks for too much.
        Unavailable
            If too many documents wait to be read.

        """
        known = self._find(document, name, caller)
        if known is not None:
            return _granted(known)
        try:
            seen = self._scan(document)
        except Refused as refused:
            self._remember(document, name, caller, refused.errors)
            raise
        if seen.tokens <= AT_ONCE_TOKENS and len(document) <= AT_ONCE_CHARACTERS:
            with metering.current().working():
                return self.get(document, name, caller)
        read = await self._aside.run(partial(self._read, document, name, seen, paused=True), caller)
        return self._kept(document, name, caller, read)

    def get(self, document: str, name: str | None, caller: Caller = ANYBODY) -> Operation:
        """Return a document's operation.

        Raises
        ------
        Refused
            Where it does not parse, is not valid, or asks for too much.

        """
        known = self._find(document, name, caller)
        if known is not None:
            return _granted(known)
        with collector.making():
            read = self._read(document, name)
        return self._kept(document, name, caller, read)

    def _find(self, document: str, name: str | None, caller: Caller) -> Operation | list[dict[str, Any]] | None:
        shared = self._known.get((document, name, None))
        return self._known.get((document, name, caller.turn)) if shared is None else shared

    def _kept(
        self, document: str, name: str | None, caller: Caller, read: Operation | list[dict[str, Any]]
    ) -> Operation:
        self._remember(document, name, caller, read)
        return _granted(read)

    def _remember(
        self, document: str, name: str | None, caller: Caller, read: Operation | list[dict[str, Any]]
    ) -> None:
        is_shared = isinstance(read, Operation) and not read.is_private
        key = document, name, None if is_shared else caller.turn
        size = len(document) * (DOCUMENT_BYTES_A_CHARACTER if isinstance(read, Operation) else 8) + 4_000
        self._known.put(key, read, size)
        if isinstance(read, Operation):
            read.grows = partial(self._known.grow, key)

    def _read(
        self, document: str, name: str | None, seen: Scan | None = None, *, paused: bool = False
    ) -> Operation | list[dict[str, Any]]:
        try:
            return self._compile(document, name, seen or self._scan(document), paused=paused)
        except Refused as refused:
            return refused.errors

    def _scan(self, text: str) -> Scan:
        if LONG_NUMBER.search(text):  # Python itself refuses to read it
            _refuse(GraphQLError("A number has more than 400 digits; write a shorter one."), VALIDATION_FAILED)
        try:
            return scan(text, self._words)
        except TooCostly as error:
            _refuse(located(error))

    def _compile(self, text: str, name: str | None, seen: Scan, *, paused: bool) -> Operation:
        try:
            document = document_thread.parse(text, MAX_TOKENS) if paused else parse(text, max_tokens=MAX_TOKENS)
            document_shape.unchain(document)
            document_shape.check_structure(document)
        except GraphQLError as error:
            _refuse(error, VALIDATION_FAILED)
        except TooCostly as error:
            _refuse(located(error))
        except RecursionError:
            _refuse(located(TooCostly("The document nests too deeply; flatten it.")))
        errors = validate(
            self._schema,
            document,
            RULES,
            max_errors=10,
            hide_suggestions=seen.unknown > suggestions.AT_MOST,
        )
        if any(error.message == "Validation aborted." for error in errors):
            _refuse(located(TooCostly("The document repeats too many fields; ask for each once.")))
        if errors:
            raise Refused([told(error, default=VALIDATION_FAILED) for error in errors])
        definition = get_operation_ast(document, name)
        if definition is None:
            problem = (
                f"the document has no operation called {name}."
                if name
                else "the document has several operations or none; name the one to run."
            )
            _refuse(located(BadInput("operationName", problem)))
        operation = Operation(self._schema, document, definition, self.country, self._aside, digest=hash((text, name)))
        # Of several operations only the one to run is judged; another may hold what is private, as may a comment.
        several = sum(isinstance(each, OperationDefinitionNode) for each in document.definitions) > 1
        operation.is_private |= several or "#" in text
        return operation


def _granted(read: Operation | list[dict[str, Any]]) -> Operation:
    if isinstance(read, Operation):
        return read
    raise Refused(read)


def _refuse(error: GraphQLError, code: str = "INTERNAL") -> NoReturn:
    raise Refused([told(error, default=code)]) from None
