"""Terms of the vocabulary as files write them: by their ids, their labels in any language, and what forms call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from geo.vocabulary import PRIMERO_IDS, ActorKind, IncidentType, Locale, Sector, ServiceCategory, label
from seeds.columns.cells import Notation
from seeds.columns.kind import plain
from seeds.readers.table import Cell
from seeds.troubles import CellTrouble, Refused

Term = TypeVar("Term", bound=Enum)

ORGANIZATION_KINDS: Mapping[ActorKind, str] = {
    ActorKind.NGO: (
        "ONG Int|ONG Nat|ONG internationale|ONG nationale|ONG locale|International NGO|National NGO|Local NGO|"
        "INGO|NNGO|LNGO|Non governmental organisation|Non governmental organization|Organisation non gouvernementale"
    ),
    ActorKind.UN_AGENCY: "Agence UN|UN|ONU|UN agency|Agence ONU|United Nations|Nations Unies|Système des Nations Unies",
    ActorKind.CIVIL_SOCIETY: "OSC|CSO|Civil society organisation|Organisation de la société civile|CBO|OCB",
    ActorKind.DONOR: "Bailleur|Donateur|Donor",
    ActorKind.LOCAL_AUTHORITY: "Autorité locale|Mairie|Local government|Collectivité",
    ActorKind.RELIGIOUS_LEADER: "Religious|Religieux",
    ActorKind.OTHER: (
        "Mouv. CR|Mouvement Croix-Rouge|Croix-Rouge|Red Cross / Red Crescent|Red Cross|Red Crescent|Government|"
        "Gouvernement|Gvt|Academic / Research|Embassy|Ambassade|International Organization|Organisation internationale|"
        "Media|Military|Private sector|Secteur privé|Autre"
    ),
}
"""What 3W forms and the list of organisation types of humanitarianresponse.info call the kinds."""

SECTORS: Mapping[Sector, str] = {
    Sector.PROTECTION: "PRO|Protection générale|General protection",
    Sector.CHILD_PROTECTION: "PRO-CPN|CPN|CP|Protection de l’enfance|Protection enfance|PE|Child protection AoR",
    Sector.GENDER_BASED_VIOLENCE: "PRO-GBV|GBV|VBG|Violences basées sur le genre|Gender based violence",
    Sector.MINE_ACTION: "PRO-MIN|MIN|LAM|Action contre les mines|Lutte antimines",
    Sector.HOUSING_LAND_PROPERTY: "PRO-HLP|HLP|LTB|Logement, terre et biens|Logement, terre et propriété",
    Sector.EDUCATION: "EDU|Education",
    Sector.HEALTH: "HEA|SAN|Santé|Health",
    Sector.NUTRITION: "NUT",
    Sector.FOOD_SECURITY: "FSC|SA|SECAL|Sécurité alimentaire|Food security|Food security and livelihoods",
    Sector.WATER_SANITATION_HYGIENE: "WSH|WASH|EHA|Eau, assainissement et hygiène|Water Sanitation Hygiene",
    Sector.SHELTER_ITEMS: (
        "SHL|Abris|Abri|Shelter|Abris d’urgence et NFI|Emergency shelter and NFI|Abris/NFI|Shelter/NFI|Abris et BNA"
    ),
    Sector.CAMP_MANAGEMENT: "CCM|CCCM|GSAT|Camp coordination / management|Coordination et gestion des camps",
    Sector.EARLY_RECOVERY: "ERY|Relèvement rapide|Relèvement précoce",
    Sector.LOGISTICS: "LOG|Logistique",
    Sector.TELECOMMUNICATIONS: "TEL|ETC|Télécommunications d’urgence|Emergency telecommunications",
    Sector.COORDINATION: "COO|CSS|Coordination et services communs|Coordination and common services",
    Sector.CASH: "MPC|Cash|Transferts monétaires|Multi-purpose cash|Multipurpose cash",
    Sector.OTHER: "Autre|Multisecteur|Multi-sector|Multisector",
}
"""What 3W forms and the list of clusters of humanitarianresponse.info call the sectors."""


CATEGORIES: Mapping[ServiceCategory, str] = {
    ServiceCategory.MEDICAL: (
        "Community Health Centre|Community Health Unit|CSCOM|Clinic|Clinique|Health Clinic|Referral Health Centre|"
        "CSREF|Hospital|Hôpital|Polyclinic|Polyclinique|University Hospital|CHU|Regional Hospital|Health centre|"
        "Centre de santé|Doctors|Pharmacy|Pharmacie|Maternité|Dispensaire|Health post|Poste de santé|Santé|Health"
    ),
    ServiceCategory.POLICE_JUSTICE: "Police|Commissariat|Gendarmerie|Courthouse|Tribunal",
    ServiceCategory.EDUCATION: "School|École|Kindergarten|Jardin d’enfants|Collège|Lycée",
    ServiceCategory.CASE_MANAGEMENT: "Social centre|Service social|Centre social",
    ServiceCategory.SAFE_SHELTER: (
        "Foyer|Foyer d’accueil|Refuge|Safe house|Safe home|Women’s shelter|Group home|Maison d’accueil|"
        "Maison sécurisée|Centre d’accueil|Centre d’hébergement|Hébergement|Hébergement d’urgence|Centre de transit|"
        "Transit centre|Abri|Maison d’hébergement|Orphelinat|Orphanage|Pouponnière|Children’s home"
    ),
}
"""What lists of facilities, Primero and OpenStreetMap call the categories, beside Primero's own ids.

