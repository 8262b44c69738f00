"""People by area: COD-PS, tables of a census, by codes of an edition or by names."""

from __future__ import annotations

from typing import Any

from seeds.columns import cells
from seeds.columns.kind import Field, Kind, area_fields
from seeds.loading import area_matching, demand
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.readers.table import Form
from seeds.troubles import CellTrouble, Refused, RowTrouble, named

BANDS = ("00_04", "05_09", "10_14", "15_19")
"""Age groups of COD-PS that children are of; of the last one three of its five years."""


def _band(band: str) -> Field:
    first, last = band.split("_")
    plain = f"{int(first)}_{int(last)}"
    names = (f"t_{band}", f"t_{plain}", f"total_{band}", f"pop_{band}", f"{plain} ans", f"{plain} years")
    return Field(f"age_{band}", (f"de {plain} ans", f"aged {plain}"), cells.whole, names)


KIND = Kind(
    "population",
    ("population", "population"),
    (
        *area_fields(),
        Field(
            "total",
            ("habitants", "people"),
            cells.whole,
            (
                "t_tl",
                "total",
                "population",
                "population totale",
                "pop",
                "pop_total",
                "habitants",
                "total population",
                "population.total",
            ),
            ("#population+total", "#population+t", "#population"),
        ),
        Field(
            "male", ("hommes", "men and boys"), cells.whole, ("m_tl", "male", "hommes", "masculin"), ("#population+m",)
        ),
        Field(
            "female",
            ("femmes", "women and girls"),
            cells.whole,
            ("f_tl", "female", "femmes", "féminin"),
            ("#population+f",),
        ),
        Field(
            "under_18",
            ("enfants de moins de 18 ans", "children under 18"),
            cells.whole,
            ("under_18", "moins de 18 ans", "enfants", "children", "0-17", "t_00_17", "population.under18"),
            ("#population+children", "#population+age_0_17"),
            example=4,
        ),
        *map(_band, BANDS),
        Field(
            "year",
            ("année", "year"),
            cells.year,
            ("year", "année", "reference year", "ref_year", "population.year"),
            ("#date+year",),
        ),
    ),
    one_of=(
        (frozenset({"total"}), frozenset({"male", "female"})),
        (
            *(frozenset({f"admin{level}_{what}"}) for level in range(5) for what in ("code", "name")),
            frozenset({"area_code"}),
            frozenset({"area_name"}),
        ),
    ),
)

STAGED = {
    **area_matching.STAGED,
    "year": "smallint",
    "total": "integer",
    "under_18": "integer",
    "basis": "text",
}


def stage(row: Read, options: Options) -> list[Any]:
    """Return what is staged of a row: its area, its year, people and children, and how these are known."""
    values = row.values
    total = values.get("total")
    if total is None and "male" in values and "female" in values:
        total = values["male"] + values["female"]
    if total is None:
        raise Refused(CellTrouble.MISSING, field="total")
    if options.shares:
        return [*area_matching.staged(row), None, total, None, "SAID"]
    year = values.get("year") or (options.as_of and options.as_of.year)
    if year is None:
        raise Refused(RowTrouble.NEEDS_YEAR)
    bands = [values[f"age_{each}"] for each in BANDS if f"age_{each}" in values]
    if "under_18" in values:
        children, basis = values["under_18"], "SAID"
    elif len(bands) == len(BANDS):
        children, basis = sum(bands[:-1]) + round(bands[-1] * 3 / 5), RowTrouble.CHILDREN_FROM_BANDS.name
    elif options.children_of_100 is not None:
        children, basis = int(total * options.children_of_100 / 100), RowTrouble.CHILDREN_BY_SHARE.name
    else:
        raise Refused(RowTrouble.NEEDS_CHILDREN)
    if children > total:
        raise Refused(RowTrouble.MORE_CHILDREN, value=f"{children} / {total}")
    return [*area_matching.staged(row), year, total, children, basis]


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a table of a known form."""
    return ("COD-PS", "CC BY-IGO") if "T_TL" in form.names() else None


def merge(merging: Merging) -> None:
    """Merge people by area and year; areas all of whose parts have a number get their sum if they have none."""
    options = merging.options
    areas = area_matching.match(merging, scheme=options.scheme)
    bound = vars(areas.division)
    merging.tell(merging.file("without_area").all())
    merging.run("ALTER TABLE staged ADD code text, ADD label text")
    merging.run(
        "UPDATE staged SET code = concat_ws(' ', area_id, year), label = concat_ws(' ', a.code, year) "
        "FROM lakana.admin_area a WHERE a.id = area_id"
    )
    merging.tell(merging.file("twice").all())
    for basis in merging.run("SELECT DISTINCT basis FROM staged WHERE basis <> 'SAID' ORDER BY basis").scalars().all():
        merging.note(named(basis), share=options.children_of_100)
    merging.file("population_children", share=options.children_of_100)
    counted = merging.file("share_merged" if options.shares else "population_merged").one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    summing = "share_summed" if options.shares else "population_summed"
    summed = sum(merging.file(summing, level=level, **bound).rowcount for level in (3, 2, 1, 0))
    if summed:
        merging.note(RowTrouble.SUMMED, many=summed)
    if counted.new or counted.changed:
        demand.refresh(merging)


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
