"""What a person says of an import by HTTP, as JSON: the names of ``lakana import``, spelt as in the schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from api.names import spelt
from geo.errors import BadInput
from seeds.columns.cells import DateOrder
from seeds.loading.options import Options
from seeds.readers.table import Corrections

MOST_PAIRS, MOST_TEXT = 1_000, 1_000


def _text(given: Any) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= MOST_TEXT or "\0" in given:
        raise ValueError
    return given


def _truth(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError
    return given


def _row(given: Any) -> int:
    if type(given) is not int or not 1 <= given <= 1_000:  # noqa: PLR2004  a header stands near the top
        raise ValueError
    return given


def _share(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 100:  # noqa: PLR2004
        raise ValueError
    return float(given)


def _pairs(given: Any) -> Mapping[str, str]:
    if not isinstance(given, dict) or len(given) > MOST_PAIRS:
        raise ValueError
    return {_text(key): _text(value) for key, value in given.items()}


_CORRECTIONS: Mapping[str, Callable[[Any], Any]] = {
    "sheet": _text,
    "encoding": _text,
    "delimiter": _text,
    "decimal": _text,
    "header_row": _row,
}
_OPTIONS: Mapping[str, Callable[[Any], Any]] = {
    "accept_partial": _truth,
    "columns": _pairs,
    "mapping": _text,
    "save_mapping": _text,
    "dates": DateOrder,
    "scheme": _text,
    "edition": _text,
    "valid_from": dt.date.fromisoformat,
    "valid_to": dt.date.fromisoformat,
    "as_of": dt.date.fromisoformat,
    "source": _text,
    "licence": _text,
    "by_name": _truth,
    "spellings": _pairs,
    "nation": _text,
    "children_of_100": _share,
}


def options_of(given: bytes | str) -> Options:
    """Return the options that JSON says; what is left out or null is left to what the files show.

    Raises
    ------
    BadInput
        Names the option that is unknown or has a value that does not fit.

    """
    try:
        said = orjson.loads(given or "{}")
    except orjson.JSONDecodeError:
        raise BadInput("options", "write them as JSON.") from None
    if not isinstance(said, dict):
        raise BadInput("options", "write them as a JSON object.")
    known = {spelt(name): (name, read) for name, read in {**_CORRECTIONS, **_OPTIONS}.items()}
    read: dict[str, Any] = {}
    for name, value in said.items():
        if name not in known:
            raise BadInput("options", f"there is no option of that name; the options are {', '.join(known)}.")
        ours, parse = known[name]
        try:
            read |= {} if value is None else {ours: parse(value)}
        except (ValueError, TypeError):
            raise BadInput(f"options.{name}", "the value does not fit.") from None
    corrections = Corrections(**{name: read.pop(name) for name in _CORRECTIONS if name in read})
    return Options(corrections=corrections, **read)
