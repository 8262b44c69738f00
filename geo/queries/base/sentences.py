"""The assumptions that an answer states: sentences by locale, as a constant of the statement."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement

from geo.assumptions.catalogue import Sentences, by_locale
from geo.queries.base.question import constant


def said(*parts: Sentences) -> ColumnElement[Any]:
    """Return sentences by locale as JSON text: ``{"FR": [...], "EN": [...], "BM": [...]}``."""
    return constant(json.dumps(by_locale(*parts), ensure_ascii=False))
