"""The rows of each concept, with the columns that interfaces may show. Every question is built on these."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
)

from geo.database.tables import (
    actor,
    admin_area,
    area_population,
    area_set,
    area_within,
    audit_entry,
    expected_reporter,
    front_gate,
    ground,
    level_name,
    locality,
    organization,
    proposal,
    published_count,
    reporting,
    service,
    shelter,
    source,
    training_event,
    training_organizer,
    zone,
)
from geo.queries.base.levels import level_of
from geo.queries.base.question import DAY_BEGAN, bind, constant, planar
from geo.vocabulary import AreaBasis, AuditAction, AuditSubject, CountStatus

HAS_PLACE: ColumnElement[bool] = service.c.point.is_not(None)
"""Whether a service has a place to measure to. A confidential one has a zone instead, and no distance."""

IN_FORCE: ColumnElement[Any] = literal_column("current_date")


def sources() -> Select[Any]:
    """Return every source."""
    return select(source)


def areas() -> Select[Any]:
    """Return every admin area of every edition, ``area_code`` as a caller writes it, and ``level_name`` as text."""
    own = admin_area.c
    written = func.lakana.area_code(own.scheme, own.edition, own.code, own.valid_from, own.valid_to, type_=Text)
    return select(admin_area, written.label("area_code"), level_of(own.level).label("level_name"))


def area_basis(area_id: ColumnElement[Any], point: ColumnElement[Any]) -> ColumnElement[str]:
    """Return how it is known that a place lies in an area: by its outline, or because somebody registered it there."""
    own = admin_area.alias("own_area")
    rows = select(func.ST_Covers(own.c.geom, planar(point))).where(own.c.id == area_id)
    drawn = rows.correlate_except(own).scalar_subquery()  # by itself it would read the rows of the whole page
    names = (constant(AreaBasis.OUTLINE.name), constant(AreaBasis.REGISTER.name))
    return case((area_id.is_(None), null()), (drawn, names[0]), else_=names[1])


def areas_of_place(area_set_id: ColumnElement[Any], point: ColumnElement[Any]) -> Select[Any]:
    """Return the smallest areas, one of each edition, that a place is known to lie in, and the ``basis`` of each."""
    several = select(func.unnest(area_set.c.area_ids)).where(area_set.c.id == area_set_id)
    basis = area_basis(admin_area.c.id, point).label("basis")
    rows = areas().add_columns(basis)
    return rows.where(or_(admin_area.c.id == area_set_id, admin_area.c.id.in_(several)))


def same_code(area: Any) -> Select[Any]:
    """Return the areas of other editions of the same scheme that bear the same code and are other places.

    The attributes of ``area`` are the columns of its row.
    """
    rows = areas()
    return rows.where(
        admin_area.c.scheme == area.scheme,
        func.upper(admin_area.c.code) == func.upper(area.code),
        admin_area.c.edition != area.edition,
        admin_area.c.name_key != area.name_key,
    )


def level_names(area: Any) -> Select[Any]:
    """Return what its country calls the level of an area, by the nation of its own scheme and edition.

    The attributes of ``area`` are the columns of its row.
    """
    nation, held = admin_area.alias("nation"), area_within.alias("held_by_nation")
    return (
        select(level_name)
        .join_from(level_name, nation, nation.c.id == level_name.c.nation_id)
        .join(held, held.c.ancestor_id == nation.c.id)
        .where(held.c.area_id == area.id, level_name.c.level == area.level)
        .where(nation.c.scheme == area.scheme, nation.c.edition == area.edition)
    )


def areas_in_force() -> Select[Any]:
    """Return the admin areas in force today."""
    return areas().where(func.daterange(admin_area.c.valid_from, admin_area.c.valid_to).op("@>")(IN_FORCE))


def populations() -> Select[Any]:
    """Return every census figure of every area: total, under_18, year."""
    return select(area_population)


def ground_of_maps() -> Select[Any]:
    """Return every river, lake and neighbouring country that maps are drawn on."""
    return select(ground)


def localities() -> Select[Any]:
    """Return every locality, and its ``area_code``: a code of its own."""
    return select(locality, (locality.c.scheme + ":" + locality.c.code).label("area_code"))


def expected_reporters() -> Select[Any]:
    """Return from and until which quarter each locality is expected to report."""
    return select(expected_reporter)


def organizations() -> Select[Any]:
    """Return every published organisation: one of its actors is in the directory, or it has held a training."""
    ours = (actor.c.organization_id, training_organizer.c.organization_id)
    told = (exists().where(each == organization.c.id).correlate(organization) for each in ours)
    return select(organization).where(or_(*told))


def named_organizations() -> Select[Any]:
    """Return every organisation, to be found by an actor or a training that names it: by that it is published.

    To ask it again of each row is dear: with a plan of before, one list of organisers took up to 2 s.
    """
    return select(organization)


def actors() -> Select[Any]:
    """Return every protection actor; its place is exact, so its radius is 0 metres, and it has no zone."""
    nowhere = cast(null(), Uuid(as_uuid=False)).label("zone_id")
    return select(actor, literal_column("0.0::double precision", Double).label("radius_m"), nowhere)


def zones() -> Select[Any]:
    """Return every zone by which confidential services are published."""
    return select(zone)


def services() -> Select[Any]:
    """Return every service; a confidential one has no place, area or actor, only its zone.

    ``capacity`` is public, and NULL for a shelter, whose places are read by :func:`places_of`. ``version`` rises when
    those places change, so it is not among the columns: see :func:`versions`.
    """
    told = (each for each in service.c if each.name not in ("capacity", "public_capacity", "version"))
    return select(*told, service.c.public_capacity.label("capacity"))


def versions() -> Select[Any]:
    """Return the version of every service; the public may not read it."""
    return select(service.c.id, service.c.version)


def services_with_a_place() -> Select[Any]:
    """Return every service with a place, to which distances can be measured."""
    return services().where(HAS_PLACE)


def services_with_actors() -> Select[Any]:
    """Return every service with the name of its actor, NULL where it is confidential."""
    return (
        services()
        .add_columns(actor.c.name.label("actor_name"))
        .outerjoin_from(service, actor, service.c.actor_id == actor.c.id)
    )


def told_point(point: ColumnElement[Any], zone_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the published point of a site: its own or, if it is confidential, that of its zone."""
    return func.coalesce(point, _of_zone(zone.c.point, zone_id), type_=zone.c.point.type)


