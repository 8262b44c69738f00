"""Areas by the codes and names that rows give, inside one division: surely, or told why not.

A code counts only inside its division, a name only inside the area above. A name is the same whatever its case, accents
and blanks are, or if a person has said that it means that area, of whatever level that is: a region elsewhere may be a
part of one here. Of a name that is only alike, the place finder's likeliest areas are told with their scores, and none
is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, text

from geo.database.tables import admin_area, area_spelling
from seeds.columns.kind import ANY, LEVELS, plain
from seeds.matching.divisions import Division
from seeds.troubles import AreaTrouble, Refused

ALIKE = 0.55
"""How alike a name must be to the one that its code has; ``Barouéli`` and ``Baraouéli`` have 0.58; of two areas
of Mali under one parent the most alike, Yangasso and Fangasso, have 0.50."""
LIKELY, SUGGESTED = 0.4, 3
"""The score from which an area is suggested, and how many are."""

_CALLED = text(
    """
    SELECT a.id::text AS id, a.name_fr AS name, called.score
    FROM lakana.places_called(:name, CAST(:parent AS uuid), 50) AS called
    JOIN lakana.admin_area a ON a.id = called.place_id
    WHERE a.scheme = :scheme AND a.edition = :edition AND a.level = :level AND called.score >= :likely
    ORDER BY called.score DESC, a.code
    """
)


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the division."""

    id: str
    level: int
    code: str
    name: str
    parent: str | None
    keys: frozenset[str]
    """Its names, as :func:`seeds.columns.kind.plain` writes them."""


