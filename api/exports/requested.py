"""What somebody asks to be exported, by its name and its arguments as texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.exports import arguments
from api.exports.exporting import Export
from api.exports.formats import formats_of
from api.exports.tables import tables
from geo.errors import BadInput
from geo.vocabulary import Locale


class NoSuchExport(BadInput):
    """There is no export of that name, or none in that format."""


def names() -> Sequence[str]:
    """Return what can be exported."""
    return list(tables())


def from_texts(name: str, ending: str, pairs: Iterable[tuple[str, str]], locale: Locale) -> Export:
    """Return what is to be exported.

    Raises
    ------
    NoSuchExport
        If there is no such export or format; it says what there is.
    BadInput
        If an argument is not good.

    """
    table, forms = tables().get(name), formats_of(name)
    if table is None:
        raise NoSuchExport("name", f"there is no export {name}; there are {', '.join(names())}.")
    if ending not in forms:
        raise NoSuchExport("format", f"{name} is exported as {', '.join(forms)}.")
    return Export(table, forms[ending], arguments.read(table, pairs), locale)
