"""What a pack lacks, and what does not work without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from zoneinfo import available_timezones

from phonenumbers import country_code_for_region

from geo.vocabulary import Locale, Words
from seeds.columns import personal, recognition
from seeds.loading.kinds import LOADERS
from seeds.packs.manifest import Data, Pack
from seeds.readers import files
from seeds.troubles import Refused


class State(Enum):
    """How it stands with a part of a pack."""

    HERE = "HERE"
    MISSING = "MISSING"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of a pack, how it stands with it, and what that means: ``without`` it, or why it is wrong."""

    part: Words
    state: State
    means: Words | None = None
    refused: Refused | None = None
    """Why a file cannot be loaded, where its reader says so."""


@dataclass(frozen=True, slots=True)
class _Part:
    words: Words
    is_here: Callable[[Pack], bool]
    without: Words
    wrong: Callable[[Pack], Words | None] = lambda _: None


def _has(kind: str) -> Callable[[Pack], bool]:
    return lambda pack: any(each.kind == kind for each in pack.files)


def _is_spoken(pack: Pack) -> bool:
    return any(each.partition("-")[0].upper() in Locale.__members__ for each in pack.languages)


def _wrong_zone(pack: Pack) -> Words | None:
    if pack.time_zone in available_timezones():
        return None
    zone = pack.time_zone
    return (f"la base IANA n’a pas de fuseau « {zone} ».", f"the IANA database has no zone “{zone}”.", None)


def _wrong_region(pack: Pack) -> Words | None:
    if pack.region and country_code_for_region(pack.region):
        return None
    region = pack.region
    return (f"aucun indicatif n’est connu pour « {region} ».", f"no calling code is known of “{region}”.", None)


def _wrong_holidays(pack: Pack) -> Words | None:
    if pack.holidays is not None and pack.holidays.is_file():
        return None
    return ("le fichier n’est pas là.", "the file is not there.", None)


PARTS = (
    _Part(
        ("Divisions (areas)", "Areas (areas)", None),
        _has("areas"),
        ("Rien ne peut être chargé.", "Nothing can be loaded.", None),
    ),
    _Part(
        ("Population (population)", "Population (population)", None),
        _has("population"),
        (
            "Ni couverture, ni lacunes, ni sites ; un hébergement confidentiel est dit dans le pays entier.",
            "No coverage, gaps or siting; a confidential shelter is told in the whole country.",
            None,
        ),
    ),
    _Part(
        ("Localités (localities)", "Localities (localities)", None),
        _has("localities"),
        (
            "Aucun lieu n’est trouvé par son nom ; pas de lacunes par localité ni de chiffres d’incidents.",
            "No place is found by its name; no gaps by locality, and no counts of incidents.",
            None,
        ),
    ),
    _Part(
        ("Services (services)", "Services (services)", None),
        lambda pack: pack.illustration is not None or _has("services")(pack),
        (
            "Ni service le plus proche, ni orientation, ni couverture, tant que personne n’en saisit.",
            "No nearest service, referral or coverage until somebody enters some.",
            None,
        ),
    ),
    _Part(
        ("Mots des niveaux (divisions.levels)", "Words for levels (divisions.levels)", None),
        lambda pack: any(any(each.levels) for each in pack.divisions),
        ("Les niveaux s’appellent ADM0, ADM1, ADM2…", "Levels are called ADM0, ADM1, ADM2 …", None),
    ),
    _Part(
        ("Fuseau horaire (time_zone)", "Time zone (time_zone)", None),
        lambda pack: pack.time_zone is not None,
        ("Nul service n’est dit ouvert ou fermé.", "No service is said to be open or closed.", None),
        _wrong_zone,
    ),
    _Part(
        ("Indicatif (dialling.region)", "Calling code (dialling.region)", None),
        lambda pack: pack.region is not None,
        (
            "Les numéros sans indicatif et les numéros courts sont refusés.",
            "Numbers without a calling code and short codes are refused.",
            None,
        ),
        _wrong_region,
    ),
    _Part(
        ("Numéros courts (dialling.short_codes)", "Short codes (dialling.short_codes)", None),
        lambda pack: bool(pack.short_codes),
        ("Les numéros courts tels que 116 sont refusés.", "Short codes such as 116 are refused.", None),
    ),
    _Part(
        ("Jours fériés (law.holidays)", "Holidays (law.holidays)", None),
        lambda pack: pack.holidays is not None,
        ("Les jours fériés comptent comme des jours ordinaires.", "Holidays count as any other day.", None),
        _wrong_holidays,
    ),
    _Part(
        ("Acteurs nommés par la loi (law.appointed)", "Actors whom the law appoints (law.appointed)", None),
        lambda pack: bool(pack.appointed),
        (
            "Là où personne de compétent n’est connu, le plus proche du niveau supérieur n’est pas dit.",
            "Where nobody competent is known, the nearest of the level above is not told.",
            None,
        ),
    ),
    _Part(
        ("Langues (languages)", "Languages (languages)", None),
        _is_spoken,
        (
            "Lakana n’en parle aucune : les réponses sont en français, sauf demande contraire.",
            "Lakana speaks none of them: answers are in French unless asked otherwise.",
            None,
        ),
    ),
)
"""The parts of a pack, in the order in which they matter."""


def check(pack: Pack) -> list[Finding]:
    """Return how it stands with each part of a pack, and with each of its files."""
    return [*(_found(part, pack) for part in PARTS), *(_file(each) for each in pack.files)]


def is_loadable(findings: list[Finding]) -> bool:
    """Return whether a pack with these findings can be loaded: it has areas, and nothing is wrong."""
    return findings[0].state is State.HERE and all(each.state is not State.WRONG for each in findings)


def _found(part: _Part, pack: Pack) -> Finding:
    if not part.is_here(pack):
        return Finding(part.words, State.MISSING, part.without)
    wrong = part.wrong(pack)
    return Finding(part.words, State.HERE if wrong is None else State.WRONG, wrong)


def _file(data: Data) -> Finding:
    """Look at the first table of a file: whether it is there, can be read, and has the columns of its kind."""
    name = f"{data.path.name} ({data.kind})"
    part: Words = (name, name, None)
    if data.kind not in LOADERS:
        kinds = ", ".join(LOADERS)
        return Finding(part, State.WRONG, (f"les sortes sont {kinds}.", f"the kinds are {kinds}.", None))
    if not data.path.is_file():
        return Finding(part, State.WRONG, ("le fichier n’est pas là.", "the file is not there.", None))
    try:
        _recognise(data)
    except Refused as refused:
        return Finding(part, State.WRONG, refused=refused)
    return Finding(part, State.HERE)


def _recognise(data: Data) -> None:
    """Refuse a file none of whose tables has the columns of its kind."""
    kind = LOADERS[data.kind].kind
    tables = files.tables(data.path, data.options.corrections)
    for number, table in enumerate(tables, 1):
        personal.check(table.form)
        try:
            recognition.check(kind, table.form, recognition.recognised(kind, table.form, data.options.columns, {}))
        except Refused:
            if number == len(tables):
                raise
            continue
        return
