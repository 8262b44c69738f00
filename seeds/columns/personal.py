"""Rows about single persons: a table of them is refused before a row is kept. This system holds aggregates only.

A column's name is compared by its whole words: what names or numbers somebody beside a word for a person or a case, as
in ``Nom complet de l'enfant``, ``case_id_display`` and ``NOMMERE``.
"""

from __future__ import annotations

from itertools import pairwise, product

from seeds.columns.kind import plain, words
from seeds.readers.table import Form
from seeds.troubles import CellTrouble, Refused


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PERSON = _words(
    "victim victime survivor survivant survivante enfant child beneficiary beneficiaire patient patiente mother mere "
    "father pere caregiver guardian tuteur tutrice mineur mineure minor eleve student girl fille boy garcon client "
    "cliente"
)
_PERSONS = _words(
    "victims victimes survivors survivants survivantes enfants children beneficiaries beneficiaires patients mineurs "
    "minors eleves students girls filles boys garcons clients"
)
_CASE = _words("case cas dossier dossiers")
_TELLING = _words(
    "nom noms name names prenom prenoms code codes id ids identifiant identifier ref reference initials initiales "
    "phone telephone tel adresse address photo naissance naiss birth dob"
)
"""Tells who somebody is, whether the word beside it means one or many."""
_NUMBER = _words("n no nr num numero number")
"""Tells who somebody is beside a word for one; beside a word for many it is a count."""
_BIRTH = _words("naissance naiss nais birth")
_WHEN_OR_WHERE = _words("date dt day jour month mois year annee place lieu country pays")
_BETWEEN = _words(
    "de du des la le les l d e et of the s a complet complete full first last famille family given legal reel usuel"
)
"""Words that do not part what names somebody from whom it names."""
_PAIRS = (
    (_TELLING, _PERSON | _PERSONS | _CASE),
    (_NUMBER, _PERSON | _CASE),
    (_WHEN_OR_WHERE, _BIRTH),
)
_TOGETHER = frozenset(
    each for left, right in _PAIRS for one, other in product(left, right) for each in (one + other, other + one)
)
_ALONE = _words("prenom prenoms firstname lastname surname forename dob ddn birthdate birthday")
"""Words that tell of a person whatever stands beside them."""

_NAMES = """
full name|nom complet|d.o.b.|victime|victim|bénéficiaire|beneficiary|nom de la personne|household head|head of household
chef de ménage|diagnosis|identité de l’enfant|nom de l’orphelin|contact de la victime
first name|last name|family name|given name|maiden name|nom de famille|nom de jeune fille|naissance|birth|né le|née le
né(e) le|nom du parent|nom des parents|name of parent|parent's name|passport|passport number|passeport
numéro de passeport|national id|nina|numéro nina|carte d’identité|numéro de carte
"""
"""What else columns about single persons are called; bars and line ends part them."""

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
_SEX = _words("sex sexe gender genre")
_OF_MANY = _words(
    "range group groupe tranche band bracket min max minimum maximum moins under moyen mean average median"
)
"""An age beside one of these words is no single person's."""
_COUNT = _words(
    "count counts total totals nombre effectif effectifs population value values valeur valeurs cases events targeted "
    "reached ciblees cibles atteintes atteints"
)
_NO_COUNT = _words("phone telephone tel mobile whatsapp contact id group groupe status type")
"""What stands beside one of these words is a number that names something, or a sort of people."""


def tells_of_a_person(column: str) -> bool:
    """Return whether a column of this name tells who somebody is.

    Examples
    --------
    >>> [tells_of_a_person(each) for each in ("N° cas", "grp/Nom_Prenom", "NOMENFANT", "Victim's name")]
    [True, True, True, True]
    >>> [tells_of_a_person(each) for each in ("Nombre de cas", "Nom de l’espace ami des enfants", "N enfants")]
    [False, False, False]

    """
    its = [each for each in words(column) if each not in _BETWEEN]
    whole = {plain(column), plain(column.rpartition("/")[2])}
    return bool(
        whole & (PERSONAL | _TOGETHER)
        or _ALONE.intersection(its)
        or _TOGETHER.intersection(its)
        or any(one + other in _TOGETHER for one, other in pairwise(its))
    )


def check(form: Form) -> None:
    """Refuse a table whose rows are single persons, by the names of its columns.

    Raises
    ------
    Refused
        Names the columns, never a value.

    """
    told = [each for each in form.names() if tells_of_a_person(each)]
    of_ctdc = [each for each in form.names() if plain(each) in CTDC]
    told += of_ctdc if len(of_ctdc) >= FEW_OF_CTDC else []
    by_words = {each: frozenset(words(each)) for each in form.names()}
    ages = [each for each, its in by_words.items() if "age" in its and not its & _OF_MANY]
    sexes = [each for each, its in by_words.items() if its & _SEX]
    if ages and sexes and not any(map(_is_count, by_words.values())):
        told += [*ages, *sexes]
    if told:
        raise Refused(CellTrouble.PERSONAL, columns=", ".join(dict.fromkeys(told)))


def _is_count(its: frozenset[str]) -> bool:
    if {"number", "of"} <= its or {"in", "need"} <= its:
        return True
    return bool(its & _COUNT) and not its & _NO_COUNT
