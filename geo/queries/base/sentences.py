"""What an answer says of itself: sentences by locale, carried as a constant of the statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement

from geo.queries.base.question import constant
from geo.vocabulary import Locale

Said = Mapping[Locale, Sequence[str]]


def said(sentences: Said) -> ColumnElement[Any]:
    """Return sentences by locale as JSON text: ``{"FR": [...], "EN": [...]}``."""
    return constant(json.dumps({locale.name: words for locale, words in sentences.items()}, ensure_ascii=False))
