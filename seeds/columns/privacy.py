"""May a table or a row be private? It is asked of every kind, before anything of a row is told; not to know means yes.

A column whose name speaks of secrets keeps its table out until a person says what it holds; so does the name of a file
or sheet, or a title, that says so in as many words, unless the kind's values are for few anyway. A row is private

* where a column calls it confidential, or says of that what nobody understands;
* where any other cell says that something is secret, unless a person says what its column holds;
* where it stands at a place and a cell says that it is a shelter, or holds a shelter's word, or stands in a column that
  is named for shelters;
* of a kind that has categories, where a column that tells what a place is says what is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from geo.texts import fold
from geo.vocabulary import ActorKind, ServiceCategory
from seeds.columns.cells import NO, YES, Notation, is_nothing, yes_or_no
from seeds.columns.kind import CONFIDENTIAL, PUBLIC, PUBLISHER, Kind, plain, words
from seeds.columns.recognition import Recognition
from seeds.columns.terms import ORGANIZATION_KINDS, called, categories, known
from seeds.readers.table import Cell, Form, Row, is_blank
from seeds.troubles import CellTrouble, FileTrouble, Refused, RowTrouble

_SECRET = re.compile(
    "(?:est|is|lieu|non)?confid|secret(?!a)|cachee?s?$|hidden|priv(?!il)|publi|anonym|discre|disclos|undisclos|divulg|diffus|"
    "visib|restrict|restrein|sensitiv|sensible|sensibilite|internal$|partag|shared$|not$|reservee?s?$|masqu|communicable|"
    "unpublish|nonpub|gundo|dogole|conf$|confi$|secre$|pub$"
)
"""How a word of a column's name begins that may be about what is to be kept secret."""
_SAID_SECRET = re.compile(
    r"confident(?:iel|ial)|\bsecrete?s?\b|\bdogol|\bgundo|\bnon ?publi|\bunpublished|\bundisclosed|\bnon ?communica|"
    r"\b(?:pas|jamais|interdit de|sans) (?:etre |la |le |l )?(?:publie|diffuse|partage|divulgue|communique)|"
    r"\b(?:not|never) (?:to )?(?:be )?(?:shar|publish|distribut|disclos|circulat|divulg)|"
    r"\bnot (?:for )?(?:public|distrib|sharing)|\b(?:internal|restricted) (?:use|distribution|circulation)|"
    r"\b(?:usage|diffusion|circulation|distribution|use) (?:strictement )?(?:intern|restrein|restrict|limite|reserve)"
)
"""What a text says of something secret, folded; the wider words of columns' names mean much else in a text."""
_HINT = re.compile("confid|secr|publi|diffus|partag|divulg|communi|shar|distrib|disclos|circul|intern|restr|gundo|dogo")
"""What stands in each such text in small letters: most texts have none of it, and are not folded."""
_AS_ASCII = str.maketrans({"\N{LATIN SMALL LETTER DOTLESS I}": "i", "\N{COMBINING DOT ABOVE}": None})


def _listed(names: str) -> frozenset[str]:
    return frozenset(plain(each) for each in names.replace("\n", "|").split("|") if each.strip())


