"""The field's words: enumerations, their labels in French, English and Bambara, and the ids that other systems use.

A Bambara label stands only where the term is sure; elsewhere the French one is given.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TypeVar


class Locale(Enum):
    """A language of the product, French first."""

    FR = "FR"
    EN = "EN"
    BM = "BM"


class ReportingLevel(Enum):
    """The levels at which incident counts are published."""

    NATION = "NATION"
    REGION = "REGION"
    CERCLE = "CERCLE"
    LOCALITY = "LOCALITY"


class Localities(StrEnum):
    """How finely the localities of a quarter are told: chosen at its first release, for ever."""

    BY_TYPE = "by-type"
    """By quarter and year, by type and all types together."""
    ALL_TYPES = "all-types"
    """By quarter and year, all types together only."""
    YEARS = "years"
    """By year only."""


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
    """Of a child, where a service takes girls only or boys only."""

    GIRL = "GIRL"
    BOY = "BOY"


class ReferralExclusion(Enum):
    """Why a service is left out of what a child is referred to."""

    CLOSED = "CLOSED"
    FULL = "FULL"
    TOO_YOUNG = "TOO_YOUNG"
    TOO_OLD = "TOO_OLD"
    GIRLS_ONLY = "GIRLS_ONLY"
    BOYS_ONLY = "BOYS_ONLY"
    NOT_VERIFIED_LATELY = "NOT_VERIFIED_LATELY"
    TOO_FAR = "TOO_FAR"


class TravelMode(Enum):
    """How one travels."""

    GEODESIC = "GEODESIC"
    WALK = "WALK"
    MOTORCYCLE = "MOTORCYCLE"
    CAR = "CAR"


class Season(Enum):
    """When one travels: rain makes roads slower and ways longer."""

    DRY = "DRY"
    RAINY = "RAINY"


class TravelBasis(Enum):
    """What the reach of an answer rests on."""

    MEASURED = "MEASURED"
    ESTIMATE = "ESTIMATE"
    NETWORK = "NETWORK"


class ProposalKind(Enum):
    """What a proposal is about."""

    ACTOR = "ACTOR"
    SERVICE = "SERVICE"
    SHELTER = "SHELTER"
    PUBLICATION = "PUBLICATION"


class ProposalStatus(Enum):
    """How far a proposal is."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class SitingModel(Enum):
    """What the best sites are best at."""

    MCLP = "MCLP"
    P_MEDIAN = "P_MEDIAN"
    LSCP = "LSCP"
    P_CENTER = "P_CENTER"


