"""The labels of terms in French, English and Bambara.

There is a Bambara label only if we are sure of the term; otherwise the French label is used.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from geo.vocabulary.sectors import Sector
from geo.vocabulary.terms import (
    ActorKind,
    DataPart,
    IncidentType,
    Locale,
    ReferralExclusion,
    ServiceCategory,
    Stage,
    WrongNumberOutcome,
)

Term = TypeVar("Term", bound=Enum)

Words = tuple[str, str, str | None]
"""French, English and Bambara; None if the Bambara term is uncertain."""

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
    ReferralExclusion.CLOSED: ("Fermé à ce moment-là", "Closed at that moment", None),
    ReferralExclusion.CLOSED_FOR_NOW: ("Fermé pour un temps", "Closed for a while", None),
    ReferralExclusion.HOURS_NOT_KNOWN: ("Horaires non connus", "Hours not known", None),
    ReferralExclusion.FULL: ("Aucune place libre", "No place free", None),
    ReferralExclusion.TOO_YOUNG: ("N’accueille pas d’enfant si jeune", "Takes no child so young", None),
    ReferralExclusion.TOO_OLD: ("N’accueille pas d’enfant de cet âge", "Takes no child of that age", None),
    ReferralExclusion.GIRLS_ONLY: ("N’accueille que des filles", "Takes girls only", None),
    ReferralExclusion.BOYS_ONLY: ("N’accueille que des garçons", "Takes boys only", None),
    ReferralExclusion.NOT_VERIFIED_LATELY: (
        "Non vérifié dans le délai demandé, ou jamais",
        "Not verified within the time asked for, or never",
        None,
    ),
    ReferralExclusion.TOO_FAR: ("Hors de portée", "Out of reach", None),
}

_DATA_PARTS: dict[DataPart, Words] = {
    DataPart.SERVICES: (
        "Services de la catégorie (emplacements ou capacité)",
        "Services of the category (where they stand, or their capacity)",
        None,
    ),
    DataPart.DEMAND: (
        "Demande (localités, cellules de population, nombre d’enfants)",
        "Demand (localities, cells of population, numbers of children)",
        None,
    ),
    DataPart.AREAS: ("Découpage administratif en vigueur", "Administrative areas in force", None),
    DataPart.TRAVEL: (
        "Réglages de l’estimation des temps de trajet",
        "Settings by which times of travel are estimated",
        None,
    ),
}

_SECTORS: dict[Sector, Words] = {
    Sector.PROTECTION: ("Protection", "Protection", None),
    Sector.CHILD_PROTECTION: ("Protection de l’enfance", "Child protection", None),
    Sector.GENDER_BASED_VIOLENCE: ("Violences basées sur le genre", "Gender-based violence", None),
    Sector.MINE_ACTION: ("Lutte antimines", "Mine action", None),
    Sector.HOUSING_LAND_PROPERTY: ("Logement, terres et biens", "Housing, land and property", None),
    Sector.EDUCATION: ("Éducation", "Education", "Kalan"),
    Sector.HEALTH: ("Santé", "Health", None),
    Sector.NUTRITION: ("Nutrition", "Nutrition", None),
    Sector.FOOD_SECURITY: ("Sécurité alimentaire", "Food security", None),
    Sector.WATER_SANITATION_HYGIENE: ("Eau, hygiène et assainissement", "Water, sanitation and hygiene", None),
    Sector.SHELTER_ITEMS: ("Abris et articles ménagers", "Shelter and household items", None),
    Sector.CAMP_MANAGEMENT: ("Gestion des sites", "Camp coordination and management", None),
    Sector.EARLY_RECOVERY: ("Relèvement précoce", "Early recovery", None),
    Sector.LOGISTICS: ("Logistique", "Logistics", None),
    Sector.TELECOMMUNICATIONS: ("Télécommunications", "Telecommunications", None),
    Sector.COORDINATION: ("Coordination", "Coordination", None),
    Sector.CASH: ("Transferts monétaires à usages multiples", "Multi-purpose cash", None),
    Sector.OTHER: ("Autre", "Other", None),
}

_OUTCOMES: dict[WrongNumberOutcome, Words] = {
    WrongNumberOutcome.CORRECTED: ("Numéro corrigé", "Number corrected", None),
    WrongNumberOutcome.RIGHT: ("Le numéro est juste", "The number is right", None),
}

_LABELS: dict[Enum, Words] = dict(
    [
        *_ACTOR_KINDS.items(),
        *_INCIDENT_TYPES.items(),
        *_SERVICE_CATEGORIES.items(),
        *_STAGES.items(),
        *_EXCLUSIONS.items(),
        *_DATA_PARTS.items(),
        *_SECTORS.items(),
        *_OUTCOMES.items(),
    ]
)


def in_language(words: Words, locale: Locale) -> str:
    """Return the text of a language, French if it has none.

    Examples
    --------
    >>> in_language(("École", "School", None), Locale.BM)
    'École'

    """
    french, english, bambara = words
    return {Locale.FR: french, Locale.EN: english, Locale.BM: bambara or french}[locale]


def label(term: Enum, locale: Locale = Locale.FR) -> str:
    """Return the label of a term in a language, French if the language has none.

    Examples
    --------
    >>> label(ActorKind.SCHOOL, Locale.BM)
    'Lakɔli'
    >>> label(ActorKind.DONOR, Locale.BM)
    'Bailleur de fonds'

    """
    return in_language(_LABELS[term], locale)


def has_label(term: Enum, locale: Locale) -> bool:
    """Return whether a language has a label of its own for a term.

    Examples
    --------
    >>> has_label(ActorKind.SCHOOL, Locale.BM), has_label(ActorKind.DONOR, Locale.BM)
    (True, False)

    """
    return locale is not Locale.BM or _LABELS[term][2] is not None


def has_labels(terms: type[Enum]) -> bool:
    """Return whether the terms of an enumeration have labels.

    Examples
    --------
    >>> has_labels(ActorKind), has_labels(Locale)
    (True, False)

    """
    return all(each in _LABELS for each in terms)


def labels(terms: type[Term]) -> dict[str, dict[str, str]]:
    """Return every label of an enumeration: term name → locale name → words, no gaps."""
    return {term.name: {locale.name: label(term, locale) for locale in Locale} for term in terms}