def told_radius_m(radius_m: ColumnElement[float], zone_id: ColumnElement[Any]) -> ColumnElement[float]:
    """Return the radius in metres around that point: 0 if it is exact, otherwise that of the zone."""
    return func.coalesce(_of_zone(zone.c.radius_m, zone_id), radius_m, type_=Double())


def _of_zone(column: ColumnElement[Any], zone_id: ColumnElement[Any]) -> ColumnElement[Any]:
    found = select(column).where(zone.c.id == zone_id)
    return found.correlate_except(zone).scalar_subquery()


def has_places(service_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a shelter has a free place, which is all that the public may know; NULL if it is unknown."""
    return func.lakana.has_places(service_id, type_=Boolean)


def version_of(service_version: Any, shelter_version: Any) -> Any:
    """Return the version of a shelter, which changes when either of its two rows does; numbers or expressions."""
    return service_version + shelter_version - 1


def shelters() -> Select[Any]:
    """Return every shelter with the public columns of its service.

    The numbers of its places and of those taken are not public, nor is its version, which rises as children come and
    go: see :func:`places_of`.
    """
    return select(
        *(each for each in shelter.c if each.name not in ("occupancy", "version")),
        service.c.name,
        service.c.name_key,
        service.c.actor_id,
        service.c.confidential,
        service.c.point,
        service.c.radius_m,
        service.c.locality_id,
        service.c.area_id,
        service.c.area_set_id,
        service.c.zone_id,
        service.c.source_id,
    ).join_from(shelter, service, shelter.c.service_id == service.c.id)


PLACES_BAND = 10
"""The width of the bands in which a confidential shelter's places are published, as ``lakana.in_tens`` rounds. Few
shelters ever leave the first band."""


def places_of() -> Select[Any]:
    """Return each shelter's places in all, taken and free, and its version; the public may not read them.

    For a confidential shelter they are stored as multiples of :data:`PLACES_BAND`.
    """
    return select(
        shelter.c.service_id,
        service.c.capacity,
        shelter.c.occupancy,
        func.lakana.free_places(service.c.id, type_=Integer).label("available"),
        version_of(service.c.version, shelter.c.version).label("version"),
    ).join_from(shelter, service, shelter.c.service_id == service.c.id)


def front_gates() -> Select[Any]:
    """Return the contact of each confidential shelter; the public may not read it."""
    return select(front_gate)


def trainings() -> Select[Any]:
    """Return every training."""
    return select(training_event)


def proposals() -> Select[Any]:
    """Return every proposal; stewards read them.

    A partner that proposes a change to a confidential shelter is not shown, for mostly it runs the shelter. Nor is the
    moment: of these proposals the day is stored, and they are listed from the next day (UTC).
    """
    hidden = and_(proposal.c.by_partner, func.lakana.is_about_confidential(proposal.c.subject_id, type_=Boolean))
    told = (each for each in proposal.c if each.name not in ("proposed_by", "proposed_person", "by_partner"))
    return select(
        *told,
        case((hidden, constant("partner")), else_=proposal.c.proposed_by).label("proposed_by"),
        case((hidden, null()), else_=proposal.c.proposed_person).label("proposed_person"),
    ).where(or_(not_(hidden), proposal.c.proposed_at < DAY_BEGAN))


def own_proposals() -> Select[Any]:
    """Return the proposals that the caller made as a partner, without who reviewed them and when."""
    unknown = ("reviewed_by", "reviewed_at", "reviewed_person", "by_partner")
    told = (column(each.name, each.type) for each in proposal.c if each.name not in unknown)
    own = func.lakana.proposals_of(bind("caller_keeper", Text)).table_valued(*told).alias("own_proposal")
    return select(*own.c)


def audit_entries() -> Select[Any]:
    """Return every entry of the audit log with its moment, without what is sealed; stewards read them.

    ``action`` and ``subject_kind`` are terms; a word that this version does not know is OTHER. ``record_id`` is the id
    of the record that it is about; a release has no id and a ``release_number``.
    """
    own = audit_entry.c
    told = (each for each in own if each.name not in ("action", "subject"))
    return select(
        *told,
        func.to_timestamp(own.at_s).label("at"),
        _known(own.action, AuditAction).label("action"),
        _known(own.subject, AuditSubject).label("subject_kind"),
        case((own.subject_id.op("~")(constant(_ID)), cast(own.subject_id, Uuid(as_uuid=False)))).label("record_id"),
        case((own.subject == constant("release"), cast(own.subject_id, Integer))).label("release_number"),
    )


_ID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def _known(word: ColumnElement[str], kind: type[AuditAction | AuditSubject]) -> ColumnElement[str]:
    """Return a word of the log as the name of its term."""
    names = {constant(each.value): constant(each.name) for each in kind}
    return case(names, value=func.upper(word), else_=constant(kind.OTHER.name))


def under_18_of(area_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return how many children under 18 the latest census counted in an area; NULL where none did."""
    latest = select(area_population.c.under_18).where(area_population.c.area_id == area_id)
    return latest.order_by(area_population.c.year.desc()).limit(1).scalar_subquery()


def incident_counts(of_type: ColumnElement[bool]) -> Select[Any]:
    """Return every place and period that was released, with the published count of one type or of all, if there is one.

    Parameters
    ----------
    of_type
        The condition on ``published_count.incident_type`` that names the type.

    Returns
    -------
    Select
        ``id`` is that of the place, the area ``counted_area_id`` or the locality ``locality_id``; ``area_id`` is the
        smallest area that holds the place. ``status`` is that of :class:`geo.vocabulary.CountStatus`; ``count`` and
        ``source_id`` are NULL where it is not PUBLISHED. ``localities_reporting`` of ``localities_expected`` are those
        whose returns the count adds up, and ``reporters`` is a digest of which. The rate is per 100,000 children under
        18 in the period, to one decimal; NULL if the number of children is unknown, where the count is 0, which stands
        for 0 to 4, and where somebody expected did not report: it would tell of silence as of safety.

    """
    told, place = published_count.c, reporting.c
    under_18 = func.coalesce(under_18_of(place.area_id), locality.c.under_18)
    # What an upgrade found published as zero though nobody had reported it is not told.
    published = and_(told.id.is_not(None), told.localities_reporting > literal_column("0"))
    count = case((published, told.count))
    reported, expected, reporters = (
        case((published, told[name]), else_=place[name]).label(name)
        for name in ("localities_reporting", "localities_expected", "reporters")
    )
    rate = cast(func.round(cast(count, Numeric) * 100_000 / func.nullif(under_18, 0), 1), Double)
    complete = and_(told.count > literal_column("0"), told.localities_reporting == told.localities_expected)
    same = and_(
        told.current,
        told.level == place.level,
        told.period == place.period,
        # The expression of the index: a page of 100,000 localities takes 0.2 s, and 17 s by two columns.
        func.coalesce(told.area_id, told.locality_id) == func.coalesce(place.area_id, place.locality_id),
        of_type,
    )
    return (
        select(
            place.level,
            place.period,
            case(
                (published, constant(CountStatus.PUBLISHED.name)),
                (place.localities_reporting == literal_column("0"), constant(CountStatus.NOT_REPORTED.name)),
                else_=constant(CountStatus.NOT_RELEASED.name),
            ).label("status"),
            count.label("count"),
            func.coalesce(admin_area.c.id, locality.c.id).label("id"),
            func.coalesce(admin_area.c.name_key, locality.c.name_key).label("name_key"),
            func.coalesce(admin_area.c.id, locality.c.area_id).label("area_id"),
            func.coalesce(admin_area.c.id, locality.c.area_set_id).label("area_set_id"),
            place.area_id.label("counted_area_id"),
            case((complete, rate)).label("rate_per_100k_under_18"),
            under_18.label("under_18"),
            place.locality_id,
            reported,
            expected,
            reporters,
            told.release_number,
            case((published, told.source_id)).label("source_id"),
        )
        .select_from(reporting)
        .outerjoin(published_count, same)
        .outerjoin(admin_area, admin_area.c.id == place.area_id)
        .outerjoin(locality, locality.c.id == place.locality_id)
    )
