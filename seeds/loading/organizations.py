"""Organisations, from a list or from a 3W; of a name that is written in several ways one organisation."""

from __future__ import annotations

from typing import Any

from geo.vocabulary import ActorKind
from seeds.columns import cells
from seeds.columns.kind import Field, Kind
from seeds.columns.terms import ORGANIZATION_KINDS, term
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read

FIELDS = (
    Field(
        "name",
        ("nom de l’organisation", "name of the organisation"),
        cells.name,
        ("nom organisation", "organisation", "organization", "organisation name", "organization name", "nom", "name"),
        ("#org+name", "#org"),
        required=True,
    ),
    Field(
        "acronym",
        ("sigle", "acronym"),
        cells.name,
        ("organisation accronyme", "organisation acronyme", "acronyme", "sigle", "acronym", "organisation acronym"),
        ("#org+acronym",),
    ),
    Field(
        "kind",
        ("type d’organisation", "kind of organisation"),
        term(ActorKind, ORGANIZATION_KINDS),
        (
            "type organisation",
            "type d’organisation",
            "organisation type",
            "organization type",
            "org type",
            "type",
            "kind",
        ),
        ("#org+type",),
    ),
    Field(
        "url", ("adresse sur le web", "address on the web"), cells.web_address, ("url", "website", "site web", "site")
    ),
)
KIND = Kind("organizations", ("organisations", "organisations"), FIELDS)
STAGED = {"name": "text", "acronym": "text", "kind": "lakana.actor_kind", "url": "text"}


def stage(row: Read, _options: Options) -> list[Any]:
    """Return what is staged of a row."""
    kind = row.values.get("kind")
    return [row.values.get("name"), row.values.get("acronym"), kind and kind.name, row.values.get("url")]


def merge_named(merging: Merging) -> Any:
    """Merge the organisations that staged rows name, and tell what is doubtful of their names.

    Returns
    -------
    Any
        A row with ``new``, ``changed``, ``same`` and ``folded``. The table ``named`` has their ids by ``key``, and
        ``keyed`` the keys of all spellings.

    """
    merging.file("organization_named")
    merging.tell(merging.file("organization_doubts").all())
    return merging.file("organization_merged", is_pack=merging.options.is_pack).one()


def merge(merging: Merging) -> None:
    """Merge organisations: known ones by name. Of another source only what is missing is filled in."""
    counted = merge_named(merging)
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same
    merging.report.folded += counted.folded


LOADER = Loader(KIND, STAGED, stage, merge)
