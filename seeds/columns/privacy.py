"""May a table or a row be private? It is asked of every kind, before anything of a row is told; not to know means yes.

A column whose name speaks of secrets keeps its table out until a person says what it holds. A row is private

* where a column calls it confidential, or says of that what nobody understands;
* where it stands at a place and a cell says that it is a shelter;
* of a kind that has categories, where a column that tells what a place is says what is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from geo.vocabulary import ActorKind, ServiceCategory
from seeds.columns.cells import NO, YES, Notation, is_nothing, yes_or_no
from seeds.columns.kind import CONFIDENTIAL, PUBLIC, PUBLISHER, Kind, plain, words
from seeds.columns.recognition import Recognition
from seeds.columns.terms import ORGANIZATION_KINDS, categories, known
from seeds.readers.table import Cell, Form, Row, is_blank
from seeds.troubles import CellTrouble, Refused, RowTrouble

_SECRET = re.compile(
    "(?:est|is|lieu|non)?confid|secret(?!a)|cachee?s?$|hidden|priv(?!il)|publi|anonym|discre|disclos|undisclos|divulg|diffus|"
    "visib|restrict|restrein|sensitiv|sensible|sensibilite|internal$|partag|shared$|not$|reservee?s?$|masqu|communicable|"
    "unpublish|nonpub|gundo|dogole|conf$|confi$|secre$|pub$"
)
"""How a word of a column's name begins that may be about what is to be kept secret."""


def _listed(names: str) -> frozenset[str]:
    return frozenset(plain(each) for each in names.replace("\n", "|").split("|") if each.strip())


_SORTS = _listed("""
category|catégorie|subcategory|sous-catégorie|service category|catégorie de service|type|subtype|sous-type|service type
type of service|type de service|structure type|type de structure|type d’établissement|facility type|type of facility
nature|nature du service|kind|amenity|healthcare|social_facility
""")
"""What columns are called that tell what a place is, a number behind it aside."""
_CATEGORIES = known(ServiceCategory, categories())
_NO_SHELTER = (
    frozenset(known(ActorKind, ORGANIZATION_KINDS))
    | YES
    | NO
    | _listed("""
doctor|dentist|centre|laboratory|midwife|birthing centre|birthing center|nurse|physiotherapist|optometrist|alternative
blood bank|vaccination centre|rehabilitation
public|private|privé|étatique|confessionnel|communautaire|community|urbain|urban|rural|fixe|mobile
""")
)
"""What such columns also say of places that are no shelters: who runs them, OpenStreetMap's sorts of health care."""
_NAMES = frozenset({"nom", "noms", "name", "names", "asciiname", "alternatenames"})
_PARTED = re.compile(r"[,;|/+&]|\b(?:et|and|ou|or)\b", re.IGNORECASE)
LONGEST = 300
"""Characters of a cell that may say that a place is a shelter; longer ones are passages."""


def check(kind: Kind, form: Form, recognition: Recognition) -> None:
    """Refuse a table with a column that may be about what is to be kept secret, and of which nobody says what it holds.

    What a person said of it when they saved the mapping that is taken counts; that the mapping leaves it out does not.

    Raises
    ------
    Refused
        Names the columns, never a value.

    """
    plain_fields = {CONFIDENTIAL.name, PUBLISHER}
    explained = (
        recognition.said
        | recognition.explained
        | {each.column for each in recognition.found if kind.keeps_private or each.field.name in plain_fields}
    )
    told = [
        each.name
        for column, each in enumerate(form.columns)
        if column not in explained and any(map(_SECRET.match, words(f"{each.name} {each.tag or ''}")))
    ]
    if told:
        raise Refused(CellTrouble.MAY_BE_SECRET, columns=", ".join(told))


@dataclass(frozen=True, slots=True)
class Signs:
    """The columns of a table by which its rows may be private, counted from 0."""

    names: tuple[str, ...]
    """Of all columns."""
    unless_said: bool
    """Whether a row is private unless a cell says that it is not confidential."""
    confidential: tuple[int, ...]
    public: tuple[int, ...]
    categories: tuple[int, ...] | None
    """Those that were taken for the category; ``None`` of a kind without categories."""
    sorts: tuple[int, ...]
    """Further ones that tell what a place is, of a kind that has categories."""
    others: frozenset[int]
    """Those in which a shelter may be called one: where rows stand at places, all but names and other fields."""

    def of(self, row: Row) -> Refused | None:
        """Return why a row is private; ``None`` where it is public. Nothing that stands in the row is in the reason."""
        return next(self._reasons(row), None)

    def _reasons(self, row: Row) -> Iterator[Refused]:
        if any(_calls_it_a_shelter(row.cells[column]) for column in self.others):
            yield Refused(RowTrouble.SHELTER)
        for column in (*self.confidential, *self.public):
            says, is_secret = _answer(row.cells[column]), column in self.confidential
            if says is is_secret:
                yield Refused(RowTrouble.SHELTER)
            if says is None and not (is_secret and is_blank(row.cells[column])):
                yield self._unclear(column)
        if self.unless_said and all(is_blank(row.cells[column]) for column in (*self.confidential, *self.public)):
            yield Refused(RowTrouble.SHELTER)
        if self.categories is not None and all(is_nothing(row.cells[column]) for column in self.categories):
            yield Refused(RowTrouble.NO_CATEGORY)
        for column in (*(self.categories or ()), *self.sorts):
            cell = row.cells[column]
            if not is_nothing(cell) and not _is_understood(str(cell)[:LONGEST], column in self.sorts):
                yield self._unclear(column)

    def _unclear(self, column: int) -> Refused:
        return Refused(RowTrouble.MAY_BE_PRIVATE, column=self.names[column])


def signs(kind: Kind, form: Form, recognition: Recognition) -> Signs:
    """Return the columns of a table by which its rows may be private."""
    held = {each.column: each.field for each in recognition.found}
    free = [
        column
        for column, each in enumerate(form.columns)
        if column not in held and not _NAMES.intersection(words(each.name))
    ]
    category = kind.field("category") if kind.placed else None
    taken = tuple(column for column, field in held.items() if field is category)
    sorts = (each for each in free if each not in recognition.said and _is_sort(form.columns[each].name))
    return Signs(
        names=form.names(),
        unless_said=kind.keeps_private,
        confidential=tuple(column for column, field in held.items() if field.name == CONFIDENTIAL.name),
        public=tuple(column for column, field in held.items() if field is PUBLIC),
        categories=None if category is None else taken,
        sorts=() if category is None else tuple(sorts),
        others=frozenset((*free, *taken)) if kind.placed and not kind.keeps_private else frozenset(),
    )


def _is_sort(name: str) -> bool:
    return bool({plain(name).rstrip("0123456789"), plain(name.rpartition("/")[2])} & _SORTS)


def _answer(cell: Cell) -> bool | None:
    try:
        return yes_or_no(cell, Notation())
    except Refused:
        return None


@lru_cache(maxsize=10_000)
def _is_understood(text: str, is_further: bool) -> bool:
    """Return whether it is known what a text says; bars part the code and the name of one term, as HSDS gives them."""
    said = {plain(each) for each in text.split("|")}
    return not said.isdisjoint(_CATEGORIES) or (is_further and plain(text) in _NO_SHELTER)


def _calls_it_a_shelter(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= LONGEST and _is_shelter(cell)


@lru_cache(maxsize=10_000)
def _is_shelter(text: str) -> bool:
    """Return whether a text, or a part of a list, is a name of shelters."""
    return any(_CATEGORIES.get(plain(each)) is ServiceCategory.SAFE_SHELTER for each in (text, *_PARTED.split(text)))