_SORTS = _listed("""
category|catégorie|subcategory|sous-catégorie|service category|catégorie de service|type|subtype|sous-type|service type
type of service|type de service|structure type|type de structure|type d’établissement|facility type|type of facility
nature|nature du service|kind|amenity|healthcare|social_facility
""")
"""What columns are called that tell what a place is, a number behind it aside."""
_SORT = _listed("type|types|subtype|soustype|nature|categorie|categories|category|kind|sorte")
"""Words of the names of further such columns."""
_CATEGORIES = known(ServiceCategory, categories())
_CALLED = (words(each) for each in called(ServiceCategory.SAFE_SHELTER, categories()))
_SHELTERS = re.compile(r"\b(?:" + "|".join(" ?".join(f"{each}s?" for each in its) for its in _CALLED) + r")\b")
"""What shelters are called, one or many, folded."""
_COUNTS = _listed("nombre|nb|nbre|number|no|nr|total|effectif|population|count")
"""Beside one of these words in a column's name, a shelter's word means what it counts: households, in French."""
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
    A file, a sheet or a title that says so needs a person who names the column by which its rows are secret or public.

    Raises
    ------
    Refused
        Names the columns, never a value.

    """
    plain_fields = {CONFIDENTIAL.name, PUBLISHER}
    by_hand = recognition.said | recognition.explained
    explained = by_hand | {
        each.column for each in recognition.found if kind.keeps_private or each.field.name in plain_fields
    }
    told = _secret(form) - explained
    if told:
        raise Refused(CellTrouble.MAY_BE_SECRET, columns=_names(form, told))
    if kind.sealed or by_hand & _deciding(recognition):
        return
    if any(map(_is_said_secret, (form.file, form.sheet or "", *form.titles))):
        raise Refused(FileTrouble.SAID_SECRET)


def left_out(form: Form, recognition: Recognition) -> str:
    """Return the names of columns that may tell of secrets and that a mapping leaves out, without a word of it now."""
    held = {each.column for each in recognition.found}
    return _names(form, _secret(form) & recognition.explained - recognition.said - held)


def _secret(form: Form) -> set[int]:
    """Return the columns whose names may be about what is to be kept secret."""
    named = ((column, words(f"{each.name} {each.tag or ''}")) for column, each in enumerate(form.columns))
    return {column for column, its in named if any(map(_SECRET.match, its))}


def _names(form: Form, columns: set[int]) -> str:
    return ", ".join(form.columns[column].name for column in sorted(columns))


def _deciding(recognition: Recognition) -> frozenset[int]:
    """Return the columns that were taken for what says whether a row is secret or public."""
    fields = {CONFIDENTIAL.name, PUBLIC.name}
    return frozenset(each.column for each in recognition.found if each.field.name in fields)


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
    explained: frozenset[int]
    """Those of which a person says what they hold: of them only what calls a place a shelter counts."""
    of_shelters: frozenset[int]
    """Those of the others that are named for shelters, and of which nobody says what they hold."""
    heard: tuple[int, ...]
    """Those in which a word of something secret counts."""

    def of(self, row: Row) -> Refused | None:
        """Return why a row is private; ``None`` where it is public. Nothing that stands in the row is in the reason."""
        return next(self._reasons(row), None)

    def _reasons(self, row: Row) -> Iterator[Refused]:
        shelters = {column: _shelter(row.cells[column]) for column in self.others}
        if Shelter.CALLED in shelters.values():
            yield Refused(RowTrouble.SHELTER)
        yield from (
            self._unclear(column) for column, found in shelters.items() if found and column not in self.explained
        )
        yield from (self._unclear(column) for column in self.of_shelters if not _is_no(row.cells[column]))
        texts = {column: cell for column in self.heard if isinstance(cell := row.cells[column], str)}
        if _may_say_secret("\n".join(texts.values())):
            yield from (self._unclear(column) for column, cell in texts.items() if _is_said_secret(cell))
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
    explained = recognition.said | recognition.explained
    silent = frozenset(range(len(form.columns))) if kind.sealed or kind.advises else _deciding(recognition)
    others = frozenset((*free, *taken)) if kind.placed and not kind.keeps_private else frozenset()
    return Signs(
        names=form.names(),
        unless_said=kind.keeps_private,
        confidential=tuple(column for column, field in held.items() if field.name == CONFIDENTIAL.name),
        public=tuple(column for column, field in held.items() if field is PUBLIC),
        categories=None if category is None else taken,
        sorts=() if category is None else tuple(sorts),
        others=others,
        explained=explained,
        of_shelters=frozenset(
            each for each in others.difference(taken, explained) if _is_named_for_shelters(form.columns[each].name)
        ),
        heard=tuple(each for each in range(len(form.columns)) if each not in explained | silent),
    )


def _is_sort(name: str) -> bool:
    return bool(
        _SORT.intersection(words(name)) or {plain(name).rstrip("0123456789"), plain(name.rpartition("/")[2])} & _SORTS
    )


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


def _is_named_for_shelters(name: str) -> bool:
    its = words(name)
    return bool(_SHELTERS.search(" ".join(its))) and not _COUNTS.intersection(its)


def _is_no(cell: Cell) -> bool:
    return is_nothing(cell) or _answer(cell) is False


def _is_said_secret(text: str) -> bool:
    return _may_say_secret(text) and _says_secret(text)


def _may_say_secret(text: str) -> bool:
    # To ignore case in the pattern takes eight times as long. Of letters beyond ASCII a few are letters of it in small.
    small = text.lower() if text.isascii() else text.casefold().translate(_AS_ASCII)
    return _HINT.search(small) is not None


@lru_cache(maxsize=10_000)
def _says_secret(text: str) -> bool:
    return _SAID_SECRET.search(fold(text)) is not None


class Shelter(Enum):
    """How a cell speaks of a shelter."""

    CALLED = "called"
    """It is a name of shelters, or a list with one."""
    SPOKEN_OF = "spoken of"
    """A name of shelters stands in it."""


def _shelter(cell: Cell) -> Shelter | None:
    return _shelter_in(cell) if isinstance(cell, str) and len(cell) <= LONGEST else None


@lru_cache(maxsize=10_000)
def _shelter_in(text: str) -> Shelter | None:
    if not _SHELTERS.search(fold(text)):
        return None
    said = (_CATEGORIES.get(plain(each)) for each in (text, *_PARTED.split(text)))
    return Shelter.CALLED if ServiceCategory.SAFE_SHELTER in said else Shelter.SPOKEN_OF
