"""Which column of a table holds which field: as a person says, else by HXL tag, else by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from seeds.columns.kind import CONFIDENTIAL, Field, Kind, plain
from seeds.readers.table import Form, Format, letters
from seeds.troubles import CellTrouble, Refused


class Basis(Enum):
    """Why a column is taken for a field."""

    SAID = "said"
    SAVED = "saved"
    TAG = "HXL"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """A column that holds a field."""

    field: Field
    column: int
    """Counted from 0."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class Recognition:
    """The columns of a table that hold fields, and those that hold none."""

    found: tuple[Found, ...]
    left_out: tuple[str, ...]
    said: frozenset[int] = frozenset()
    """The columns of which a person says now what they hold, or that they are to be left out; counted from 0."""
    explained: frozenset[int] = frozenset()
    """Those of which a person said so when the mapping was saved that is taken."""

    def has(self, *names: str) -> bool:
        """Return whether all of these fields were found."""
        return set(names) <= {each.field.name for each in self.found}


def recognised(
    kind: Kind,
    form: Form,
    said: Mapping[str, str] | None = None,
    level_words: Mapping[int, tuple[str, ...]] | None = None,
    saved: Mapping[str, str] | None = None,
    explained: Collection[str] = (),
) -> Recognition:
    """Return which columns hold the fields of a kind.

    Parameters
    ----------
    kind
        The kind.
    form
        The table.
    said
        Fields by column, by its name or letters, as a person says; the field ``-`` leaves a column out.
    level_words
        What a country calls its levels; a column of such a name holds an area's name, after ``code`` its code.
    saved
        Fields by column as a mapping has them, for columns of which a person says nothing now. Nothing else is
        recognised then but a confidential column.
    explained
        The names of those columns of the mapping of which a person had said what they hold.

    Raises
    ------
    Refused
        If a column or field that was named does not exist.

    """
    taken: dict[int, tuple[Field | None, Basis]] = {}
    for column, name in (said or {}).items():
        taken[_column(form, column)] = _field(kind, name), Basis.SAID
    for column, name in (saved or {}).items():
        taken.setdefault(_column(form, column), (_field(kind, name), Basis.SAVED))
    for field in kind.recognised:
        if saved is not None and field.name != CONFIDENTIAL.name:
            continue
        if any(each is field for each, _ in taken.values()):
            continue
        free = [place for place in range(len(form.columns)) if place not in taken]
        place = _tagged(field, form, free)
        basis = Basis.TAG
        if place is None:
            place, basis = _named(_names(field, level_words or {}), form, free), Basis.NAME
        if place is not None:
            taken[place] = field, basis
    found = tuple(
        Found(each, place, basis)
        for place, each, basis in ((place, *taken[place]) for place in sorted(taken))
        if each is not None
    )
    held = {each.column for each in found}
    left_out = tuple(each.name for place, each in enumerate(form.columns) if place not in held)
    now = frozenset(place for place, (_, basis) in taken.items() if basis is Basis.SAID)
    return Recognition(found, left_out, now, frozenset(_column(form, each) for each in explained))


def check(kind: Kind, form: Form, recognition: Recognition) -> None:
    """Refuse a table that lacks columns of a kind.

    Raises
    ------
    Refused
        Names the fields, and the columns that there are.

    """
    missing = [each.name for each in kind.fields if each.required and not recognition.has(each.name)]
    missing += [
        " / ".join("+".join(sorted(each)) for each in group)
        for group in kind.one_of
        if not any(recognition.has(*each) for each in group)
    ]
    if kind.placed and form.format not in {Format.GEOJSON, Format.LAYER} and not recognition.has("place"):
        missing += [each for each in ("lat", "lon") if not recognition.has(each)]
    if missing:
        raise Refused(CellTrouble.MISSING_COLUMNS, fields=", ".join(missing), columns=", ".join(form.names()))


def _column(form: Form, wanted: str) -> int:
    for place, each in enumerate(form.columns):
        if plain(each.name) == plain(wanted) or letters(place) == wanted:
            return place
    raise Refused(CellTrouble.NO_COLUMN, column=wanted, columns=", ".join(form.names()))


def _field(kind: Kind, name: str) -> Field | None:
    field = kind.field(name)
    if field is None and name != "-":
        raise Refused(CellTrouble.NO_FIELD, field=name, fields=", ".join(each.name for each in kind.fields))
    return field


def _tagged(field: Field, form: Form, free: list[int]) -> int | None:
    for tag in field.tags:
        base, *attributes = tag.split("+")
        for place in free:
            theirs = (form.columns[place].tag or "").split("+")
            if theirs[0] == base and set(attributes) <= set(theirs[1:]):
                return place
    return None


def _named(names: tuple[str, ...], form: Form, free: list[int]) -> int | None:
    by_name = {plain(form.columns[place].name): place for place in reversed(free)}
    return next((by_name[each] for each in names if each in by_name), None)


def _names(field: Field, level_words: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    names = [field.name, *field.names, *field.words]
    for level, words in level_words.items():
        for word in words:
            if field.name == f"admin{level}_name":
                names += [word, f"{word} nom", f"nom {word}"]
            elif field.name == f"admin{level}_code":
                names += [f"code {word}", f"{word} code", f"{word} pcode", f"{word} p-code"]
    return tuple(map(plain, names))
