"""The rows of each concept, with the columns that faces may show. Every question draws from these."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Numeric,
    Select,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)

from geo.queries.question import constant
from geo.tables import (
    actor,
    admin_area,
    area_population,
    audit_entry,
    front_gate,
    locality,
    organization,
    proposal,
    published_count,
    service,
    shelter,
    source,
    training_event,
    zone,
    zone_area,
)

IN_FORCE: ColumnElement[Any] = literal_column("current_date")


def sources() -> Select[Any]:
    """Give every source."""
    return select(source)


def areas() -> Select[Any]:
    """Give every admin area of every edition."""
    return select(admin_area)


def areas_in_force() -> Select[Any]:
    """Give the admin areas in force today."""
    return areas().where(func.daterange(admin_area.c.valid_from, admin_area.c.valid_to).op("@>")(IN_FORCE))


def populations() -> Select[Any]:
    """Give every census figure of every area: total, under_18, year."""
    return select(area_population)


def localities() -> Select[Any]:
    """Give every locality."""
    return select(locality)


def organizations() -> Select[Any]:
    """Give every organisation."""
    return select(organization)


def actors() -> Select[Any]:
    """Give every protection actor; its place is exact, so its radius is 0 metres."""
    return select(actor, literal_column("0.0::double precision", Double).label("radius_m"))


def services() -> Select[Any]:
    """Give every service at its public place: radius 0 metres where exact, that of its zone where confidential."""
    told = _told()
    columns = (told.get(each.name, each) for each in service.c)
    return select(*columns).join_from(service, zone, zone.c.id == service.c.zone_id, isouter=True)


def _told() -> dict[str, ColumnElement[Any]]:
    """Give the columns of a service's place as they are told: of a confidential one what its zone says."""
    alone = select(func.min(cast(zone_area.c.area_id, Text))).where(zone_area.c.zone_id == zone.c.id)
    alone = alone.having(func.count() == literal_column("1"))
    area = func.coalesce(service.c.area_id, cast(alone.scalar_subquery(), Uuid(as_uuid=False)), zone.c.country_id)
    place = type_coerce(func.coalesce(service.c.point, zone.c.point), service.c.point.type)
    return {
        "point": place.label("point"),
        "radius_m": func.coalesce(zone.c.radius_m, service.c.radius_m).label("radius_m"),
        "area_id": area.label("area_id"),
    }


def services_with_actors() -> Select[Any]:
    """Give every service with the name of its actor."""
    return services().add_columns(actor.c.name.label("actor_name")).outerjoin(actor, service.c.actor_id == actor.c.id)


def version_of(service_version: Any, shelter_version: Any) -> Any:
    """Give the version of a shelter, which changes when either of its two rows does; numbers or expressions."""
    return service_version + shelter_version - 1


def shelters() -> Select[Any]:
    """Give every shelter with what its service says of it."""
    told = _told()
    rows = select(
        *(each for each in shelter.c if each.name != "version"),
        service.c.name,
        service.c.name_key,
        service.c.actor_id,
        service.c.confidential,
        told["point"],
        told["radius_m"],
        service.c.locality_id,
        told["area_id"],
        func.coalesce(service.c.capacity, 0).label("capacity"),
        func.greatest(func.coalesce(service.c.capacity, 0) - shelter.c.occupancy, 0).label("available"),
        service.c.source_id,
        version_of(service.c.version, shelter.c.version).label("version"),
    ).join_from(shelter, service, shelter.c.service_id == service.c.id)
    return rows.outerjoin(zone, zone.c.id == service.c.zone_id)


def front_gates() -> Select[Any]:
    """Give whom to call about each confidential shelter; the public may not."""
    return select(front_gate)


def trainings() -> Select[Any]:
    """Give every training."""
    return select(training_event)


def proposals() -> Select[Any]:
    """Give every proposal; stewards read them."""
    return select(proposal)


def audit_entries() -> Select[Any]:
    """Give every entry of the audit log with its moment, without what is sealed; stewards read them."""
    return select(audit_entry, func.to_timestamp(audit_entry.c.at_s).label("at"))


def incident_counts() -> Select[Any]:
    """Give every current published count with its place and the children who live there.

    The rate is per 100,000 children under 18 in the period, to one decimal: NULL where nobody knows
    how many live there.
    """
    latest = (
        select(area_population.c.under_18)
        .where(area_population.c.area_id == published_count.c.area_id)
        .order_by(area_population.c.year.desc())
        .limit(1)
        .scalar_subquery()
    )
    under_18 = func.coalesce(latest, locality.c.under_18)
    coded = func.coalesce(admin_area.c.scheme + ":" + admin_area.c.code, locality.c.scheme + ":" + locality.c.code)
    count = published_count.c.count
    rate = cast(func.round(cast(count, Numeric) * 100_000 / func.nullif(under_18, 0), 1), Double)
    return (
        select(
            published_count.c.level,
            published_count.c.period,
            published_count.c.incident_type,
            count,
            case((count == 0, constant("0–4")), else_=cast(count, Text)).label("count_label"),
            coded.label("area_code"),
            func.coalesce(admin_area.c.name_fr, locality.c.name_fr).label("area_name"),
            func.coalesce(admin_area.c.name_key, locality.c.name_key).label("name_key"),
            func.coalesce(admin_area.c.id, locality.c.area_id).label("area_id"),
            locality.c.point,
            rate.label("rate_per_100k_under_18"),
            under_18.label("under_18"),
            published_count.c.locality_id,
            published_count.c.release_number,
            published_count.c.source_id,
        )
        .select_from(published_count)
        .outerjoin(admin_area, admin_area.c.id == published_count.c.area_id)
        .outerjoin(locality, locality.c.id == published_count.c.locality_id)
        .where(published_count.c.current)
    )