class SitingStatus(Enum):
    """What is known of recommended sites."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"


class SitingJobStatus(Enum):
    """How far a job is that looks for sites."""

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
    """What was reported. Trafficking and smuggling are two crimes and are told apart everywhere."""

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


Term = TypeVar("Term", bound=Enum)

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

PRIMERO_IDS: dict[str, ServiceCategory] = {
    "child_protection_service": ServiceCategory.CASE_MANAGEMENT,
    "psychosocial_service": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    "basic_psychosocial_support": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    "focuses_non_specialized_mhpss_care": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    "specialized_mhpss_services": ServiceCategory.PSYCHOSOCIAL_SUPPORT,
    # The missing r is in the Primero deployments themselves.
    "family_seunification_service": ServiceCategory.FAMILY_TRACING_REUNIFICATION,
    "family_tracing_and_reunification": ServiceCategory.FAMILY_TRACING_REUNIFICATION,
    "family_mediation_service": ServiceCategory.FAMILY_MEDIATION,
    "alternative_care": ServiceCategory.ALTERNATIVE_CARE,
    "safehouse_service": ServiceCategory.SAFE_SHELTER,
    "security_e_g_safe_shelter": ServiceCategory.SAFE_SHELTER,
    "shelter": ServiceCategory.SAFE_SHELTER,
    "health_medical_service": ServiceCategory.MEDICAL,
    "medical": ServiceCategory.MEDICAL,
    "sexual_and_reproductive_health": ServiceCategory.MEDICAL,
    "legal_assistance_service": ServiceCategory.LEGAL_AID,
    "legal_support": ServiceCategory.LEGAL_AID,
    "police_other_service": ServiceCategory.POLICE_JUSTICE,
    "registration_service": ServiceCategory.CIVIL_DOCUMENTATION,
    "documentation": ServiceCategory.CIVIL_DOCUMENTATION,
    "education_service": ServiceCategory.EDUCATION,
    "education_formal": ServiceCategory.EDUCATION,
    "non_formal_education": ServiceCategory.EDUCATION,
    "livelihoods_service": ServiceCategory.LIVELIHOODS_CASH,
    "livelihoods": ServiceCategory.LIVELIHOODS_CASH,
    "cash_assistance": ServiceCategory.LIVELIHOODS_CASH,
    "food_service": ServiceCategory.FOOD_NUTRITION,
    "food": ServiceCategory.FOOD_NUTRITION,
    "nutrition": ServiceCategory.FOOD_NUTRITION,
    "nfi_clothes_shoes_service": ServiceCategory.BASIC_ITEMS_WASH,
    "water_sanitation_service": ServiceCategory.BASIC_ITEMS_WASH,
    "non_food_items": ServiceCategory.BASIC_ITEMS_WASH,
    "wash": ServiceCategory.BASIC_ITEMS_WASH,
    "services_for_children_with_disabilities": ServiceCategory.DISABILITY,
    "other_service": ServiceCategory.OTHER,
    "other_please_specify": ServiceCategory.OTHER,
}

Words = tuple[str, str, str | None]
"""French, English, and Bambara or None where the term is not sure."""

_ACTOR_KINDS: dict[ActorKind, Words] = {
    ActorKind.CHILD_PROTECTION_OFFICER: ("Délégué à la protection de l’enfance", "Child protection officer", None),
    ActorKind.JUVENILE_JUDGE: ("Juge des enfants", "Juvenile judge", None),
    ActorKind.PROSECUTOR: ("Procureur de la République", "Prosecutor", None),
    ActorKind.DEPUTY_PROSECUTOR: ("Substitut du procureur", "Deputy prosecutor", None),
    ActorKind.POLICE_BRIGADE: ("Brigade de police", "Police brigade", "Polisi"),
    ActorKind.GENDARMERIE: ("Gendarmerie", "Gendarmerie", "Zandarima"),
    ActorKind.SOCIAL_SERVICE: ("Service social", "Social service", None),
    ActorKind.LOCAL_AUTHORITY: ("Collectivité ou autorité locale", "Local authority", None),
    ActorKind.NGO: ("ONG", "NGO", None),
    ActorKind.CIVIL_SOCIETY: ("Société civile", "Civil society", None),
    ActorKind.CHILD_RIGHTS_ASSOCIATION: ("Association des droits de l’enfant", "Child-rights association", None),
    ActorKind.WOMENS_GROUP: ("Groupement de femmes", "Women’s group", "Musow ka tɔn"),
    ActorKind.YOUTH_GROUP: ("Groupement de jeunes", "Youth group", "Denmisɛnw ka tɔn"),
    ActorKind.SCHOOL: ("École", "School", "Lakɔli"),
    ActorKind.TRADITIONAL_LEADER: ("Chef traditionnel", "Traditional leader", "Dugutigi"),
    ActorKind.RELIGIOUS_LEADER: ("Chef religieux", "Religious leader", None),
    ActorKind.HEALTH_FACILITY: ("Structure de santé", "Health facility", "Dɔgɔtɔrɔso"),
    ActorKind.NATIONAL_COMMITTEE: ("Comité national", "National committee", None),
    ActorKind.UN_AGENCY: ("Agence des Nations Unies", "United Nations agency", None),
    ActorKind.DONOR: ("Bailleur de fonds", "Donor", None),
    ActorKind.OTHER: ("Autre", "Other", None),
}

_INCIDENT_TYPES: dict[IncidentType, Words] = {
    IncidentType.TRAFFICKING: ("Traite des enfants", "Child trafficking", None),
    IncidentType.SMUGGLING: ("Trafic illicite de migrants", "Smuggling of migrants", None),
    IncidentType.CHILD_LABOUR: ("Travail des enfants", "Child labour", None),
    IncidentType.CHILD_SLAVERY: ("Esclavage d’enfants", "Child slavery", None),
    IncidentType.SEXUAL_EXPLOITATION: ("Exploitation sexuelle", "Sexual exploitation", None),
    IncidentType.SEXUAL_ABUSE: ("Abus sexuels", "Sexual abuse", None),
    IncidentType.DOMESTIC_VIOLENCE: ("Violence domestique", "Domestic violence", None),
    IncidentType.RECRUITMENT_BY_ARMED_GROUPS: (
        "Recrutement par des groupes armés ou terroristes",
        "Recruitment by armed or terrorist groups",
        None,
    ),
    IncidentType.FORCED_BEGGING: ("Mendicité forcée", "Forced begging", None),
    IncidentType.OTHER: ("Autre", "Other", None),
}

_SERVICE_CATEGORIES: dict[ServiceCategory, Words] = {
    ServiceCategory.CASE_MANAGEMENT: ("Gestion de cas", "Case management", None),
    ServiceCategory.IDENTIFICATION: ("Identification", "Identification", None),
    ServiceCategory.PSYCHOSOCIAL_SUPPORT: ("Soutien psychosocial", "Psychosocial support", None),
    ServiceCategory.FAMILY_TRACING_REUNIFICATION: (
        "Recherche et réunification familiales",
        "Family tracing and reunification",
        None,
    ),
    ServiceCategory.FAMILY_MEDIATION: ("Médiation familiale", "Family mediation", None),
    ServiceCategory.ALTERNATIVE_CARE: ("Prise en charge alternative", "Alternative care", None),
    ServiceCategory.SAFE_SHELTER: ("Hébergement sécurisé", "Safe shelter", None),
    ServiceCategory.MEDICAL: ("Soins médicaux", "Medical care", "Furakɛli"),
    ServiceCategory.LEGAL_AID: ("Assistance juridique", "Legal aid", None),
    ServiceCategory.POLICE_JUSTICE: ("Police et justice", "Police and justice", None),
    ServiceCategory.CIVIL_DOCUMENTATION: ("État civil et documentation", "Civil documentation", None),
    ServiceCategory.EDUCATION: ("Éducation", "Education", "Kalan"),
    ServiceCategory.LIVELIHOODS_CASH: (
        "Moyens d’existence et transferts monétaires",
        "Livelihoods and cash",
        None,
    ),
    ServiceCategory.FOOD_NUTRITION: ("Alimentation et nutrition", "Food and nutrition", "Dumuni"),
    ServiceCategory.BASIC_ITEMS_WASH: (
        "Articles de première nécessité, eau et assainissement",
        "Basic items, water and sanitation",
        None,
    ),
    ServiceCategory.DISABILITY: ("Handicap", "Disability", None),
    ServiceCategory.OTHER: ("Autre", "Other", None),
}

_STAGES: dict[Stage, Words] = {
    Stage.IDENTIFICATION: ("Identification", "Identification", None),
    Stage.REFERRAL: ("Orientation", "Referral", None),
    Stage.SUPPORT: ("Prise en charge directe", "Direct support", None),
}

_EXCLUSIONS: dict[ReferralExclusion, Words] = {
    ReferralExclusion.CLOSED: ("Fermé à ce moment", "Closed at that moment", None),
    ReferralExclusion.FULL: ("Aucune place libre", "No place free", None),
    ReferralExclusion.TOO_YOUNG: ("N’accueille pas d’enfant si jeune", "Takes no child so young", None),
    ReferralExclusion.TOO_OLD: ("N’accueille pas d’enfant de cet âge", "Takes no child of that age", None),
    ReferralExclusion.GIRLS_ONLY: ("N’accueille que des filles", "Takes girls only", None),
    ReferralExclusion.BOYS_ONLY: ("N’accueille que des garçons", "Takes boys only", None),
    ReferralExclusion.NOT_VERIFIED_LATELY: (
        "Pas vérifié depuis le délai demandé",
        "Not verified within the time asked for",
        None,
    ),
    ReferralExclusion.TOO_FAR: ("Hors de portée", "Out of reach", None),
}

_LABELS: dict[Enum, Words] = dict(
    [
        *_ACTOR_KINDS.items(),
        *_INCIDENT_TYPES.items(),
        *_SERVICE_CATEGORIES.items(),
        *_STAGES.items(),
        *_EXCLUSIONS.items(),
    ]
)


def in_language(words: Words, locale: Locale) -> str:
    """Give the words of a language, French where it has none.

    Examples
    --------
    >>> in_language(("École", "School", None), Locale.BM)
    'École'

    """
    french, english, bambara = words
    return {Locale.FR: french, Locale.EN: english, Locale.BM: bambara or french}[locale]


def label(term: Enum, locale: Locale = Locale.FR) -> str:
    """Give the words for a term in a language, French where the language has none.

    Examples
    --------
    >>> label(ActorKind.SCHOOL, Locale.BM)
    'Lakɔli'
    >>> label(ActorKind.DONOR, Locale.BM)
    'Bailleur de fonds'

    """
    return in_language(_LABELS[term], locale)


def labels(terms: type[Term]) -> dict[str, dict[str, str]]:
    """Give every label of an enumeration: term name → locale name → words, no gaps."""
    return {term.name: {locale.name: label(term, locale) for locale in Locale} for term in terms}