@dataclass
class Gazetteer:
    """The areas of a division, by code and by name."""

    connection: Connection
    division: Division
    _by_id: dict[str, Area] = field(default_factory=dict)
    _by_code: dict[tuple[int, str], Area] = field(default_factory=dict)
    _by_name: defaultdict[tuple[int, str], list[Area]] = field(default_factory=lambda: defaultdict(list))
    _decided: defaultdict[str, list[Area]] = field(default_factory=lambda: defaultdict(list))
    """By the names that a person has said mean them."""

    def __post_init__(self) -> None:
        """Read the areas."""
        spellings: defaultdict[str, set[str]] = defaultdict(set)
        for spelling in self.connection.execute(select(area_spelling)):
            spellings[spelling.area_id].add(plain(spelling.name))
        columns = admin_area.c
        wanted = select(
            columns.id,
            columns.level,
            columns.code,
            columns.name_fr,
            columns.name_en,
            columns.name_bm,
            columns.parent_id,
        ).where(columns.scheme == self.division.scheme, columns.edition == self.division.edition)
        for row in self.connection.execute(wanted):
            given = {plain(each) for each in (row.name_fr, row.name_en, row.name_bm) if each}
            keys = frozenset(given | spellings[row.id])
            area = Area(row.id, row.level, row.code, row.name_fr, row.parent_id, keys)
            self._by_id[area.id] = area
            self._by_code[area.level, plain(area.code)] = area
            for key in keys:
                self._by_name[area.level, key].append(area)
            for key in spellings[row.id]:
                self._decided[key].append(area)
        self.levels = frozenset(level for level, _ in self._by_code)

    def by_code(self, code: str) -> Area | None:
        """Return the area of a code, whatever its level; it may name its division, as ours do: SCHEME:CODE."""
        scheme, _, bare = code.rpartition(":")
        own = plain(bare if plain(scheme) in {plain(self.division.scheme), plain(str(self.division))} else code)
        return next((found for level in LEVELS if (found := self._by_code.get((level, own)))), None)

    def find(self, codes: Sequence[str | None], names: Sequence[str | None], *, by_name: bool = False) -> Area | None:
        """Return the smallest area that codes and names tell, by level from the nation down.

        Parameters
        ----------
        codes, names
            What a row gives, ``None`` where nothing; last those whose level nobody says.
        by_name
            Whether the codes are of another division and say nothing here.

        Returns
        -------
        Area or None
            ``None`` where nothing is given of a level that the division has.

        Raises
        ------
        Refused
            If they tell none, several, or contradict each other.

        """
        found: Area | None = None
        given = [level for level in LEVELS if level in self.levels and ((codes[level] and not by_name) or names[level])]
        if self._is_one_nation() and given != [0]:
            given = [level for level in given if level]
        for level in given:
            code, name = None if by_name else codes[level], names[level]
            area = self._coded(level, code, name) if code else self._named(level, str(name), found)
            if found is not None and not self._lies_in(area, found):
                raise Refused(AreaTrouble.AREAS_APART, inner=area.name, outer=found.name, division=str(self.division))
            found = area
        return self._of_any_level(None if by_name else codes[ANY], names[ANY], found)

    def _of_any_level(self, code: str | None, name: str | None, outer: Area | None) -> Area | None:
        """Return the area of a code or name whose level nobody says, inside the one that is known."""
        if code is not None:
            area = self.by_code(code)
            if area is None:
                raise Refused(AreaTrouble.NO_SUCH_CODE, code=code, level="–", division=str(self.division))
            return self._coded(area.level, area.code, name)
        if name is None:
            return outer
        called = {each.id: each for level in self.levels for each in self._by_name.get((level, plain(name)), [])}
        inside = [each for each in called.values() if outer is None or self._lies_in(each, outer)]
        if len(inside) == 1:
            return inside[0]
        if inside:
            which = ", ".join(sorted(f"{each.code} ({self._above(each)})" for each in inside))
            raise Refused(AreaTrouble.SEVERAL_AREAS, name=name, which=which)
        raise Refused(AreaTrouble.NO_SUCH_AREA, name=name, division=str(self.division))

    def _is_one_nation(self) -> bool:
        return sum(level == 0 for level, _ in self._by_code) == 1

    def _lies_in(self, area: Area, outer: Area) -> bool:
        above: Area | None = area
        while above is not None and above.id != outer.id:
            above = self._by_id.get(above.parent) if above.parent else None
        return above is not None

    def _coded(self, level: int, code: str, name: str | None) -> Area:
        area = self._by_code.get((level, plain(code)))
        if area is None:
            raise Refused(AreaTrouble.NO_SUCH_CODE, code=code, level=level, division=str(self.division))
        if name is not None and plain(name) not in area.keys and self._likeness(name, area) < ALIKE:
            raise Refused(
                AreaTrouble.CODE_AND_NAME, code=code, name=name, theirs=area.name, division=str(self.division)
            )
        return area

    def _named(self, level: int, name: str, parent: Area | None) -> Area:
        called = self._by_name.get((level, plain(name)), [])
        inside = [each for each in called if parent is None or self._lies_in(each, parent)]
        if len(inside) == 1:
            return inside[0]
        if inside:
            which = ", ".join(sorted(f"{each.code} ({self._above(each)})" for each in inside))
            raise Refused(AreaTrouble.SEVERAL_AREAS, name=name, which=which)
        decided = [each for each in self._decided[plain(name)] if parent is None or self._lies_in(each, parent)]
        if len(decided) == 1:
            return decided[0]
        elsewhere = [each for other in LEVELS for each in self._by_name.get((other, plain(name)), ())]
        if elsewhere:
            which = ", ".join(f"{each.code} ({self._above(each)})" for each in elsewhere)
            raise Refused(AreaTrouble.AREA_ELSEWHERE, name=name, which=which, division=str(self.division))
        likely = self._likely(level, name, parent)
        if likely:
            raise Refused(AreaTrouble.AREA_NOT_SURE, name=name, likely=likely)
        raise Refused(AreaTrouble.NO_SUCH_AREA, name=name, division=str(self.division))

    def _above(self, area: Area) -> str:
        return self._by_id[area.parent].name if area.parent in self._by_id else "–"

    def _likely(self, level: int, name: str, parent: Area | None) -> str:
        asked = {"name": name[:100], "parent": parent.id if parent else None, "level": level, "likely": LIKELY}
        rows = self.connection.execute(_CALLED, {**asked, **vars(self.division)}).all()
        return ", ".join(f"{self._by_id[row.id].code} {row.name} ({row.score:.2f})" for row in rows[:SUGGESTED])

    def _likeness(self, name: str, area: Area) -> float:
        asked = text(
            "SELECT max(similarity(replace(lakana.fold(:name), ' ', ''), replace(lakana.fold(one), ' ', ''))) "
            "FROM lakana.admin_area a, unnest(ARRAY[a.name_fr, a.name_en, a.name_bm]) AS one WHERE a.id = :area"
        )
        return float(self.connection.scalar(asked, {"name": name, "area": area.id}) or 0)
