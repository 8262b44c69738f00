"""The operations that were asked lately: parsed, validated, priced and compiled once."""

from __future__ import annotations

import re
from collections import OrderedDict

from graphql import GraphQLError, GraphQLSchema, get_operation_ast, parse, validate
from graphql.validation.rules import overlapping_fields_can_be_merged

from api import guard
from api.errors import VALIDATION_FAILED, told
from api.operation import Operation
from api.response import Refused, located
from geo.errors import BadInput, TooCostly

OPERATIONS_AT_MOST = 500
MOST_COMPARISONS = 12_000
"""Of fields of one name with each other, in the units of graphql-core. Its own bound, 500,000, lets three kilobytes
hold everybody up for 0.15 s; 97 times one field take 9,000, the usual introspection far less."""
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MOST_COMPARISONS
CHARACTERS_FOR_1 = 50
"""To read a document costs so much, also where it is refused: of 1,000 tokens about 50, for about 20 ms."""
LONG_NUMBER = re.compile(r"\d{400}", re.ASCII)
REMEMBERED_CHARACTERS = 10_000
"""Longer documents are compiled each time: the memory of what is remembered has a bound."""


class Operations:
    """The operations that were asked lately, compiled. What was refused is remembered as well."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[tuple[str, str | None], Operation | Refused] = OrderedDict()

    def reading_cost(self, document: str, name: str | None) -> int:
        """Give what it costs to find out what a document asks for: nothing where that is remembered."""
        return 0 if (document, name) in self._known else len(document) // CHARACTERS_FOR_1

    def get(self, document: str, name: str | None) -> Operation:
        """Give a document's operation.

        Raises
        ------
        Refused
            Where it does not parse, is not valid, or asks for too much.

        """
        key = (document, name)
        known = self._known.get(key)
        if known is None:
            try:
                known = self._compile(document, name)
            except Refused as refused:
                known = refused
            if len(document) <= REMEMBERED_CHARACTERS:
                if len(self._known) >= OPERATIONS_AT_MOST:
                    self._known.popitem(last=False)
                self._known[key] = known
        else:
            self._known.move_to_end(key)
        if isinstance(known, Refused):
            # A new one: each raise would lengthen the traceback of the one that is kept.
            raise Refused(known.errors)
        return known

    def _compile(self, text: str, name: str | None) -> Operation:
        if LONG_NUMBER.search(text):  # Python refuses to read it, with an error of its own
            raise Refused(
                [told(GraphQLError("A number has more than 400 digits; write a shorter one."), VALIDATION_FAILED)]
            )
        try:
            document = parse(text, max_tokens=guard.MAX_TOKENS)
            guard.check_structure(document)
        except GraphQLError as error:
            raise Refused([told(error, default=VALIDATION_FAILED)]) from None
        except TooCostly as error:
            raise Refused([told(located(error))]) from None
        except RecursionError:
            raise Refused([told(located(TooCostly("The document nests too deeply; flatten it.")))]) from None
        errors = validate(self._schema, document, max_errors=10)
        if any(error.message == "Validation aborted." for error in errors):
            raise Refused([told(located(TooCostly("The document repeats too many fields; ask for each once.")))])
        if errors:
            raise Refused([told(error, default=VALIDATION_FAILED) for error in errors])
        definition = get_operation_ast(document, name)
        if definition is None:
            problem = (
                f"the document has no operation called {name}."
                if name
                else "the document has several operations or none; name the one to run."
            )
            raise Refused([told(located(BadInput("operationName", problem)))])
        return Operation(self._schema, document, definition)
