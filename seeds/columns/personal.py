"""Rows about single persons: a table of them is refused before a row is kept. This system holds aggregates only."""

from __future__ import annotations

from seeds.columns.kind import plain
from seeds.readers.table import Form
from seeds.troubles import CellTrouble, Refused

_NAMES = """
first name|last name|surname|family name|given name|maiden name|child name|name of child|name of the child
child's name|victim name|name of victim|survivor name|beneficiary name|name of beneficiary|patient name|mother's name
father's name|caregiver name|prénom|prénoms|nom et prénom|nom et prénoms|prénom et nom|nom de famille|nom de l’enfant
nom de la victime|nom de la survivante|nom du bénéficiaire|nom du patient|nom de la mère|nom du père|date of birth|dob
birth date|birthdate|birthday|date de naissance|né le|née le|ddn|lieu de naissance|place of birth|case number|case no
case id|case code|caseid|case reference|victim id|survivor code|survivor id|child id|beneficiary id
numéro de dossier|n° dossier|n° de dossier|no dossier|numéro du cas|numéro de cas|code du cas
id du cas|code victime|code survivante|code de l’enfant|id enfant|passport|passport number|numéro de passeport
national id|nina|numéro nina|carte d’identité|numéro de carte
"""
"""What columns about single persons are called; bars and line ends part them."""

_CTDC = """
yearOfRegistration|Datasource|ageBroad|majorityStatus|majorityStatusAtExploit|majorityEntry|citizenship|isForcedLabour
meansOfControlDebtBondage|meansOfControlTakesEarnings|meansOfControlThreats|isSexualExploit|isOtherExploit|isAbduction
isSexAndLabour|isForcedMarriage|isForcedMilitary|isOrganRemoval|isSlaveryAndPractices|typeOfExploitConcatenated
typeOfLabourConcatenated|typeOfSexConcatenated|RecruiterRelationship|CountryOfExploitation
"""
"""Columns of the Counter-Trafficking Data Collaborative's data of single victims."""
FEW_OF_CTDC = 3


def _listed(names: str) -> frozenset[str]:
    return frozenset(plain(each) for each in names.replace("\n", "|").split("|") if each.strip())


PERSONAL, CTDC = _listed(_NAMES), _listed(_CTDC)
_AGE = _listed("age|âge|age in years|âge en années|age (years)")
_SEX = _listed("sex|sexe|gender|genre")
_MANY = _listed(
    "count|total|number|nombre|population|effectif|in need|value|valeur|cases|events|targeted|reached|ciblées|atteintes"
)
"""Parts of names of columns that hold counts."""


def check(form: Form) -> None:
    """Refuse a table whose rows are single persons, by the names of its columns.

    Raises
    ------
    Refused
        Names the columns, never a value.

    """
    columns = {plain(each): each for each in form.names()}
    told = [each for name, each in columns.items() if name in PERSONAL]
    told += [columns[each] for each in sorted(CTDC & set(columns))] if len(CTDC & set(columns)) >= FEW_OF_CTDC else []
    counted = any(word in name for word in _MANY for name in columns)
    if not counted and _AGE & set(columns) and _SEX & set(columns):
        told += [columns[each] for each in sorted((_AGE | _SEX) & set(columns))]
    if told:
        raise Refused(CellTrouble.PERSONAL, columns=", ".join(told))
