"""An independent way to answer a document: graphql-core resolves the selection over plain dictionaries.

The dictionaries hold every field that the document mentions, under a name made of the field and its arguments, without
aliases, merging or ``@skip``/``@include``. So what is compared is the projection's handling of the selection itself.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    build_schema,
    execute_sync,
    parse,
    print_ast,
    visit,
)

from api.graphql.compile.compiled_operation import Operation
from api.graphql.schema import compiled_schema, sdl
from geo.audience import Caller
from geo.service import Resources

TYPENAME = "typename_of_row"


def _canonical(node: FieldNode) -> str:
    arguments = "".join(sorted(print_ast(each) for each in node.arguments or ()))
    return "f" + hashlib.sha256(f"{node.name.value}({arguments})".encode()).hexdigest()[:16]


class _Plain(Visitor):
    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode:
        if node.name.value == "__typename":
            return FieldNode(name=node.name, alias=NameNode(value=TYPENAME), arguments=(), directives=())
        return FieldNode(
            name=node.name,
            alias=NameNode(value=_canonical(node)),
            arguments=node.arguments,
            directives=(),
            selection_set=node.selection_set,
        )

    def leave_selection_set(self, node: SelectionSetNode, _key: Any, parent: Any, *_: Any) -> SelectionSetNode | None:
        if isinstance(parent, OperationDefinitionNode):
            return None
        typename = FieldNode(
            name=NameNode(value="__typename"), alias=NameNode(value=TYPENAME), arguments=(), directives=()
        )
        return SelectionSetNode(selections=(*node.selections, typename))

    def _undirected(self, node: InlineFragmentNode | FragmentSpreadNode, *_: Any) -> Any:
        parts = {key: getattr(node, key) for key in node.keys if key != "directives"}
        return type(node)(**parts, directives=())

    leave_inline_fragment = leave_fragment_spread = _undirected


async def reference(document: str, variables: dict[str, Any], resources: Resources, caller: Caller) -> Any:
    """Return the data of a document."""
    schema = compiled_schema()
    plain: DocumentNode = visit(parse(document), _Plain())
    operation = next(each for each in plain.definitions if isinstance(each, OperationDefinitionNode))
    compiled = Operation(schema, plain, operation)
    answered = orjson.loads((await compiled.answer(compiled.variables(variables), caller, resources)).body)
    assert "errors" not in answered, answered

    def resolve(source: Any, info: Any, **_: Any) -> Any:
        return source[_canonical(info.field_nodes[0])]

    result = execute_sync(
        build_schema(sdl()),
        parse(document),
        root_value=answered["data"],
        variable_values=variables,
        field_resolver=resolve,
        type_resolver=lambda value, *_: value[TYPENAME],
    )
    assert isinstance(result, ExecutionResult)
    assert result.errors is None, result.errors
    return result.data
