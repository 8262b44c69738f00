"""The incident types that a category of service responds to: a high published rate makes its absence more urgent.

A category that is needed after any incident responds to all types together. For the others, each type has its reason
here.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.vocabulary import IncidentType, ServiceCategory

_AWAY_FROM_FAMILY = frozenset(
    {
        IncidentType.TRAFFICKING,
        IncidentType.SMUGGLING,
        IncidentType.CHILD_SLAVERY,
        IncidentType.RECRUITMENT_BY_ARMED_GROUPS,
        IncidentType.FORCED_BEGGING,
    }
)
_UNSAFE_AT_HOME = frozenset(
    {IncidentType.DOMESTIC_VIOLENCE, IncidentType.SEXUAL_ABUSE, IncidentType.SEXUAL_EXPLOITATION}
)
_HURT = _UNSAFE_AT_HOME | {IncidentType.TRAFFICKING, IncidentType.RECRUITMENT_BY_ARMED_GROUPS}
_OUT_OF_SCHOOL = frozenset(
    {
        IncidentType.CHILD_LABOUR,
        IncidentType.CHILD_SLAVERY,
        IncidentType.FORCED_BEGGING,
        IncidentType.RECRUITMENT_BY_ARMED_GROUPS,
    }
)
_FOUND_WITH_NOTHING = frozenset(
    {IncidentType.TRAFFICKING, IncidentType.SMUGGLING, IncidentType.CHILD_SLAVERY, IncidentType.FORCED_BEGGING}
)

ANSWERED: dict[ServiceCategory, frozenset[IncidentType]] = {
    # Tracing is for children whom the incident separated from their families.
    ServiceCategory.FAMILY_TRACING_REUNIFICATION: _AWAY_FROM_FAMILY,
    # The family took part in it, or sent the child away.
    ServiceCategory.FAMILY_MEDIATION: frozenset(
        {IncidentType.DOMESTIC_VIOLENCE, IncidentType.CHILD_LABOUR, IncidentType.FORCED_BEGGING}
    ),
    # The child cannot live with the family, or not yet: United Nations, Guidelines for the Alternative Care of
    # Children (A/RES/64/142), paragraphs 5 and 29.
    ServiceCategory.ALTERNATIVE_CARE: _AWAY_FROM_FAMILY | _UNSAFE_AT_HOME,
    # The perpetrator can find the child. Palermo Protocol, article 6 (3) (a): housing for victims of trafficking.
    ServiceCategory.SAFE_SHELTER: _UNSAFE_AT_HOME
    | {IncidentType.TRAFFICKING, IncidentType.CHILD_SLAVERY, IncidentType.RECRUITMENT_BY_ARMED_GROUPS},
    # Injury, rape, pregnancy, infection. Palermo Protocol, article 6 (3) (c).
    ServiceCategory.MEDICAL: _HURT,
    # Age and nationality have to be proved before a child goes home: Palermo Protocol, article 8; Protocol against the
    # Smuggling of Migrants, article 18.
    ServiceCategory.CIVIL_DOCUMENTATION: frozenset({IncidentType.TRAFFICKING, IncidentType.SMUGGLING}),
    # Free basic education for children taken out of work: ILO Convention 182, article 7 (2) (c).
    ServiceCategory.EDUCATION: _OUT_OF_SCHOOL,
    # Incidents driven by poverty: an income for the family removes the cause.
    ServiceCategory.LIVELIHOODS_CASH: frozenset(
        {IncidentType.CHILD_LABOUR, IncidentType.FORCED_BEGGING, IncidentType.TRAFFICKING, IncidentType.SMUGGLING}
    ),
    # Children who are found far from home with nothing on them.
    ServiceCategory.FOOD_NUTRITION: _FOUND_WITH_NOTHING,
    ServiceCategory.BASIC_ITEMS_WASH: _FOUND_WITH_NOTHING,
}
"""The incident types that each category responds to; a category that is not here responds to all."""


def answered(category: ServiceCategory) -> tuple[IncidentType, ...] | None:
    """Return the incident types that a category responds to, in the vocabulary's order; None for all together.

    Examples
    --------
    >>> [each.name for each in answered(ServiceCategory.CIVIL_DOCUMENTATION)]
    ['TRAFFICKING', 'SMUGGLING']
    >>> answered(ServiceCategory.CASE_MANAGEMENT)

    """
    return answered_together((category,))


def answered_together(categories: Sequence[ServiceCategory]) -> tuple[IncidentType, ...] | None:
    """Return the incident types that any of some categories responds to; None where one responds to all."""
    types = [ANSWERED.get(each) for each in categories]
    if None in types:
        return None
    return tuple(each for each in IncidentType if any(each in some for some in types if some))
