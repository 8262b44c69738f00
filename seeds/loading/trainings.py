"""Trainings: row by row by the write that records one; one of a name and a first day that are known stays as it is."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from geo.arguments import RowId, check_id
from geo.errors import BadInput
from geo.vocabulary import ActorKind, IncidentType
from geo.writes.trainings import Participants, RecordTraining
from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.columns.kind import Field, Kind
from seeds.columns.terms import INCIDENT_TYPES, several, term
from seeds.loading import locality_matching
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.readers.table import Cell
from seeds.troubles import Refused, RowTrouble

MOST = 200
"""Trainings that are recorded at a time: 16 ms each, for which others who write names wait, 4 s at most."""
_KIND = term(ActorKind, {})


def participants(cell: Cell, notation: Notation) -> dict[ActorKind, int | None]:
    """Return who took part by kind, with how many people where it is said.

    Examples
    --------
    >>> participants("Gendarmerie: 12; School", Notation())
    {<ActorKind.GENDARMERIE: 'GENDARMERIE'>: 12, <ActorKind.SCHOOL: 'SCHOOL'>: None}

    Raises
    ------
    Refused
        If one is no kind of actor, or no number.

    """
    found: dict[ActorKind, int | None] = {}
    for each in filter(str.strip, re.split(r"[|;,]", str(cell))):
        kind, sign, many = each.partition(":")
        found[_KIND(kind, notation)] = cells.whole(many, notation) if sign else None
    return found


KIND = Kind(
    "trainings",
    ("formations", "trainings"),
    (
        Field(
            "name",
            ("intitulé", "name"),
            cells.name,
            ("intitulé", "nom", "name", "formation", "training"),
            required=True,
        ),
        Field(
            "starts_on",
            ("début", "first day"),
            cells.date,
            ("début", "date début", "starts on", "start"),
            required=True,
        ),
        Field("ends_on", ("fin", "last day"), cells.date, ("fin", "date fin", "ends on", "end")),
        Field(
            "participants",
            ("participants par type d’acteur", "participants by kind of actor"),
            participants,
            ("participants", "participants par type", "kinds", "types d’acteurs"),
            required=True,
            quoted=False,
            example="NGO: 10",
        ),
        Field(
            "incident_types",
            ("types d’incident", "types of incident"),
            several(term(IncidentType, INCIDENT_TYPES)),
            ("types d’incident", "incident types", "thèmes", "topics"),
        ),
        Field("organizers", ("organisateurs", "organizers"), cells.names, ("organisateurs", "organizers")),
        Field("actors", ("acteurs formés", "trained actors"), cells.names, ("acteurs formés", "trained actors")),
        Field("programme", ("programme", "programme"), cells.name, ("programme", "program")),
        Field("description", ("description", "description"), cells.line, ("description",)),
        *locality_matching.FIELDS,
    ),
    sealed=True,
)
STAGED = {
    **locality_matching.STAGED,
    "name": "text",
    "starts_on": "date",
    "ends_on": "date",
    "participants": "jsonb",
    "incident_types": "text[]",
    "organizers": "text[]",
    "actors": "text[]",
    "programme": "text",
    "description": "text",
}


def stage(row: Read, _options: Options) -> list[Any]:
    """Return what is staged of a row."""
    values = row.values
    people = {kind.name: many for kind, many in values["participants"].items()}
    types = [each.name for each in values.get("incident_types", ())]
    days = [values["starts_on"], values.get("ends_on", values["starts_on"])]
    lists = [types, values.get("organizers", ()), values.get("actors", ())]
    own = [values["name"], *days, people, *lists, values.get("programme"), values.get("description")]
    return [*locality_matching.staged(row), *own]


def merge(merging: Merging) -> None:
    """Record the trainings that are not known yet."""
    locality_matching.match(merging, scheme=merging.options.scheme, needed=False)
    rows = merging.file("training_rows").all()
    merging.check_few(sum(not row.is_known for row in rows), MOST)
    for row in rows:
        if row.is_known:
            merging.report.unchanged += 1
            continue
        try:
            _enter(merging, row)
            merging.report.new += 1
        except Refused as refused:
            merging.refuse(row, refused.trouble, **refused.values)


def _enter(merging: Merging, row: Any) -> None:
    organizers, actors = (_ids(merging, each, getattr(row, each)) for each in ("organizers", "actors"))
    try:
        write = RecordTraining(
            name=row.name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            participants=tuple(
                Participants(kind=ActorKind[each], people=many) for each, many in row.participants.items()
            ),
            incident_types=tuple(IncidentType[each] for each in row.incident_types),
            organizer_ids=organizers,
            trained_actor_ids=actors,
            programme=row.programme,
            description=row.description,
            locality_id=None if row.locality_id is None else RowId(str(row.locality_id)),
        )
        with merging.entering():
            event = write.enter(merging.connection, merging.source_id)
            merging.run(
                "INSERT INTO audit.import_row (import_id, subject, row_id, file_number, file_row) "
                "VALUES (CAST(:import_id AS uuid), 'training_event', CAST(:event AS uuid), :at, :line)",
                event=event, at=row.file, line=row.row,
            )  # fmt: skip
    except BadInput as told:
        raise Refused(RowTrouble.TRAINING_RULE, field=told.field, reason=told.problem.rstrip(".")) from None


def _ids(merging: Merging, what: str, names: list[str]) -> tuple[Any, ...]:
    """Return the ids of organisations or actors, each by its id or by a name that is one's in the directory."""
    ids: list[str] = []
    for each in names:
        with suppress(BadInput):
            ids.append(check_id(what, each))
            continue
        found = merging.file(f"training_{what}", called=each).scalars().all()
        if len(found) != 1:
            raise Refused(RowTrouble.NO_SUCH_BODY, name=each)
        ids.append(str(found[0]))
    return tuple(ids)


LOADER = Loader(KIND, STAGED, stage, merge)
