"""Some categories of service, as an argument: which lists are valid, and the condition on a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, FromClause, Text, cast, column, func, literal_column
from sqlalchemy.sql.elements import Grouping

from geo.arguments import each_once
from geo.database.tables import SERVICE_CATEGORY
from geo.queries.base.question import bind
from geo.vocabulary import ServiceCategory

MOST_CATEGORIES = 16
ONLY_CATEGORIES = "Only these categories, 1 to 16, no one twice; all where it is left out."

some_categories = each_once("categories", MOST_CATEGORIES)
"""Refuses a list of none, of more than 16, and one that names a category twice."""


def bound_category() -> Any:
    """Return the first of the bound ``categories``, for a question with one: it is looked up in an index as it is."""
    return Grouping(bound_categories())[literal_column("1")]


def each_category() -> FromClause:
    """Return the bound ``categories`` as rows: ``category``."""
    wanted = func.unnest(bound_categories()).table_valued(column("category", SERVICE_CATEGORY))
    return wanted.render_derived(name="wanted")


def among(category: ColumnElement[Any], categories: Sequence[ServiceCategory]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the bound ``categories``."""
    return category == (bound_category() if len(categories) == 1 else func.any(bound_categories()))


def bound_categories() -> Any:
    """Return the bound ``categories`` as an array."""
    return cast(bind("categories", Text), ARRAY(SERVICE_CATEGORY))
