"""The root fields of an operation for one choice of ``@skip`` and ``@include``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass, field

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetails

from api.graphql.compile.arguments import Arguments
from api.graphql.compile.readings import Root, reading
from api.graphql.compile.response import most_bytes

INTROSPECTION = frozenset({"__schema", "__type"})
TYPENAME = "__typename"


@dataclass
class RootField:
    """A root field of a selection: its response key, definition and merged nodes."""

    key: str
    definition: GraphQLField | None
    details: list[FieldDetails]
    read: InitVar[dict[int, Arguments]]
    root: Root | None = field(init=False)
    """What it asks the database; None where something else answers it."""
    arguments: Arguments | None = field(init=False)
    drawn: frozenset[str] = field(init=False)
    """Its arguments that are GeoJSON."""

    def __post_init__(self, read: dict[int, Arguments]) -> None:
        """Find out what is the same in every request."""
        how = None if self.definition is None else reading(self.definition)
        self.root, self.arguments, self.drawn = None, None, frozenset()
        if self.definition is not None and isinstance(how, Root):
            known = read.get(id(self.node))
            self.root, self.arguments = how, known or Arguments(self.definition, self.node)
            read[id(self.node)] = self.arguments
            types = {name: get_named_type(each.type).name for name, each in self.definition.args.items()}
            self.drawn = frozenset(name for name, type_ in types.items() if type_ == "GeoJSON")

    @property
    def node(self) -> FieldNode:
        """The first of the merged nodes: all have the same arguments."""
        return self.details[0].node

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.node.name.value


class Selection:
    """The root fields, merged by response key.

    Parameters
    ----------
    root
        The type that they are fields of.
    grouped
        Their nodes by response key.
    read
        The arguments of the document's root fields, by the identity of the node. They are the same in every selection,
        and may hold thousands of coerced values, so all share them; what is missing is added.

    """

    def __init__(
        self, root: GraphQLObjectType, grouped: dict[str, list[FieldDetails]], read: dict[int, Arguments]
    ) -> None:
        self.fields = [
            RootField(key, root.fields.get(details[0].node.name.value), details, read)
            for key, details in grouped.items()
        ]
        self.asked = [each for each in self.fields if each.root is not None]
        """Those that the database answers."""
        self.about_types = [each for each in self.fields if each.name in INTROSPECTION]
        self.definitions = {each.name: each.definition for each in self.fields if each.definition is not None}
        self.is_compiled = all(
            each.root is not None or each.name == TYPENAME or each.name in INTROSPECTION for each in self.fields
        )
        """Whether no field is left to Strawberry's execution."""
        self.most_bytes = most_bytes(self.definitions.values())
        self.most_asked_bytes = most_bytes(each.definition for each in self.asked if each.definition is not None)

    def __iter__(self) -> Iterator[RootField]:
        """Go through the fields in the order of the response."""
        return iter(self.fields)

    @property
    def nodes(self) -> Sequence[FieldNode]:
        """The nodes of the fields about types."""
        return [each.node for one in self.about_types for each in one.details]
