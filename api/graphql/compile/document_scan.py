"""A scan of a document before it is parsed: what no honest document contains is refused within a millisecond.

graphql-core is written in Python. It takes 5 to 16 ms to parse 1,000 tokens and 10 to 40 ms more to validate them, and
blocks all other requests meanwhile. This scan is one regular expression and one pass over its tokens: 0.5 ms for 1,000.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from graphql import GraphQLSchema, is_enum_type, is_input_object_type, is_interface_type, is_object_type

from geo.errors import TooCostly

MAX_TOKENS = 1_000
MAX_CHARACTERS = 20_000
LONGEST_RUN = 2_000
"""Characters of one text, name, comment or gap: graphql-core reads each in one go, which takes 1 ms."""
MAX_SAME = 100
"""How often one selection set, or one list of arguments, may repeat a name."""
MAX_NAMES = 250
"""Names in one selection set; the type with the most fields has 46."""
MAX_UNKNOWN = 10
"""Names that the schema does not have: as many as validation reports one by one."""
MAX_SPREADS = 60
MAX_DIRECTIVES = 60
MAX_OPERATIONS = 20
MAX_NESTING = 40
"""Brackets of any kind inside each other: 10 fields, inline fragments between them, and an argument's lists."""

_TOKEN = re.compile(
    # An unclosed string reaches to the end of the document, so that nothing is read twice.
    r'"""(?:[^"\\]|\\"""|\\|"(?!""))*+(?:"""|\Z)'
    r'|"(?:[^"\\\n\r]|\\.)*+"?|#[^\n\r]*+|\.\.\.|[A-Za-z_]\w*+|-?\d[\w.+-]*+|[!$&()\[\]{}:=@|]',
    re.ASCII,
)
# Matched only where a gap begins: trying each position within it would take quadratic time.
_GAP = re.compile(rf"(?<![\s,\ufeff])[\s,\ufeff]{{{LONGEST_RUN}}}")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_KEYWORDS = frozenset({"query", "mutation", "subscription", "fragment", "on", "true", "false", "null"})
_OPERATIONS = frozenset({"query", "mutation", "subscription"})
_NAMED_FREELY = frozenset({"$", "...", "query", "mutation", "subscription", "fragment"})
"""Tokens before a name that the client chooses. After ``...`` comes the name of a fragment."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a scan: the number of tokens, and of names that the schema does not have."""

    tokens: int
    unknown: int


def words_of(schema: GraphQLSchema) -> frozenset[str]:
    """Return every name that a document can take from the schema."""
    words = set(_KEYWORDS) | set(schema.type_map) | {"__typename", "__schema", "__type"}
    arguments = [each.args for each in schema.directives]
    words.update(each.name for each in schema.directives)
    for each in schema.type_map.values():
        if is_object_type(each) or is_interface_type(each):
            words.update(each.fields)
            arguments += [one.args for one in each.fields.values()]
        elif is_input_object_type(each):
            words.update(each.fields)
        elif is_enum_type(each):
            words.update(each.values)
    for some in (*arguments, {"name"}):
        words.update(some)
    return frozenset(words)


def scan(text: str, words: frozenset[str]) -> Scan:
    """Scan a document.

    Raises
    ------
    TooCostly
        If it contains more of something than any document needs; the text states the limit.

    """
    if len(text) > MAX_CHARACTERS:
        _refuse(f"The document has {len(text):,} characters", MAX_CHARACTERS, "Send long values as variables.")
    if _GAP.search(text):
        _refuse("The document has a long gap", LONGEST_RUN, "Leave the blanks out.")
    tokens = [found[0] for found in islice(_TOKEN.finditer(text), MAX_TOKENS + 1)]
    if len(tokens) > MAX_TOKENS:
        _refuse(f"The document has more than {MAX_TOKENS} tokens", MAX_TOKENS, "Ask for less at once.")
    longest = max(map(len, tokens), default=0)
    if longest > LONGEST_RUN:
        _refuse(f"The document has a text or name of {longest:,} characters", LONGEST_RUN, "Send it as a variable.")
    for mark, most, what in (("...", MAX_SPREADS, "spreads"), ("@", MAX_DIRECTIVES, "directives")):
        if tokens.count(mark) > most:
            _refuse(f"The document has {tokens.count(mark)} {what}", most)
    walk = _Walk(words)
    walk.over(tokens)
    return Scan(len(tokens), walk.unknown)


class _Walk:
    """The nesting of brackets, and the names within each."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._open: list[tuple[str, Counter[str]]] = []
        self.unknown = 0
        self._operations = 0

    def over(self, tokens: list[str]) -> None:
        before = ""
        for place, token in enumerate(tokens):
            if token in _OPENING:
                self._enter(token, before)
            elif token in _CLOSING:
                if self._open:
                    self._open.pop()
            elif token[0].isalpha() or token[0] == "_":
                after = tokens[place + 1] if place + 1 < len(tokens) else ""
                self._name(token, before, after)
            before = token

    def _enter(self, bracket: str, before: str) -> None:
        if not self._open and bracket == "{" and before in {"", "}"}:
            self._count_operation()
        self._open.append((bracket, Counter()))
        if len(self._open) > MAX_NESTING:
            _refuse("The document nests too deeply, bracket in bracket", MAX_NESTING, "Flatten it.")

    def _name(self, name: str, before: str, after: str) -> None:
        if not self._open:
            if name in _OPERATIONS and before != "fragment":
                self._count_operation()
            if before in _NAMED_FREELY:
                return
        else:
            bracket, seen = self._open[-1]
            seen[name] += 1
            if bracket == "{" and seen.total() > MAX_NAMES:
                _refuse("The document repeats too many fields in one place", MAX_NAMES)
            if seen[name] > MAX_SAME:
                _refuse("The document repeats too many fields or values: one stands more than 100 times", MAX_SAME)
            if before in _NAMED_FREELY or (after == ":" and bracket == "{" and not self._in_value()):
                return
        if name not in self._words:
            self.unknown += 1
            if self.unknown > MAX_UNKNOWN:
                shown = name if len(name) <= 40 else f"{name[:40]}…"  # noqa: PLR2004  as much as a line takes
                _refuse(
                    f"The document has too many names that the schema lacks, {shown} for one",
                    MAX_UNKNOWN,
                )

    def _in_value(self) -> bool:
        return any(bracket == "(" for bracket, _ in self._open)

    def _count_operation(self) -> None:
        self._operations += 1
        if self._operations > MAX_OPERATIONS:
            _refuse("The document has too many operations", MAX_OPERATIONS, "Send the one that you run.")


def _refuse(what: str, most: int, hint: str = "Ask for each thing once.") -> None:
    raise TooCostly(f"{what}; at most {most:,} are allowed. {hint}")
