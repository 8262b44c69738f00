"""Guidance: laws, treaties and guidelines that response pathways rest on, by their keys."""

from __future__ import annotations

from typing import Any

from seeds.columns import cells
from seeds.columns.kind import Field, Kind
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.troubles import RowTrouble

KIND = Kind(
    "guidance",
    ("textes de référence", "guidance"),
    (
        Field("key", ("clé", "key"), cells.code, ("clé", "key", "code", "id"), required=True),
        Field("name", ("titre", "title"), cells.name, ("titre", "title", "nom", "name"), required=True),
        Field("year", ("année", "year"), cells.year, ("année", "year"), required=True, example=2012),
        Field(
            "binding",
            ("contraignant", "binding"),
            cells.yes_or_no,
            ("contraignant", "binding", "obligatoire"),
            required=True,
        ),
        Field("url", ("adresse sur le web", "address on the web"), cells.web_address, ("url", "lien", "link")),
        Field("note_fr", ("note en français", "note in French"), cells.passage, ("note_fr", "note")),
        Field("note_en", ("note en anglais", "note in English"), cells.passage, ("note_en",)),
    ),
    advises=True,
)
STAGED = {"code": "text", "name": "text", "year": "smallint", "is_binding": "boolean", "url": "text"}
STAGED |= {"note_fr": "text", "note_en": "text"}


def stage(row: Read, _options: Options) -> list[Any]:
    """Return what is staged of a row."""
    names = ("key", "name", "year", "binding", "url", "note_fr", "note_en")
    return [row.values.get(each) for each in names]


def merge(merging: Merging) -> None:
    """Merge the texts of a nation by key; each is a source of its own."""
    nation = merging.nation()
    merging.run("ALTER TABLE staged ADD label text")
    merging.run("UPDATE staged SET label = code")
    merging.tell(merging.file("twice").all())
    alone = merging.run("SELECT count(*) FROM staged WHERE num_nonnulls(note_fr, note_en) = 1").scalar()
    if alone:
        merging.note(RowTrouble.NOTE_IN_ONE_LANGUAGE, rows=alone)
        merging.run("UPDATE staged SET note_fr = NULL, note_en = NULL WHERE num_nonnulls(note_fr, note_en) = 1")
    counted = merging.file("guidance_merged", nation_id=nation.id, nation=nation.code).one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same


LOADER = Loader(KIND, STAGED, stage, merge)
