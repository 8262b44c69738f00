"""From a selection set to a SELECT list: PostGIS builds only the JSON that the client requested.

A field of a Strawberry type says in its metadata how it is read (:class:`Value`, :class:`Same`, :class:`One`,
:class:`Record`, :class:`Many`, :class:`Pages`); a root field says which question it asks (:class:`Root`). The
projection walks the collected fields of a validated operation and returns one statement for each root field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

from api.graphql.compile.arguments import Arguments
from api.graphql.compile.connections import HOLDER, nested_connection, nested_page, root_connection, root_page
from api.graphql.compile.document_thread import pause_if_due
from api.graphql.compile.readings import Many, One, Pages, Record, Root, Row, Same, Shape, Value, reading
from api.graphql.compile.response import most_bytes
from geo.arguments import moment
from geo.database.statements import AGAIN, Job, Statement
from geo.queries.base.nested_page import NestedPage
from geo.queries.base.question import Page, Question

LONGEST_NAME = 63
"""PostgreSQL cuts longer names without a warning, so longer response keys are passed as values instead."""

WHOLE = "whole-object"
"""The column of an object that is built as a value. No response key has a hyphen."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A root field's statement for one shape, and where the values of its nested arguments come from."""

    statement: Statement
    arguments: Sequence[Callable[[VariableValues], Mapping[str, Any]]]
    """For each nested field that has arguments: its binds in a request."""

    def job(self, binds: dict[str, Any], variables: VariableValues) -> Job:
        """Return the job of a request."""
        whole = binds.copy()
        for read in self.arguments:
            whole.update(read(variables))
        return Job(self.statement, self.statement.values(whole))


