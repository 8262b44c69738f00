"""``country.toml``: what a pack says of its country.

Every key may be missing; ``lakana country check`` tells what that costs.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import BadInput
from geo.vocabulary import ActorKind, IncidentType, Locale
from geo.writes.zones import Thresholds
from seeds.illustration.settings import Illustration
from seeds.loading.declared import OPTIONS, Option, Written
from seeds.loading.options import Options, date_order, made
from seeds.packs.section import Section

FILE = "country.toml"
KINDS: Mapping[Written, tuple[type, ...]] = {
    Written.TEXT: (str,),
    Written.FLAG: (bool,),
    Written.DAY: (dt.date,),
    Written.ROW: (int,),
    Written.SHARE: (float, int),
    Written.ORDER: (str,),
}
"""As which TOML has the value of an option."""
Term = TypeVar("Term", bound=Enum)

Names = Mapping[str, str]
"""A name by language, such as ``{"fr": "Mali"}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A division of the country, by the code of its nation; ``levels`` are its words, from the nation down."""

    scheme: str
    nation: str
    edition: str | None
    levels: tuple[Names, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A data file, of a kind of ``lakana import`` and with its options."""

    kind: str
    path: Path
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A country: what is not known of it is ``None`` or empty."""

    folder: Path
    code: str | None
    """ISO 3166-1, three letters."""
    region: str | None
    """ISO 3166-1, two letters: how numbers without a prefix are dialled."""
    names: Names
    languages: tuple[str, ...]
    """By BCP 47, the first one first."""
    time_zone: str | None
    short_codes: tuple[str, ...]
    divisions: tuple[Division, ...]
    """The one in use first."""
    hiding: Thresholds
    appointed: tuple[ActorKind, ...]
    """Whom the law appoints in every part of the country."""
    holidays: Path | None
    files: tuple[Data, ...]
    """In the order in which they are loaded."""
    illustration: Illustration | None
    """What is said of illustrative rows; ``None`` where there are to be none."""

    def name(self, language: str) -> str:
        """Return the country's name in a language, else in its own first one, else its code or its folder's name."""
        known = (self.names[each] for each in (language, *self.languages, *self.names) if each in self.names)
        return next(known, self.code or self.folder.name)


def read(folder: Path) -> Pack:
    """Read the manifest of a pack.

    Raises
    ------
    BadInput
        If there is none, it is no TOML, or a key is not known or not written as it should be; it names the key.

    """
    path = folder / FILE
    try:
        top = Section("", tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise BadInput(str(folder), f"there is no {FILE}; `lakana country new CODE` writes one.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(FILE, f"it is no TOML: {error}.") from None
    law, dialling, languages = top.section("law"), top.section("dialling"), top.texts("languages")
    pack = Pack(
        folder=folder,
        code=top.text("code"),
        region=dialling.text("region"),
        names=top.pairs("names"),
        languages=languages,
        time_zone=top.text("time_zone"),
        short_codes=dialling.texts("short_codes"),
        divisions=tuple(_division(each, languages) for each in top.sections("divisions")),
        hiding=_hiding(top.section("hiding")),
        appointed=_terms(law, "appointed", ActorKind),
        holidays=_path(folder, law, "holidays"),
        files=tuple(_data(folder, each) for each in top.sections("files")),
        illustration=_illustration(top),
    )
    for each in (law, dialling, top):
        each.done()
    return pack


def _division(given: Section, languages: Sequence[str]) -> Division:
    scheme, nation, edition = given.text("scheme"), given.text("nation"), given.text("edition")
    levels = tuple(_words(each, languages) for each in given.sections("levels"))
    given.done()
    if scheme is None or nation is None:
        raise BadInput(given.key("scheme"), "say whose codes they are, and the nation's own code (`nation`).")
    return Division(scheme=scheme, nation=nation, edition=edition, levels=levels)


def _words(given: Section, languages: Sequence[str]) -> Names:
    """Return words by their languages: those that Lakana speaks, and the country's own."""
    known = dict.fromkeys((*(each.name.lower() for each in Locale), *languages))
    words = {name: word for name in known if (word := given.text(name)) is not None}
    given.done()
    return words


def _hiding(given: Section) -> Thresholds:
    usual = Thresholds()
    least = Thresholds(
        people=given.take("people", int) or usual.people,
        localities=given.take("localities", int) or usual.localities,
        radius_m=given.take("radius_m", float, int) or usual.radius_m,
    )
    given.done()
    return least


def _terms(given: Section, name: str, terms: type[Term]) -> tuple[Term, ...]:
    return tuple(_term(given.key(name), each, terms) for each in given.texts(name))


def _term(key: str, given: str, terms: type[Term]) -> Term:
    if given not in terms.__members__:
        raise BadInput(key, f"there is no {given}; choose among {', '.join(terms.__members__)}.")
    return terms[given]


def _illustration(top: Section) -> Illustration | None:
    """Return what is said of illustrative rows; an empty section asks for usual ones."""
    if not top.has("illustration"):
        return None
    given = top.section("illustration")
    hotspots, trainings = given.section("hotspots"), given.section("trainings")
    said = Illustration(
        offices=_terms(given, "offices", ActorKind),
        organizations=given.texts("organizations"),
        shelters=given.texts("shelters"),
        shelter_towns=given.texts("shelter_towns"),
        hotspots={
            _term(hotspots.key(name), name, IncidentType): frozenset(hotspots.texts(name)) for name in hotspots.names()
        },
        trainings={region: trainings.take(region, int) for region in trainings.names()},
    )
    given.done()
    return said


def _path(folder: Path, given: Section, name: str) -> Path | None:
    """Return a file of the pack.

    Raises
    ------
    BadInput
        If it lies outside of the folder: a pack may be a stranger's.

    """
    written = given.text(name)
    if written is None:
        return None
    path = (folder / written).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise BadInput(given.key(name), "it lies outside of the pack; put the file into its folder.")
    return path


def _data(folder: Path, given: Section) -> Data:
    kind, path = given.text("kind"), _path(folder, given, "path")
    if kind is None or path is None:
        raise BadInput(given.key("kind"), "say what the file holds (`kind`) and where it is (`path`).")
    options = made({each.name: _option(folder, given, each) for each in OPTIONS if each.in_packs})
    given.done()
    return Data(kind=kind, path=path, options=options)


def _option(folder: Path, given: Section, option: Option) -> Any:
    """Return what an entry says of an option, ``None`` where it says nothing."""
    if option.written is Written.FILE:
        return _path(folder, given, option.name)
    if option.written is Written.PAIRS:
        return given.pairs(option.name)
    value = given.take(option.name, *KINDS[option.written])
    if option.written is not Written.ORDER or value is None:
        return value
    try:
        return date_order(value)
    except ValueError as error:
        raise BadInput(given.key(option.name), str(error)) from None
