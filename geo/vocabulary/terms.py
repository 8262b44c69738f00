"""The enumerations of the field."""

from __future__ import annotations

from enum import Enum, StrEnum


class Locale(Enum):
    """A language of the product, French first."""

    FR = "FR"
    EN = "EN"
    BM = "BM"


class AreaLevel(Enum):
    """The levels of a country: those of COD-AB, from the nation down, and that of its localities."""

    ADM0 = "ADM0"
    ADM1 = "ADM1"
    ADM2 = "ADM2"
    ADM3 = "ADM3"
    ADM4 = "ADM4"
    LOCALITY = "LOCALITY"


class Grain(StrEnum):
    """How finely a quarter is published: chosen at its first release, for ever.

    The first five differ in what is told of localities; of areas they tell quarters and years, each by type. Of all
    that is told by type, all types together are told too.
    """

    BY_TYPE = "by-type"
    """Localities: quarters and years, by type."""
    TYPES_BY_YEAR = "types-by-year"
    """Localities: quarters for all types together, years by type."""
    YEARS = "years"
    """Localities: years only, by type."""
    ALL_TYPES = "all-types"
    """Localities: quarters and years, for all types together."""
    YEARS_ALL_TYPES = "years-all-types"
    """Localities: years only, for all types together."""
    AREA_TYPES_BY_YEAR = "area-types-by-year"
    """Areas: quarters for all types together, years by type. Localities: years only, for all types together."""
    AREA_ALL_TYPES = "area-all-types"
    """Areas: quarters and years, for all types together. Localities: years only, for all types together."""


class AreaBasis(Enum):
    """How the area of a place is known."""

    OUTLINE = "OUTLINE"
    REGISTER = "REGISTER"


class CompetenceBasis(Enum):
    """How it is known that an actor is competent at a place."""

    OUTLINE = "OUTLINE"
    REGISTER = "REGISTER"
    LEVEL_ABOVE = "LEVEL_ABOVE"
    NATION = "NATION"


class PopulationBasis(Enum):
    """What the number of an area's people rests on."""

    COUNTED = "COUNTED"
    MODELLED = "MODELLED"
    TOWNS_ONLY = "TOWNS_ONLY"


class GroundKind(Enum):
    """What the ground of a map is made of."""

    RIVER = "RIVER"
    LAKE = "LAKE"
    NEIGHBOUR = "NEIGHBOUR"


class LocationPrecision(Enum):
    """What a point stands for: the place itself, or the published point of its area."""

    EXACT = "EXACT"
    AREA = "AREA"


class Stage(Enum):
    """The three stages of GLO.ACT that every service belongs to."""

    IDENTIFICATION = "IDENTIFICATION"
    REFERRAL = "REFERRAL"
    SUPPORT = "SUPPORT"


class Sex(Enum):
    """The sex of a child, for services that take only girls or only boys."""

    GIRL = "GIRL"
    BOY = "BOY"


class DirectoryOrder(Enum):
    """The order of a list of the directory; ties by id."""

    NAME = "NAME"
    VERIFIED_ON = "VERIFIED_ON"


class CountStatus(Enum):
    """Whether there is a count of a place for a period."""

    PUBLISHED = "PUBLISHED"
    NOT_REPORTED = "NOT_REPORTED"
    NOT_RELEASED = "NOT_RELEASED"


class FigureStatus(Enum):
    """Whether a figure that others publish is told in full."""

    KNOWN = "KNOWN"
    CENSORED = "CENSORED"


class FigureSex(Enum):
    """The sex of the people that a figure of others is about, whatever their age."""

    FEMALE = "FEMALE"
    MALE = "MALE"


class ReferralExclusion(Enum):
    """Why a service is no option for a referral."""

    CLOSED = "CLOSED"
    CLOSED_FOR_NOW = "CLOSED_FOR_NOW"
    HOURS_NOT_KNOWN = "HOURS_NOT_KNOWN"
    FULL = "FULL"
    TOO_YOUNG = "TOO_YOUNG"
    TOO_OLD = "TOO_OLD"
    GIRLS_ONLY = "GIRLS_ONLY"
    BOYS_ONLY = "BOYS_ONLY"
    NOT_VERIFIED_LATELY = "NOT_VERIFIED_LATELY"
    TOO_FAR = "TOO_FAR"


class TravelMode(Enum):
    """How one travels."""

    WALK = "WALK"
    MOTORCYCLE = "MOTORCYCLE"
    CAR = "CAR"


