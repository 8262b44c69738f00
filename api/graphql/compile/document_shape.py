"""Limits on the shape of a document, checked before it is validated. Each fragment is visited once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from geo.errors import TooCostly

MAX_DEPTH = 15
"""A list inside a record takes three fields: the connection, its edges, and their nodes."""
MAX_ALIASES = 30
MAX_FRAGMENTS = 20
MAX_FIELDS = 400
"""Fields of an operation, those of a fragment each time that it is spread; the usual introspection has 220."""


def check_structure(document: DocumentNode) -> None:
    """Refuse a document with too many fragments, aliases or fields, or that nests too deeply.

    Raises
    ------
    TooCostly
        The text states the number found and the limit.

    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if len(fragments) > MAX_FRAGMENTS:
        raise TooCostly(f"The document has {len(fragments)} fragments; at most {MAX_FRAGMENTS} are allowed.")
    walk = _Walk(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            walk.aliases += walk.count_aliases(definition.selection_set)
    if walk.aliases > MAX_ALIASES:
        raise TooCostly(f"The document has {walk.aliases} aliases; at most {MAX_ALIASES} are allowed.")
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            depth = walk.depth(definition.selection_set)
            if depth > MAX_DEPTH:
                raise TooCostly(f"The document is {depth} fields deep; at most {MAX_DEPTH} are allowed.")
            fields = walk.fields(definition.selection_set)
            if fields > MAX_FIELDS:
                raise TooCostly(
                    f"The operation selects {fields:,} fields, counting a fragment each time that it is spread; at "
                    f"most {MAX_FIELDS} are allowed."
                )


def unchain(document: DocumentNode) -> None:
    """Take the tokens of a document apart, which only its reader needs in a row.

    A tree without cycles goes with its last reference, and so need not be looked for (:mod:`geo.processes.collector`).
    """
    token = document.loc.start_token if document.loc else None
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token = following


def fields_of(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Return how many fields are selected, counting those of a fragment each time that it is spread."""
    return _Walk(fragments).fields(selections)


@dataclass
class _Walk:
    fragments: Mapping[str, FragmentDefinitionNode]
    aliases: int = 0
    depths: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def count_aliases(self, selections: SelectionSetNode) -> int:
        count = 0
        for each in selections.selections:
            if isinstance(each, FieldNode):
                count += each.alias is not None
            if isinstance(each, FieldNode | InlineFragmentNode) and each.selection_set:
                count += self.count_aliases(each.selection_set)
        return count

    def depth(self, selections: SelectionSetNode) -> int:
        deepest = 0
        for each in selections.selections:
            if isinstance(each, FieldNode):
                nested = each.selection_set if not each.name.value.startswith("__") else None
                deepest = max(deepest, 1 + (self.depth(nested) if nested else 0))
            elif isinstance(each, InlineFragmentNode):
                deepest = max(deepest, self.depth(each.selection_set))
            elif isinstance(each, FragmentSpreadNode):
                deepest = max(deepest, self._fragment_depth(each.name.value))
        return deepest

    def fields(self, selections: SelectionSetNode) -> int:
        count = 0
        for each in selections.selections:
            if isinstance(each, FieldNode):
                count += 1 + (self.fields(each.selection_set) if each.selection_set else 0)
            elif isinstance(each, InlineFragmentNode):
                count += self.fields(each.selection_set)
            elif isinstance(each, FragmentSpreadNode):
                count += self._fragment_fields(each.name.value)
        return count

    def _fragment_fields(self, name: str) -> int:
        if name not in self.sizes and name in self.fragments:
            self.sizes[name] = 0  # as above
            self.sizes[name] = self.fields(self.fragments[name].selection_set)
        return self.sizes.get(name, 0)

    def _fragment_depth(self, name: str) -> int:
        if name not in self.depths and name in self.fragments:
            self.depths[name] = 0  # a fragment that spreads itself: validation says so in better words
            self.depths[name] = self.depth(self.fragments[name].selection_set)
        return self.depths.get(name, 0)