@dataclass
class Projection:
    """Turn the collected fields of one root field into a statement.

    ``arguments`` collects how the binds of nested arguments get their values from a request.
    """

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    arguments: list[Callable[[VariableValues], Mapping[str, Any]]] = field(default_factory=list)
    _rows: int = 0

    def statement(
        self, root: Root, question: Question, definition: GraphQLField, details: list[FieldDetails]
    ) -> Select[Any]:
        """Return the statement of a root field, whose one text is the JSON of the answer; no row or NULL means null."""
        answer = self._answer(root, question, definition, details)
        proviso, usual = question.proviso(), question.usual()
        if usual is not None:
            answer = select(case((usual, answer.scalar_subquery()), else_=literal_column(f"'{AGAIN}'", Text)))
        return answer if proviso is None else select(case((proviso, answer.scalar_subquery())))

    def compiled(
        self, root: Root, question: Question, definition: GraphQLField, details: list[FieldDetails]
    ) -> Compiled:
        """Return the finished statement of a root field, which takes about a millisecond a field."""
        statement = Statement.of(self.statement(root, question, definition, details), details[0].node.name.value)
        return Compiled(statement.at_most(most_bytes([definition])), self.arguments)

    def _answer(
        self, root: Root, question: Question, definition: GraphQLField, details: list[FieldDetails]
    ) -> Select[Any]:
        answer_type: Any = get_named_type(definition.type)
        match root.shape:
            case Shape.JSON:
                return select(cast(question.rows().subquery("answer").c.json, Text))
            case Shape.NODE | Shape.NODES:
                return self._nodes(root.shape, question, answer_type, details)
            case Shape.CONNECTION:
                page = cast_page(question)
                row = Row(root_connection(page), question.related(), root_page(page))
            case _:
                row = Row(question.rows().subquery("found"), question.related())
        rows = self._object(answer_type, details, row, ())
        if root.shape is Shape.LIST:
            return select(cast(_list_of(rows), Text))
        return select(cast(_one_of(rows), Text)).select_from(rows)

    def _nodes(self, shape: Shape, question: Question, named: Any, details: list[FieldDetails]) -> Select[Any]:
        """Return the record of each id that the question names, from the kinds of rows that it may be of."""
        row = Row(question.rows().subquery("found"), question.related())
        answer = self._record(named, details, row.id, row, (row.source,))
        if shape is Shape.NODES:
            listed = func.json_agg(aggregate_order_by(answer, row.number))
            answer = func.coalesce(listed, literal_column("'[]'::json"), type_=JSON)
        return select(cast(answer, Text)).select_from(row.source)

    def _record(
        self,
        named: Any,
        details: list[FieldDetails],
        row_id: ColumnElement[Any],
        row: Row,
        around: tuple[FromClause, ...],
    ) -> ColumnElement[Any]:
        """Return the record of an id, from the kinds of rows that it may be of; null where it is of none."""
        types = self.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        answers = []
        for concrete in sorted(types, key=lambda each: each.name):
            if (every := row.related.get(concrete.name)) is not None:
                rows = self._nested(concrete, details, select(every).where(every.c.id == row_id), row, around)
                answers.append(select(_one_of(rows)).correlate(*around).scalar_subquery())
        return func.coalesce(*answers, type_=JSON)

    def _object(
        self, object_type: GraphQLObjectType, details: list[FieldDetails], row: Row, outer: tuple[FromClause, ...]
    ) -> Subquery:
        """Return a row set with one column for each field, named by its response key.

        ``outer`` are the row sets around this one, which the fields may refer to.
        """
        collected = collect_subfields(self.schema, self.fragments, self.variables, self.operation, object_type, details)
        around = outer if row.source in outer else (*outer, row.source)
        columns = [
            (key, self._field(object_type, nodes, row, around)) for key, nodes in collected.grouped_field_set.items()
        ]
        if any(len(key) > LONGEST_NAME for key, _ in columns):
            pairs = [part for key, value in columns for part in (literal_column(f"'{key}'"), value)]
            chosen = select(func.json_build_object(*pairs).label(WHOLE))
        else:
            chosen = select(*(value.label(key) for key, value in columns))
        if row.source not in outer:
            chosen = chosen.select_from(row.source)
        self._rows += 1
        # No response key has a hyphen, so none can be taken for the row.
        return chosen.correlate(*outer).subquery(f"row-{self._rows}")

    def _field(
        self, object_type: GraphQLObjectType, details: list[FieldDetails], row: Row, around: tuple[FromClause, ...]
    ) -> ColumnElement[Any]:
        pause_if_due()
        name = details[0].node.name.value
        if name == "__typename":
            return literal_column(f"'{object_type.name}'")
        definition = object_type.fields[name]
        nested_type: Any = get_named_type(definition.type)
        match reading(definition):
            case Value(expression):
                return expression(row, **self._arguments(definition, details[0]))
            case Same(present):
                nested = self._object(nested_type, details, row, around)
                answer = select(_one_of(nested)).correlate(*around).scalar_subquery()
                return answer if present is None else case((present(row), answer))
            case (One(rows) | Many(rows)) as how:
                if isinstance(how, Many) and how.present is not None:
                    chosen = self._with_holes(how.present, nested_type, details, rows(row), row, around)
                else:
                    nested = self._nested(nested_type, details, rows(row), row, around)
                    chosen = select(_one_of(nested) if isinstance(how, One) else _list_of(nested))
                return chosen.correlate(*around).scalar_subquery()
            case Record(record_id):
                return self._record(nested_type, details, record_id(row), row, around)
            case Pages(rows):
                listed = f"{object_type.name}.{name}"
                asked = self._page_asked(definition, details[0], listed)
                source = nested_connection(row.id, asked, around)
                page = nested_page(rows(row).add_columns(row.id.label(HOLDER)).correlate(*around), listed, asked)
                nested = self._object(nested_type, details, Row(source, row.related, page), around)
                return select(_one_of(nested)).correlate(*around).scalar_subquery()
        raise TypeError(f"{object_type.name}.{name} does not say how it is read from the database")

    def _nested(
        self,
        nested_type: GraphQLObjectType,
        details: list[FieldDetails],
        rows: Select[Any],
        row: Row,
        around: tuple[FromClause, ...],
    ) -> Subquery:
        return self._object(nested_type, details, self._each(rows, row, around), around)

    def _each(self, rows: Select[Any], row: Row, around: tuple[FromClause, ...]) -> Row:
        """Return the rows of a nested object or list, under a name of their own."""
        self._rows += 1
        return Row(rows.correlate(*around).subquery(f"source-{self._rows}"), row.related, row.paged)

    def _with_holes(
        self,
        present: Callable[[Row], ColumnElement[bool]],
        nested_type: GraphQLObjectType,
        details: list[FieldDetails],
        rows: Select[Any],
        row: Row,
        around: tuple[FromClause, ...],
    ) -> Select[Any]:
        """Return a list with null in the place of each row that is not ``present``."""
        each = self._each(rows, row, around)
        inside = (*around, each.source)
        item = select(_one_of(self._object(nested_type, details, each, inside))).correlate(*inside).scalar_subquery()
        listed = func.json_agg(case((present(each), item)))
        return select(func.coalesce(listed, literal_column("'[]'::json"), type_=JSON)).select_from(each.source)

    def _page_asked(self, definition: GraphQLField, details: FieldDetails, listed: str) -> str:
        """Bind which page of a nested list is asked for, and return the prefix of the binds' names."""
        prefix, own = f"page_{len(self.arguments)}", Arguments(definition, details.node)

        def read(variables: VariableValues) -> Mapping[str, Any]:
            page = NestedPage(**own.values(variables), of=listed)
            return {f"{prefix}_{name}": value for name, value in page.binds().items()}

        self.arguments.append(read)
        return prefix

    def _arguments(self, definition: GraphQLField, details: FieldDetails) -> dict[str, ColumnElement[Any]]:
        """Bind the arguments of a nested field; their values are read from each request."""
        if not definition.args:
            return {}
        own = Arguments(definition, details.node)
        keys = {name: f"argument_{len(self.arguments)}_{name}" for name in definition.args}

        def read(variables: VariableValues) -> Mapping[str, Any]:
            given = own.values(variables)
            return {key: _as_text(name, given.get(name)) for name, key in keys.items()}

        self.arguments.append(read)
        return {name: bindparam(key, type_=Text) for name, key in keys.items()}


def _as_text(name: str, given: Any) -> Any:
    """Return the value of an argument as the text that is bound; a moment outside its bounds is refused."""
    if isinstance(given, dt.datetime):
        moment(name, given)
        # PostgreSQL knows no offsets of 16 hours or more, Python does.
        return given.astimezone(dt.UTC).isoformat()
    return given.name if isinstance(given, Enum) else given


def cast_page(question: Question) -> Page:
    """Return a question that is known to come in pages."""
    if not isinstance(question, Page):
        raise TypeError(f"{type(question).__name__} does not come in pages")
    return question


def _one_of(rows: Subquery) -> ColumnElement[Any]:
    return rows.c[WHOLE] if WHOLE in rows.c else func.row_to_json(rows.table_valued(), type_=JSON)


def _list_of(rows: Subquery) -> ColumnElement[Any]:
    each = rows.c[WHOLE] if WHOLE in rows.c else rows.table_valued()
    return func.coalesce(func.json_agg(each), literal_column("'[]'::json"), type_=JSON)