class Season(Enum):
    """When one travels: rain makes roads slower and ways longer."""

    DRY = "DRY"
    RAINY = "RAINY"


class TravelBasis(Enum):
    """What an answer's reach is based on."""

    MEASURED = "MEASURED"
    ESTIMATE = "ESTIMATE"
    NETWORK = "NETWORK"


class ProposalKind(Enum):
    """The kind of record that a proposal would change."""

    ACTOR = "ACTOR"
    SERVICE = "SERVICE"
    SHELTER = "SHELTER"
    PUBLICATION = "PUBLICATION"


class ProposalStatus(Enum):
    """The status of a proposal."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class WrongNumberOutcome(Enum):
    """What became of a phone number that somebody said was wrong."""

    CORRECTED = "CORRECTED"
    RIGHT = "RIGHT"


class PublicFact(Enum):
    """A fact that was public of a record before it was hidden or withdrawn; the value is the database's."""

    RECORD = "RECORD"
    NAME = "NAME"
    SITE = "PLACE"
    LOCALITY = "LOCALITY"
    ACTOR = "ACTOR"
    PHONE = "PHONE"
    OPENING_HOURS = "OPENING_HOURS"
    LANGUAGES = "LANGUAGES"
    CLOSED = "CLOSED"
    SOURCE = "SOURCE"


class AuditAction(Enum):
    """What an entry of the audit log says was done."""

    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"
    LOAD = "LOAD"
    TRY = "TRY"
    UNDO = "UNDO"
    WITHDRAW = "WITHDRAW"
    LOCATE = "LOCATE"
    ZONES = "ZONES"
    RENAME = "RENAME"
    BAND = "BAND"
    UNLINK = "UNLINK"
    OTHER = "OTHER"


class AuditSubject(Enum):
    """The kind of record that an entry of the audit log is about; its value is the name of the table."""

    ORGANIZATION = "ORGANIZATION"
    ACTOR = "ACTOR"
    SERVICE = "SERVICE"
    SHELTER = "SHELTER"
    FRONT_GATE = "FRONT_GATE"
    SITE = "SITE"
    CAPACITY = "PLACES"
    PROPOSAL = "PROPOSAL"
    INCIDENT_RETURN = "INCIDENT_RETURN"
    INCIDENT_COUNT = "INCIDENT_COUNT"
    EXPECTED_REPORTER = "EXPECTED_REPORTER"
    RELEASE = "RELEASE"
    PRESENCE = "PRESENCE"
    GUIDANCE = "GUIDANCE"
    PATHWAY_STEP = "PATHWAY_STEP"
    TRAINING_EVENT = "TRAINING_EVENT"
    TRAINED_ACTOR = "TRAINED_ACTOR"
    TRAINING_PARTICIPANTS = "TRAINING_PARTICIPANTS"
    SCENARIO = "SCENARIO"
    SITING_JOB = "SITING_JOB"
    KEY = "KEY"
    PERSON = "PERSON"
    INVITATION = "INVITATION"
    ZONE = "ZONE"
    ROADS = "ROADS"
    COUNTRY = "COUNTRY"
    IMPORT = "IMPORT"
    WRONG_NUMBER = "WRONG_NUMBER"
    OTHER = "OTHER"


class SitingModel(Enum):
    """The objective by which sites are recommended."""

    MCLP = "MCLP"
    P_MEDIAN = "P_MEDIAN"
    LSCP = "LSCP"
    P_CENTER = "P_CENTER"


class SitingStatus(Enum):
    """What is known about the optimality of recommended sites."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"


class SitingJobStatus(Enum):
    """The status of a siting job."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class ScenarioChangeKind(Enum):
    """What a scenario does to the services of its category."""

    ADD = "ADD"
    CLOSE = "CLOSE"
    MOVE = "MOVE"
    RESIZE = "RESIZE"


class DataPart(Enum):
    """A part of the data that a comparison of scenarios rests on, by the keys of ``lakana.data_digests``."""

    SERVICES = "SERVICES"
    DEMAND = "DEMAND"
    AREAS = "AREAS"
    TRAVEL = "TRAVEL"