OpenStreetMap's social facilities are none of them: most are shelters, homes or kitchens.
"""

INCIDENT_TYPES: Mapping[IncidentType, str] = {
    IncidentType.TRAFFICKING: "Traite|Traite des personnes|Traite d’enfants|Traite d’êtres humains|TEH|Trafficking|"
    "Trafficking in persons|Human trafficking|TIP",
    IncidentType.SMUGGLING: "Trafic de migrants|Smuggling|Migrant smuggling|SOM",
    IncidentType.CHILD_LABOUR: "Travail d’enfants|Pires formes de travail des enfants|Child labor|WFCL",
    IncidentType.CHILD_SLAVERY: "Esclavage|Esclavage des enfants|Slavery",
    IncidentType.SEXUAL_EXPLOITATION: "Exploitation sexuelle des enfants|Sexual exploitation of children|CSEC",
    IncidentType.SEXUAL_ABUSE: "Abus sexuel|Viol|Violence sexuelle|Violences sexuelles|Rape|Sexual violence",
    IncidentType.DOMESTIC_VIOLENCE: "Violences domestiques|Violence familiale|Maltraitance|Family violence",
    IncidentType.RECRUITMENT_BY_ARMED_GROUPS: "Recrutement|Enrôlement|Enfants associés aux groupes armés|EAFGA|CAAFAG|"
    "Recruitment and use|Recrutement et utilisation d’enfants|Recruitment by armed groups",
    IncidentType.FORCED_BEGGING: "Mendicité|Begging|Enfants talibés mendiants",
}
"""What monitoring reports call the types of incident."""


def categories() -> Mapping[ServiceCategory, str]:
    """Return :data:`CATEGORIES` with the ids of Primero and CPIMS+."""
    said: dict[ServiceCategory, str] = dict(CATEGORIES)
    for each, category in PRIMERO_IDS.items():
        said[category] = f"{said.get(category, '')}|{each}"
    return said


def several(parse: Callable[[Cell, Notation], Term]) -> Callable[[Cell, Notation], tuple[Term, ...]]:
    """Return a parser of several terms, parted by bars, semicolons or commas, each once."""
    return lambda cell, notation: tuple(
        dict.fromkeys(parse(each, notation) for each in re.split(r"[|;,]", str(cell)) if each.strip())
    )


def known(terms: type[Term], also: Mapping[Term, str]) -> Mapping[str, Term]:
    """Return terms by all that each is called, as :func:`plain` writes it; ``also`` parts its further names by bars."""
    return {plain(name): each for each in terms for name in called(each, also)}


def called(term: Term, also: Mapping[Term, str]) -> tuple[str, ...]:
    """Return all that a term is called; ``also`` parts its further names by bars."""
    names = (term.name, *(label(term, locale) for locale in Locale), *also.get(term, "").split("|"))
    return tuple(each for each in names if each)


@dataclass(frozen=True)
class TermParser(Generic[Term]):
    """Reads a term of a vocabulary.

    Parameters
    ----------
    terms
        The vocabulary.
    known
        Its terms by all that they are called, as :func:`seeds.columns.kind.plain` writes it.

    """

    terms: type[Term]
    known: Mapping[str, Term]

    def __call__(self, cell: Cell, _notation: Notation) -> Term:
        """Return the term, of several parted by bars the first that is known; raises ``Refused`` if there is none."""
        said = (self.known.get(plain(each)) for each in str(cell).split("|"))
        found = next((each for each in said if each is not None), None)
        if found is None:
            raise Refused(CellTrouble.UNKNOWN_TERM, terms=", ".join(label(each) for each in self.terms))
        return found


def term(terms: type[Term], also: Mapping[Term, str]) -> TermParser[Term]:
    """Return a parser of a term; of several parted by bars it takes the first that is known.

    Parameters
    ----------
    terms
        The vocabulary.
    also
        What else each is called, parted by bars; whatever their case, accents and blanks are.

    Examples
    --------
    >>> term(ActorKind, ORGANIZATION_KINDS)("ong int", Notation())
    <ActorKind.NGO: 'NGO'>

    """
    return TermParser(terms, known(terms, also))
