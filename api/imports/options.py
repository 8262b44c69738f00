"""What a person says of an import by HTTP, as JSON: the names of ``lakana import``, spelt as in the schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from api.names import spelt
from geo.errors import BadInput
from seeds.loading.declared import OPTIONS, Written
from seeds.loading.options import Options, date_order, made

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


_READ: Mapping[Written, Callable[[Any], Any]] = {
    Written.TEXT: _text,
    Written.FLAG: _truth,
    Written.DAY: dt.date.fromisoformat,
    Written.ROW: _row,
    Written.SHARE: _share,
    Written.PAIRS: _pairs,
    Written.ORDER: date_order,
}
SAID = {spelt(each.name): each for each in OPTIONS if each.written in _READ}
"""The options by their names in JSON; a file comes as a part of the form."""


def options_of(given: bytes | str, files: Mapping[str, Path]) -> Options:
    """Return the options that JSON says; what is left out or null is left to what the files show.

    Parameters
    ----------
    given
        The JSON.
    files
        The options that are files, by name.

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
    read: dict[str, Any] = {}
    for name, value in said.items():
        if name not in SAID:
            raise BadInput("options", f"there is no option of that name; the options are {', '.join(SAID)}.")
        option = SAID[name]
        try:
            read[option.name] = None if value is None else _READ[option.written](value)
        except (ValueError, TypeError):
            raise BadInput(f"options.{name}", "the value does not fit.") from None
    return made({**read, **files})