class ActorKind(Enum):
    """What a protection actor is, by its mandate."""

    CHILD_PROTECTION_OFFICER = "CHILD_PROTECTION_OFFICER"
    JUVENILE_JUDGE = "JUVENILE_JUDGE"
    PROSECUTOR = "PROSECUTOR"
    DEPUTY_PROSECUTOR = "DEPUTY_PROSECUTOR"
    POLICE_BRIGADE = "POLICE_BRIGADE"
    GENDARMERIE = "GENDARMERIE"
    SOCIAL_SERVICE = "SOCIAL_SERVICE"
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY"
    NGO = "NGO"
    CIVIL_SOCIETY = "CIVIL_SOCIETY"
    CHILD_RIGHTS_ASSOCIATION = "CHILD_RIGHTS_ASSOCIATION"
    WOMENS_GROUP = "WOMENS_GROUP"
    YOUTH_GROUP = "YOUTH_GROUP"
    SCHOOL = "SCHOOL"
    TRADITIONAL_LEADER = "TRADITIONAL_LEADER"
    RELIGIOUS_LEADER = "RELIGIOUS_LEADER"
    HEALTH_FACILITY = "HEALTH_FACILITY"
    NATIONAL_COMMITTEE = "NATIONAL_COMMITTEE"
    UN_AGENCY = "UN_AGENCY"
    DONOR = "DONOR"
    OTHER = "OTHER"


class IncidentType(Enum):
    """A type of reported incident. Trafficking and smuggling are two crimes and are kept apart everywhere."""

    TRAFFICKING = "TRAFFICKING"
    SMUGGLING = "SMUGGLING"
    CHILD_LABOUR = "CHILD_LABOUR"
    CHILD_SLAVERY = "CHILD_SLAVERY"
    SEXUAL_EXPLOITATION = "SEXUAL_EXPLOITATION"
    SEXUAL_ABUSE = "SEXUAL_ABUSE"
    DOMESTIC_VIOLENCE = "DOMESTIC_VIOLENCE"
    RECRUITMENT_BY_ARMED_GROUPS = "RECRUITMENT_BY_ARMED_GROUPS"
    FORCED_BEGGING = "FORCED_BEGGING"
    OTHER = "OTHER"


class ServiceCategory(Enum):
    """What a service does for a child, in the categories of Primero / CPIMS+."""

    CASE_MANAGEMENT = "CASE_MANAGEMENT"
    IDENTIFICATION = "IDENTIFICATION"
    PSYCHOSOCIAL_SUPPORT = "PSYCHOSOCIAL_SUPPORT"
    FAMILY_TRACING_REUNIFICATION = "FAMILY_TRACING_REUNIFICATION"
    FAMILY_MEDIATION = "FAMILY_MEDIATION"
    ALTERNATIVE_CARE = "ALTERNATIVE_CARE"
    SAFE_SHELTER = "SAFE_SHELTER"
    MEDICAL = "MEDICAL"
    LEGAL_AID = "LEGAL_AID"
    POLICE_JUSTICE = "POLICE_JUSTICE"
    CIVIL_DOCUMENTATION = "CIVIL_DOCUMENTATION"
    EDUCATION = "EDUCATION"
    LIVELIHOODS_CASH = "LIVELIHOODS_CASH"
    FOOD_NUTRITION = "FOOD_NUTRITION"
    BASIC_ITEMS_WASH = "BASIC_ITEMS_WASH"
    DISABILITY = "DISABILITY"
    OTHER = "OTHER"


STAGES: dict[ServiceCategory, Stage | None] = {
    ServiceCategory.CASE_MANAGEMENT: Stage.REFERRAL,
    ServiceCategory.IDENTIFICATION: Stage.IDENTIFICATION,
    ServiceCategory.PSYCHOSOCIAL_SUPPORT: Stage.SUPPORT,
    ServiceCategory.FAMILY_TRACING_REUNIFICATION: Stage.SUPPORT,
    ServiceCategory.FAMILY_MEDIATION: Stage.SUPPORT,
    ServiceCategory.ALTERNATIVE_CARE: Stage.SUPPORT,
    ServiceCategory.SAFE_SHELTER: Stage.SUPPORT,
    ServiceCategory.MEDICAL: Stage.SUPPORT,
    ServiceCategory.LEGAL_AID: Stage.SUPPORT,
    ServiceCategory.POLICE_JUSTICE: Stage.IDENTIFICATION,
    ServiceCategory.CIVIL_DOCUMENTATION: Stage.SUPPORT,
    ServiceCategory.EDUCATION: Stage.SUPPORT,
    ServiceCategory.LIVELIHOODS_CASH: Stage.SUPPORT,
    ServiceCategory.FOOD_NUTRITION: Stage.SUPPORT,
    ServiceCategory.BASIC_ITEMS_WASH: Stage.SUPPORT,
    ServiceCategory.DISABILITY: Stage.SUPPORT,
    ServiceCategory.OTHER: None,
}
