"""Public services: HSDS, lists of facilities, OpenStreetMap, KoboToolbox, any table with names and places.

Neither a shelter nor any place that is or may be confidential comes from such a list (:mod:`seeds.columns.privacy`):
shelters are a kind of their own (:mod:`seeds.loading.shelters`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import text

from geo.database.loading import keep_hours
from geo.errors import BadInput
from geo.notations import opening_hours, phones
from geo.vocabulary import ActorKind, ServiceCategory
from seeds.columns import cells
from seeds.columns.cells import Notation
from seeds.columns.kind import Field, Kind, area_fields, place_fields, plain
from seeds.columns.terms import categories, term
from seeds.loading import area_matching
from seeds.loading.distances import MANY, worked_out_once
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.places import place_of
from seeds.loading.reading import Read
from seeds.readers import hsds
from seeds.readers.table import Cell, Form
from seeds.troubles import CellTrouble, Refused, RowTrouble

AT_A_TIME = 10_000
"""Different telephone numbers that are held at a time."""
OURS = frozenset(("id", "actor.name", "openinghours.text"))
"""Columns that only exports of this system have: ``/exports/services.csv``."""
CLOSED = frozenset(("inactive", "defunct", "temporarily closed", "closed", "fermé", "fermée", "non fonctionnel"))
"""What lists say of services that are not offered."""
MOST_CAPACITY = 10_000
KINDS = {
    ServiceCategory.MEDICAL: ActorKind.HEALTH_FACILITY,
    ServiceCategory.EDUCATION: ActorKind.SCHOOL,
    ServiceCategory.POLICE_JUSTICE: ActorKind.POLICE_BRIGADE,
    ServiceCategory.CASE_MANAGEMENT: ActorKind.SOCIAL_SERVICE,
}
"""What an actor is by its service, where its row does not say."""


DIALLING = """
SELECT d.region, d.short_codes FROM lakana.dialling d JOIN lakana.area_within w ON w.ancestor_id = d.nation_id
WHERE w.area_id = (SELECT area_id FROM staged LIMIT 1) ORDER BY d.nation_id LIMIT 1
"""


def past_day(cell: Cell, notation: Notation) -> dt.date:
    """Return a day that has come; raises as :func:`seeds.columns.cells.date` does, and for a later one."""
    day = cells.date(cell, notation)
    if day > dt.datetime.now(tz=dt.UTC).date():
        raise Refused(CellTrouble.IN_FUTURE)
    return day


def capacity(cell: Cell, notation: Notation) -> int:
    """Return how many children can be served, 0 to 10,000."""
    many = cells.whole(cell, notation)
    if many > MOST_CAPACITY:
        raise Refused(CellTrouble.NO_NUMBER)
    return many


KIND = Kind(
    "services",
    ("services", "services"),
    (
        Field(
            "code",
            ("code du service", "code of the service"),
            cells.code,
            ("service_id", "facility_id", "@id", "osm_id", "_uuid", "uuid", "code", "id"),
            quoted=False,
        ),
        Field(
            "name",
            ("nom", "name"),
            cells.name,
            ("nom du service", "service name", "facility name", "nom structure", "nom de la structure", "nom", "name"),
            ("#service+name", "#loc+name"),
            required=True,
            quoted=False,
        ),
        Field(
            "actor",
            ("qui l’offre", "who offers it"),
            cells.name,
            ("acteur", "actor", "actor.name", "structure", "operator", "organisation", "organization"),
            ("#org+name+actor",),
            quoted=False,
        ),
        Field(
            "category",
            ("catégorie", "category"),
            term(ServiceCategory, categories()),
            ("category", "catégorie", "facility type", "type de service", "service type", "amenity", "healthcare"),
            ("#service+type", "#loc+type"),
        ),
        *place_fields(quoted=False),
        Field(
            "phone",
            ("téléphone", "telephone"),
            cells.code,
            ("phone", "téléphone", "telephone", "tel", "contact:phone", "tél"),
            quoted=False,
        ),
        Field(
            "hours",
            ("horaires", "opening hours"),
            cells.line,
            ("opening_hours", "horaires", "heures", "openingHours.text"),
        ),
        Field("capacity", ("capacité", "capacity"), capacity, ("capacity", "capacité")),
        Field(
            "verified_on",
            ("vérifié le", "verified on"),
            past_day,
            ("verified_on", "vérifié le", "date de vérification", "assured_date"),
        ),
        Field("status", ("état", "status"), cells.line, ("status", "statut", "operational_status")),
        *(each for each in area_fields() if each.name.startswith("admin")),
    ),
    placed=True,
)
STAGED = {
    **area_matching.STAGED,
    "mark": "text",
    "code": "text",
    "name": "text",
    "actor_name": "text",
    "actor_code": "text",
    "actor_kind": "lakana.actor_kind",
    "category": "lakana.service_category",
    "lon": "double precision",
    "lat": "double precision",
    "phone": "text",
    "opening_hours": "text",
    "capacity": "integer",
    "verified_on": "date",
}


def stage(row: Read, _options: Options) -> list[Any] | None:
    """Return what is staged of a row, which is public and so has a category; ``None`` where the service is closed.

    Raises
    ------
    Refused
        If it has no place.

    """
    values = row.values
    if values.get("status", "").lower() in CLOSED:
        return None
    category = values["category"]
    place = place_of(row)
    at = f"@{place.lat:.4f},{place.lon:.4f}"
    mark = _digest(f"{plain(values['name'])}{at}{category.name}")
    code = values.get("code") or mark
    actor = values.get("actor") or values["name"]
    kind = KINDS.get(category, ActorKind.NGO if "actor" in values else ActorKind.OTHER).name
    own = [mark, code, values["name"], actor, _digest(f"{plain(actor)}{at}"), kind, category.name, place.lon, place.lat]
    more = [values.get(each) for each in ("phone", "hours", "capacity", "verified_on")]
    return [*area_matching.staged(row), *own, *more]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def source_of(form: Form) -> tuple[str, str | None] | None:
    """Return the source of a table of a known form."""
    names = {each.lower() for each in form.names()}
    if names >= OURS or form.codes_of == hsds.OURS:
        return (hsds.OURS, None)
    return ("OpenStreetMap", "ODbL 1.0") if {"@id", "osm_id"} & names else None


def merge(merging: Merging) -> None:
    """Merge services: known ones by what their list calls them. What somebody changed since it was loaded stays.

    Whatever list it stands in, a service that was loaded under its name, category and place (to 11 m) and is gone is
    not brought back.
    """
    called = _list(merging)
    areas = area_matching.match(merging, scheme=None)
    merging.run(
        "ALTER TABLE staged ADD point geometry(Point, 4326), ADD is_stated boolean, ADD label text,"
        " ADD service_id uuid, ADD actor_id uuid, ADD area_set_id uuid"
    )
    merging.run(
        "UPDATE staged SET point = ST_SetSRID(ST_MakePoint(lon, lat), 4326), is_stated = area_id IS NOT NULL,"
        " label = name"
    )
    merging.tell(merging.file("twice").all(), hidden=True)
    merging.tell(merging.file("place_troubles", **vars(areas.division)).all(), hidden=True)
    _mend_phones(merging)
    _mend_hours(merging)
    merging.tell(merging.file("service_numbers").all(), hidden=True)
    merging.file("service_known", list_scheme=called)
    merging.tell(merging.file("service_troubles").all(), hidden=True)
    merging.tell(merging.file("service_changed_since", list_scheme=called).all(), hidden=True)
    merging.file("service_area_sets")
    merging.run("ANALYZE staged")
    if merging.run("SELECT count(*) FROM staged").scalar() < MANY:
        _write(merging, called)
        return
    with worked_out_once(merging.connection) as followed:
        _write(merging, called)
        merging.run("SET CONSTRAINTS ALL IMMEDIATE")  # what is due at the commit, before anybody is kept waiting
        merging.run("SET CONSTRAINTS ALL DEFERRED")
        followed.intersection_update(merging.file("service_categories").scalars().all())


def _write(merging: Merging, called: str) -> None:
    counted = merging.file("service_merged", list_scheme=called).one()
    merging.file("service_versions", list_scheme=called)
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same


def _list(merging: Merging) -> str:
    """Return what the list is called whose codes these are: the same when next year's is loaded, from whatever file.

    It is empty where nobody names the list and its rows have no codes, but are known by their names and places.

    Raises
    ------
    Refused
        If nobody names the list, and its rows have codes.

    """
    forms = {(source_of(each.form) or ("", None))[0] for each in merging.report.files}
    called = merging.options.scheme or merging.options.source or (forms.pop() if len(forms) == 1 else "")
    if not called and any(each.recognition.has("code") for each in merging.report.files):
        raise Refused(RowTrouble.NEEDS_SCHEME)
    return called.strip()


def _mend_phones(merging: Merging) -> None:
    """Write telephone numbers in international form; those that are none are told and left out."""
    dialling = merging.run(DIALLING).one_or_none()
    region, short_codes = (None, ()) if dialling is None else dialling

    def international(phone: str) -> str | None:
        try:
            return phones.international("phone", phone, region, short_codes)
        except BadInput:
            return None

    _mend(merging, "phone", international, CellTrouble.NO_TELEPHONE)


def _mend_hours(merging: Merging) -> None:
    """Write opening hours plainly, and keep what they mean; those that cannot be read are told and left out."""

    def plainly(hours: str) -> str | None:
        written = opening_hours.plain(hours)
        return written if opening_hours.read(written) else None

    _mend(merging, "opening_hours", plainly, CellTrouble.NO_HOURS)
    for part in _texts(merging, "opening_hours"):
        keep_hours(merging.connection, part)


def _mend(merging: Merging, column: str, mended: Callable[[str], str | None], trouble: CellTrouble) -> None:
    """Write a text otherwise in all rows that have it; where nothing is to be written, say so and leave it out."""
    merging.run("DROP TABLE IF EXISTS mended")
    merging.run("CREATE TEMPORARY TABLE mended (former text, later text) ON COMMIT DROP")
    for part in _texts(merging, column):
        pairs = [(former, later) for former in part if (later := mended(former)) != former]
        if pairs:
            formers, laters = map(list, zip(*pairs, strict=True))
            merging.run(
                "INSERT INTO mended SELECT * FROM unnest(CAST(:formers AS text[]), CAST(:laters AS text[]))",
                formers=formers,
                laters=laters,
            )
    merging.run("ANALYZE mended")
    merging.tell(merging.file("service_left_out", column=column, trouble=trouble.name).all(), hidden=True)
    merging.run(f"UPDATE staged SET {column} = m.later FROM mended m WHERE {column} = m.former")  # noqa: S608  our names


def _texts(merging: Merging, column: str) -> Iterator[Sequence[str]]:
    """Yield the different texts of a column, some at a time: of a million rows each may have its own."""
    asked = text(f"SELECT DISTINCT {column} FROM staged WHERE {column} IS NOT NULL")  # noqa: S608  our names
    yield from merging.connection.execute(asked, execution_options={"yield_per": AT_A_TIME}).scalars().partitions()


LOADER = Loader(KIND, STAGED, stage, merge, source_of)
