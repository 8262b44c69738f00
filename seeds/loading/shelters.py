"""Shelters, open and confidential: each row is entered by the write that has all their rules.

A shelter whose row does not say otherwise is confidential. Of such a row nothing is told or remembered but that it was
refused, and under which field: its place, operator and front gate go where :mod:`geo.writes.shelters` puts them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from geo.arguments import check_id
from geo.errors import BadInput
from geo.writes.shelters import CreateShelter
from seeds.columns import cells
from seeds.columns.kind import CONFIDENTIAL, Field, Kind, place_fields
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.places import place_of
from seeds.loading.reading import Read
from seeds.loading.services import capacity, past_day
from seeds.troubles import Refused, RowTrouble

SCHEME = "shelters"
"""Of the digests of codes by which rows are known again."""
MOST = 80
"""Shelters that are entered at a time: 42 ms each, for which others who write names wait, 4 s at most."""
MONTHS = 12


FIELDS = (
    Field("code", ("code", "code"), cells.code, ("code", "id", "_uuid", "uuid")),
    Field(
        "name",
        ("nom public", "public name"),
        cells.name,
        ("nom", "name", "nom public", "nom de l’hébergement", "shelter name"),
        example="Exemple",
    ),
    Field(
        "actor",
        ("qui le gère", "who runs it"),
        cells.line,
        ("acteur", "actor", "structure", "gestionnaire", "operator", "organisation", "organization"),
        required=True,
    ),
    replace(CONFIDENTIAL, example=False),
    *place_fields(),
    Field(
        "capacity",
        ("places", "places"),
        capacity,
        ("capacity", "capacité", "places", "nombre de places"),
        required=True,
    ),
    Field("occupancy", ("places prises", "places taken"), capacity, ("occupancy", "occupation")),
    Field(
        "girls",
        ("accueille des filles", "takes girls"),
        cells.yes_or_no,
        ("filles", "girls"),
        required=True,
        example=True,
    ),
    Field("boys", ("accueille des garçons", "takes boys"), cells.yes_or_no, ("garçons", "boys"), required=True),
    Field("minimum_age", ("âge minimum, ans", "youngest, years"), cells.whole, ("âge minimum", "minimum age")),
    Field("maximum_age", ("âge maximum, ans", "oldest, years"), cells.whole, ("âge maximum", "maximum age")),
    Field("opening_hours", ("horaires", "opening hours"), cells.line, ("horaires",)),
    Field("phone", ("téléphone", "telephone"), cells.code, ("téléphone", "telephone", "tel")),
    Field(
        "front_gate",
        ("contact pour les partenaires", "front gate for partners"),
        cells.line,
        ("front gate", "contact", "permanence", "contact partenaires"),
    ),
    Field(
        "verified_on", ("vérifié le", "verified on"), past_day, ("verified on", "vérifié le", "date de vérification")
    ),
)
KIND = Kind(
    "shelters",
    ("hébergements", "shelters"),
    tuple(replace(each, quoted=False) for each in FIELDS),
    placed=True,
    keeps_private=True,
    sealed=True,
    unnamed=True,
)
STAGED = {"code": "text", "confidential": "boolean", "unsaid": "boolean", "given": "jsonb"}
OWN = ("name", "capacity", "occupancy", "girls", "boys", "opening_hours", "phone", "front_gate", "verified_on")
"""Fields that the write has too."""


def stage(row: Read, options: Options) -> list[Any]:
    """Return what is staged of a row: the key of its code, whether it is or may be confidential, its values.

    A row that is or may be confidential is known by that alone: were its place a part of it, "known already" would tell
    whoever guesses places which is right.
    """
    values = row.values
    place = place_of_private(row)
    given = {each: values[each] for each in OWN if each in values}
    given |= {"actor": values["actor"], "point": place}
    if "minimum_age" in values:
        given["minimum_age_months"] = MONTHS * values["minimum_age"]
    if "maximum_age" in values:  # until the next birthday
        given["maximum_age_months"] = MONTHS * values["maximum_age"] + MONTHS - 1
    key = hashlib.sha256(json.dumps([options.scheme, values.get("code")]).encode()).hexdigest()
    return [
        key if "code" in values else None,
        row.private is not None,
        not {"confidential", "public"} & set(values),
        json.loads(json.dumps(given, default=str)),
    ]


def place_of_private(row: Read) -> dict[str, float]:
    """Return the place of a row; raises as :func:`seeds.loading.places.place_of` does, with nothing of the place."""
    try:
        place = place_of(row)
    except Refused as refused:
        raise Refused(refused.trouble) from None
    return {"lon": place.lon, "lat": place.lat}


def merge(merging: Merging) -> None:
    """Enter the shelters that are not known yet, row by row; those that are known stay as they are."""
    report = merging.report
    if merging.run(
        "SELECT NOT EXISTS (SELECT FROM lakana.zone) AND EXISTS (SELECT FROM staged WHERE confidential)"
    ).scalar():
        raise Refused(RowTrouble.NEEDS_ZONES)
    unsaid = merging.run("SELECT count(*) FROM staged WHERE unsaid").scalar()
    if unsaid:
        merging.note(RowTrouble.TAKEN_FOR_CONFIDENTIAL, many=unsaid)
    rows = merging.file("shelter_rows", key_scheme=SCHEME).all()
    merging.check_few(sum(not row.is_known for row in rows), MOST)
    for row in rows:
        try:
            _check(row)
            if row.is_known:
                report.unchanged += 1
            else:
                _enter(merging, row)
                report.new += 1
        except Refused as refused:
            is_private = row.confidential or row.is_said_both_ways
            merging.refuse(row, refused.trouble, is_private=is_private, **refused.values)


def _check(row: Any) -> None:
    """Refuse a row for what is known of it, before it is entered."""
    if row.confidential and row.code is None:
        raise Refused(RowTrouble.NEEDS_CODE)
    if row.is_said_both_ways:
        raise Refused(RowTrouble.SAID_BOTH_WAYS)
    if row.is_public_here:
        raise Refused(RowTrouble.PUBLIC_HERE)
    if row.is_again:
        raise Refused(RowTrouble.SAID_TWICE, other=row.first)
    if row.is_known and not row.is_there:
        raise Refused(RowTrouble.GONE_SINCE)


def _enter(merging: Merging, row: Any) -> None:
    given = dict(row.given)
    given["actor_id"] = _actor(merging, given.pop("actor"))
    given["confidential"] = row.confidential
    try:
        with merging.entering():
            service, _, _ = CreateShelter(values=given).enter(merging.connection, merging.source_id)
            merging.run("SET CONSTRAINTS ALL IMMEDIATE")  # what a trigger would only say at the end
            merging.run("SET CONSTRAINTS ALL DEFERRED")
            merging.file(
                "shelter_kept", key_scheme=SCHEME, code=row.code, mark=row.mark, name_mark=row.name_mark,
                service=service, at=row.file, line=row.row, confidential=row.confidential,
            )  # fmt: skip
    except BadInput as told:
        if row.confidential:
            raise Refused(RowTrouble.SHELTER_RULE, field=told.field) from None
        raise Refused(RowTrouble.OPEN_SHELTER_RULE, field=told.field, reason=told.problem.rstrip(".")) from None


def _actor(merging: Merging, given: str) -> str:
    """Return the id of the one actor that a row names: by its id, or by its name where the directory lists it."""
    try:
        return check_id("actor", given)
    except BadInput:
        found = merging.file("shelter_operators", called=given).scalars().all()
    if len(found) != 1:
        raise Refused(RowTrouble.NO_OPERATOR)
    return str(found[0])


LOADER = Loader(KIND, STAGED, stage, merge)
