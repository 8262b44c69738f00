"""Localities: the dump of GeoNames, OpenStreetMap's places, and any table with names and places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import nullcontext
from itertools import product
from typing import Any

from seeds.columns import cells
from seeds.columns.kind import LEVELS, Field, Kind, area_fields, place_fields, plain
from seeds.loading import area_matching, demand
from seeds.loading.distances import MANY, ask_hidden_names, later
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.places import place_of
from seeds.loading.reading import Read
from seeds.readers import geonames
from seeds.readers.table import Form
from seeds.troubles import Refused, RowTrouble

KIND = Kind(
    "localities",
    ("localités", "localities"),
    (
        Field(
            "code",
            ("code de la localité", "code of the locality"),
            cells.code,
            (
                "areaCode",
                "geonameid",
                "@id",
                "osm_id",
                "osmid",
                "full_id",
                "locality_code",
                "code localité",
                "code",
                "id",
                "uid",
                "pcode",
            ),
            ("#loc+code",),
        ),
        Field(
            "name",
            ("nom", "name"),
            cells.name,
            (
                "name:fr",
                "nom",
                "nom_fr",
                "name",
                "name_fr",
                "nom localité",
                "localité",
                "village",
                "town",
                "ville",
                "toponyme",
            ),
            ("#loc+name", "#loc"),
            required=True,
        ),
        Field("name_en", ("nom en anglais", "name in English"), cells.name, ("name:en", "name_en", "nom_en")),
        Field("name_bm", ("nom en bambara", "name in Bambara"), cells.name, ("name:bm", "name_bm", "nom_bm")),
        Field(
            "names",
            ("autres noms", "other names"),
            cells.names,
            ("alternatenames", "alt_name", "other_names", "autres noms", "alias", "alt_names", "variantes"),
        ),
        *place_fields(),
        Field(
            "population",
            ("habitants", "people"),
            cells.whole,
            ("population", "habitants", "pop", "population totale", "pop_totale", "population.total"),
            ("#population+total", "#population"),
        ),
        Field(
            "under_18",
            ("enfants de moins de 18 ans", "children under 18"),
            cells.whole,
            ("under_18", "moins de 18 ans", "children", "enfants", "population.under18"),
            ("#population+children",),
        ),
        Field(
            "population_year",
            ("année des habitants", "year of the people"),
            cells.year,
            ("population_year", "année", "population année", "year", "population.year"),
            ("#date+year",),
        ),
        Field("feature_class", ("classe GeoNames", "class of GeoNames"), cells.line, ("feature class",), example="P"),
        Field(
            "kind_of_place",
            ("type de lieu", "kind of place"),
            cells.line,
            ("place", "type de lieu"),
            example="village",
        ),
        *(each for each in area_fields() if each.name.startswith("admin")),
    ),
    placed=True,
)
INHABITED = frozenset(
    ("city", "town", "village", "hamlet", "isolated_dwelling", "suburb", "quarter", "neighbourhood", "borough")
)
"""OpenStreetMap's values of ``place`` where people live, https://wiki.openstreetmap.org/wiki/Key:place."""
POPULATED = "P"
"""GeoNames' class of cities and villages."""
AIRPORT = re.compile("[A-Z]{3}")
"""Among the spellings of GeoNames, three capitals are an airport's code and no name."""
GEONAMES, OSM = "GEONAMES", "OSM"

STAGED = {
    **area_matching.STAGED,
    "code": "text",
    "name_fr": "text",
    "name_en": "text",
    "name_bm": "text",
    "spellings": "text[]",
    "lon": "double precision",
    "lat": "double precision",
    "population": "integer",
    "under_18": "integer",
    "population_year": "smallint",
}


def stage(row: Read, options: Options) -> list[Any] | None:
    """Return what is staged of a row; ``None`` where nobody lives there. A code may name its scheme, as ours do."""
    values = row.values
    if values.get("feature_class", POPULATED) != POPULATED:
        return None
    if "kind_of_place" in values and values["kind_of_place"] not in INHABITED:
        return None
    place = place_of(row)
    own = [values.get(each) for each in ("name", "name_en", "name_bm")]
    others = (each for each in values.get("names", ()) if not AIRPORT.fullmatch(each))
    spellings = dict.fromkeys(each for each in (*own, *others) if each)
    code = values.get("code") or f"{plain(values['name'])}@{place.lat:.4f},{place.lon:.4f}"
    code = code.removeprefix(f"{options.scheme}:")
    return [*area_matching.staged(row), code, *own, list(spellings), place.lon, place.lat, *_people(values, options)]


def _people(values: Mapping[str, Any], options: Options) -> list[int | None]:
    """Return people, children and year; lists write 0 where they know no number, for where nobody lives is none."""
    people, children = values.get("population") or None, values.get("under_18")
    if people is None:
        return [None, None, None]
    if children is None and options.children_of_100 is not None:
        children = int(people * options.children_of_100 / 100)
    return [people, children, values.get("population_year") or (options.as_of and options.as_of.year)]


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a table of a known form."""
    scheme = scheme_of(form)
    return {GEONAMES: ("GeoNames", "CC BY 4.0"), OSM: ("OpenStreetMap", "ODbL 1.0")}.get(scheme or "")


def scheme_of(form: Form) -> str | None:
    """Return whose codes a table of a known form has."""
    names = set(map(plain, form.names()))
    if set(map(plain, geonames.COLUMNS[:7])) <= names:
        return GEONAMES
    # QuickOSM and HOT's exports call it osm_id or full_id, Overpass turbo @id.
    return OSM if {"@id", "osm_id", "full_id"} & {each.lower() for each in form.names()} else None


def merge(merging: Merging) -> None:
    """Merge localities: known ones by scheme and code, in areas that their rows name, else that hold their places."""
    forms = {scheme_of(each.form) for each in merging.report.files}
    scheme = merging.options.scheme or (forms.pop() if len(forms) == 1 else None)
    if scheme is None:
        raise Refused(RowTrouble.NEEDS_SCHEME)
    areas = area_matching.match(merging, scheme=None)
    division = vars(areas.division)
    merging.run(
        "ALTER TABLE staged ADD point geometry(Point, 4326), ADD is_stated boolean, ADD label text,"
        " ADD area_set_id uuid"
    )
    merging.file("locality_prepared")
    merging.tell(merging.file("twice").all())
    merging.tell(merging.file("place_troubles", **division).all())
    in_part = merging.run(
        "SELECT count(*) FROM staged WHERE num_nulls(population, under_18, population_year) IN (1, 2)"
    )
    if many := in_part.scalar():
        merging.note(RowTrouble.PEOPLE_IN_PART, rows=many)
        merging.run(
            "UPDATE staged SET population = NULL, under_18 = NULL, population_year = NULL "
            "WHERE num_nulls(population, under_18, population_year) > 0"
        )
    merging.file("locality_area_sets", locality_scheme=scheme)
    merging.run("ANALYZE staged")
    are_many = merging.run("SELECT count(*) FROM staged").scalar() >= MANY
    with later(merging.connection) if are_many else nullcontext():
        counted = merging.file("locality_merged", locality_scheme=scheme).one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    merging.file("locality_held")
    for level, is_own in product(reversed(LEVELS), (True, False)):
        merging.file("locality_counted", **division, level=level, is_own=is_own)
    if are_many and not merging.options.dry_run:
        ask_hidden_names(merging.connection)
    if counted.new or counted.changed:
        demand.refresh(merging)


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
