"""The country that illustrative rows are made for, as the database has it: its towns, its law, its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from phonenumbers import country_code_for_region
from sqlalchemy import Connection, Row, text

from geo.coordinates import LonLat
from geo.errors import BadInput
from geo.texts import fold
from geo.vocabulary import ActorKind, Locale, Words, in_language
from seeds.illustration.settings import Illustration
from seeds.illustration.words import spoken

MOST_TOWNS = 200
"""Towns that rows are made for, the most populous ones: a country of villages needs no made-up body in each."""


@dataclass(frozen=True, eq=False, slots=True)
class Town:
    """A locality, in the region (level 1) and district (level 2) that it is known to lie in."""

    id: str
    name: str
    place: LonLat
    population: int
    """0 where it is not known."""
    under_18: int | None
    area_id: str
    region: str | None
    """Its code."""
    region_id: str | None
    district_id: str | None


@dataclass(frozen=True, eq=False)
class Country:
    """A nation in use, with what its rows are made of."""

    nation_id: str
    code: str
    locale: Locale
    calling_code: int | None
    appointed: frozenset[ActorKind]
    has_zones: bool
    settings: Illustration
    towns: tuple[Town, ...]
    """In the order of their codes, the shortest first."""

    def words(self, words: Words, **values: str | int) -> str:
        """Return words in the country's language, with values in their places."""
        return in_language(words, self.locale).format(**values)

    def phone(self, number: int) -> str | None:
        """Return a number that belongs to nobody, since none begins with 00 after the calling code."""
        return None if self.calling_code is None else f"+{self.calling_code}0000{number:04}"

    @cached_property
    def capital(self) -> Town:
        """The most populous town."""
        return max(self.towns, key=lambda each: each.population)

    @cached_property
    def capitals(self) -> dict[str, Town]:
        """The most populous town of each region by the region's code, in the order of the towns."""
        largest: dict[str, Town] = {}
        for town in self.towns:
            if town.region and (town.region not in largest or town.population > largest[town.region].population):
                largest[town.region] = town
        return largest

    @cached_property
    def seats(self) -> list[Town]:
        """The most populous town of each district, in the order of the towns."""
        largest: dict[str, Town] = {}
        for town in self.towns:
            if town.district_id and (
                town.district_id not in largest or town.population > largest[town.district_id].population
            ):
                largest[town.district_id] = town
        return [town for town in self.towns if town.district_id and largest[town.district_id] is town]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its towns, folded."""
        return frozenset(fold(each.name) for each in self.towns)


def read(connection: Connection, nation: str, settings: Illustration) -> Country:
    """Read a country.

    Parameters
    ----------
    connection
        The owner's.
    nation
        The id of the nation.
    settings
        What its pack says.

    Raises
    ------
    BadInput
        If it has no localities, at which bodies could be placed.

    """
    row = connection.execute(text(statement("country")), {"nation": nation}).one()
    towns = tuple(map(_town, connection.execute(text(statement("towns")), {"nation": nation, "most": MOST_TOWNS})))
    if not towns:
        raise BadInput("illustration", "the country has no localities, at which bodies could be placed; load some.")
    return Country(
        nation_id=nation,
        code=row.code,
        locale=spoken(row.languages),
        calling_code=country_code_for_region(row.region) or None if row.region else None,
        appointed=frozenset(ActorKind[each] for each in row.appointed),
        has_zones=row.has_zones,
        settings=settings,
        towns=towns,
    )


def statement(name: str) -> str:
    """Read a statement by its name in this package, without ``.sql``."""
    return resources.files("seeds.illustration").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _town(row: Row[tuple[object, ...]]) -> Town:
    own = row._mapping  # noqa: SLF001  the public name of SQLAlchemy
    place = LonLat(lon=own["lon"], lat=own["lat"])
    names = ("id", "name", "population", "under_18", "area_id", "region", "region_id", "district_id")
    return Town(place=place, **{each: own[each] for each in names})
