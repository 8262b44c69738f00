"""What the columns of the exports hold, read from the schema and held against it."""

from __future__ import annotations

from graphql import get_named_type, get_nullable_type, is_list_type

from api.exports.columns import Holds, Reader
from api.exports.tables import tables
from api.graphql.schema import compiled_schema
from geo.audience import Audience


def _stands_below_a_list(kind, path):
    """Return whether a list stands on the way to a value, as far as the type itself tells its fields."""
    for name in path:
        field = getattr(kind, "fields", {}).get(name)
        if field is None:
            return False
        if is_list_type(get_nullable_type(field.type)):
            return True
        kind = get_named_type(field.type)
    return False


def test_a_column_below_a_list_holds_text():
    reader = Reader(compiled_schema(), Audience.STEWARD)
    below = [
        (name, column.name, column.holds)
        for name, table in tables().items()
        if not table.is_layer
        for column in reader.shown(table.item).columns
        if _stands_below_a_list(table.item, column.path)
    ]
    assert len(below) > 36
    assert [each for each in below if each[2] is not Holds.TEXT] == []
