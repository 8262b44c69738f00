"""The tables, in schemas that differ in who may read them.

* ``lakana``: what the public may read, and the front gates, which partners may read as well.
* ``exact``: exact places of confidential sites. No audience reads it; a custodian's call does, one record at a time.
* ``raw``: incident counts as they came in. Only the release job reads them.
* ``audit``: what was changed, and by whom. Stewards read it, without what is sealed.
* ``road``: the roads that travel times are computed along. No login reads them.
* ``identity``: keys and people. Only the login that looks them up reads them.

All points are ``geography(Point, 4326)``: distances are metres on the WGS 84 spheroid. SQL that SQLAlchemy cannot
express (triggers, functions, grants) is in ``geo/database/migrations/sql``.
"""

from geo.database.tables.audits import audit_answered, audit_entry, audit_sealed, audit_withheld, proposal
from geo.database.tables.common import (
    ACTOR_KIND,
    AREA_LEVEL,
    AUDIT,
    EXACT,
    GROUND_KIND,
    IDENTITY,
    INCIDENT_TYPE,
    PROPOSAL_KIND,
    PROPOSAL_STATUS,
    RAW,
    ROAD,
    SCHEMA,
    SEASON,
    SERVICE_CATEGORY,
    SITING_JOB_STATUS,
    STAGE,
    TRAVEL_MODE,
    metadata,
)
from geo.database.tables.counts import (
    expected_reporter,
    published_count,
    raw_incident_count,
    raw_incident_return,
    release,
    release_key,
    released_area,
    released_count,
    released_edition,
    reporting,
)
from geo.database.tables.directory import (
    actor,
    exact_former_gate,
    exact_former_phone,
    exact_former_word,
    exact_places,
    exact_site,
    exact_unlisted_actor,
    front_gate,
    organization,
    service,
    shelter,
    training_event,
    training_organizer,
)
from geo.database.tables.identities import api_key, person
from geo.database.tables.jobs import siting_job
from geo.database.tables.pathways import area_time_zone, dialling, guidance, holiday, hours_read, pathway_step
from geo.database.tables.places import (
    admin_area,
    area_crosswalk,
    area_population,
    area_set,
    area_within,
    ground,
    level_name,
    locality,
    locality_name,
    source,
)
from geo.database.tables.reach import access, access_refresh, demand_point, travel_estimate
from geo.database.tables.roads import road_edge, road_network, road_node, road_speed, travel_refresh, travel_time
from geo.database.tables.scenarios import data_change, scenario
from geo.database.tables.trainings import raw_training_participants, trained_actor, training_participants
from geo.database.tables.zones import zone, zone_area, zoning

__all__ = [
    "ACTOR_KIND",
    "AREA_LEVEL",
    "AUDIT",
    "EXACT",
    "GROUND_KIND",
    "IDENTITY",
    "INCIDENT_TYPE",
    "PROPOSAL_KIND",
    "PROPOSAL_STATUS",
    "RAW",
    "ROAD",
    "SCHEMA",
    "SEASON",
    "SERVICE_CATEGORY",
    "SITING_JOB_STATUS",
    "STAGE",
    "TRAVEL_MODE",
    "access",
    "access_refresh",
    "actor",
    "admin_area",
    "api_key",
    "area_crosswalk",
    "area_population",
    "area_set",
    "area_time_zone",
    "area_within",
    "audit_answered",
    "audit_entry",
    "audit_sealed",
    "audit_withheld",
    "data_change",
    "demand_point",
    "dialling",
    "exact_former_gate",
    "exact_former_phone",
    "exact_former_word",
    "exact_places",
    "exact_site",
    "exact_unlisted_actor",
    "expected_reporter",
    "front_gate",
    "ground",
    "guidance",
    "holiday",
    "hours_read",
    "level_name",
    "locality",
    "locality_name",
    "metadata",
    "organization",
    "pathway_step",
    "person",
    "proposal",
    "published_count",
    "raw_incident_count",
    "raw_incident_return",
    "raw_training_participants",
    "release",
    "release_key",
    "released_area",
    "released_count",
    "released_edition",
    "reporting",
    "road_edge",
    "road_network",
    "road_node",
    "road_speed",
    "scenario",
    "service",
    "shelter",
    "siting_job",
    "source",
    "trained_actor",
    "training_event",
    "training_organizer",
    "training_participants",
    "travel_estimate",
    "travel_refresh",
    "travel_time",
    "zone",
    "zone_area",
    "zoning",
]
