"""Colours and shapes that colour-blind readers can distinguish, each with the reason it was chosen.

Readers cannot distinguish twenty-one kinds of actor, so they are grouped into eight families. The families use the
palette of Okabe and Ito (2008, "Color Universal Design"), and each has its own shape besides its colour. The covered
share uses five steps of one blue (ColorBrewer "Blues", the two palest made darker to contrast with the background),
whose lightness falls from step to step: the order survives any colour blindness and a grey printer.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.vocabulary import ActorKind

INK = "#1d2733"
"""Outlines and text."""
LAND = "#fdfaf3"
BORDER = "#8a94a0"
COUNT = "#6a3d9a"
"""Published counts: a violet that no family uses, and circles far larger than any marker."""
SHELTER = "#d55e00"
GAP = "#d55e00"
HATCH = "url(#lakana-hatch)"
"""Thin lines in the colour of gaps, through which the covered share stays readable; the page defines the pattern."""
SERVICE = "#1d2733"
NO_DATA = "#e3e3e3"
UNKNOWN_LINE = "#5c6670"
"""Of what is not known. Where no count is published it is a ring, dashed if nobody reported, never a small circle."""
UNKNOWN = "url(#lakana-unknown)"
"""Broken grey lines on the colour of land, for regions without a known border: no share and no gap looks like it."""
WATER = "#7898a0"
"""Rivers and lakes: a grey that no eye takes for a step of the blues of the covered share."""
NEIGHBOUR = "#c3cad2"
"""The borders between neighbouring countries, paler than those of the regions."""

PATTERNS = {
    "lakana-hatch": f'<path d="M0 0V7" stroke="{GAP}" stroke-width="1.6" stroke-opacity="0.5"/>',
    "lakana-unknown": f'<path d="M0 0H7V7H0Z" fill="{LAND}"/><path d="M3.5 0V4" stroke="{UNKNOWN_LINE}"/>',
}
"""The contents of the patterns that fills refer to, in a box of 7 by 7, and by how many degrees each is turned."""
TURNS = {"lakana-hatch": 45, "lakana-unknown": -45}

BUILT = "#009e73"
"""Sites that a model recommends or a scenario adds, and the land that they reach."""
SHARE_BOUNDS = (20, 40, 60, 80)
"""The bounds between classes of the covered share, in percent; each bound belongs to the class above it."""
SHARES = ("#d4e4f4", "#a3cbe3", "#6baed6", "#3182bd", "#08519c")

DARK = frozenset(SHARES[3:])
"""Fills that carry white text."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A colour with a shape, drawn as an SVG path in a box of 24 by 24."""

    colour: str
    path: str


CIRCLE = "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18Z"
DIAMOND = "M12 1.5 22.5 12 12 22.5 1.5 12Z"
BOX = "M2 5h20v14H2Z"

FAMILIES: dict[str, Sign] = {
    "justice": Sign("#0072b2", DIAMOND),
    "security": Sign("#000000", "M12 2.5 22.5 21H1.5Z"),
    "social": Sign("#e69f00", CIRCLE),
    "civil": Sign("#009e73", "M3.5 3.5h17v17h-17Z"),
    "care": Sign("#56b4e9", "M8.5 2h7v6.5H22v7h-6.5V22h-7v-6.5H2v-7h6.5Z"),
    "community": Sign("#cc79a7", "M12 2 22.5 9.6 18.5 21.5H5.5L1.5 9.6Z"),
    "international": Sign(
        "#f0e442", "M12 1.2 15 8.4 22.8 9 16.9 14.1 18.7 21.7 12 17.6 5.3 21.7 7.1 14.1 1.2 9 9 8.4Z"
    ),
    "other": Sign("#ffffff", "M7 3h10l5.5 9L17 21H7L1.5 12Z"),
}
SITES: dict[str, Sign] = {
    **FAMILIES,
    "shelter": Sign(SHELTER, "M12 1.5 23 11.5h-3.5V22h-15V11.5H1Z"),
    "service": Sign(SERVICE, DIAMOND),
    "added": Sign("#009e73", "M5 1.5h3v1.8L21.5 8 8 13.2V22.5H5Z"),
    "here": Sign("#a1133b", "M12 23C7 16 4.5 12.5 4.5 8.5a7.5 7.5 0 1 1 15 0C19.5 12.5 17 16 12 23Z"),
    "training": Sign("#0072b2", "M2 9 12 3l10 6-10 6ZM6 13v5q6 4 12 0v-5"),
}

_KINDS: dict[str, tuple[ActorKind, ...]] = {
    "justice": (ActorKind.JUVENILE_JUDGE, ActorKind.PROSECUTOR, ActorKind.DEPUTY_PROSECUTOR),
    "security": (ActorKind.POLICE_BRIGADE, ActorKind.GENDARMERIE),
    "social": (
        ActorKind.CHILD_PROTECTION_OFFICER,
        ActorKind.SOCIAL_SERVICE,
        ActorKind.LOCAL_AUTHORITY,
        ActorKind.NATIONAL_COMMITTEE,
    ),
    "civil": (
        ActorKind.NGO,
        ActorKind.CIVIL_SOCIETY,
        ActorKind.CHILD_RIGHTS_ASSOCIATION,
        ActorKind.WOMENS_GROUP,
        ActorKind.YOUTH_GROUP,
    ),
    "care": (ActorKind.SCHOOL, ActorKind.HEALTH_FACILITY),
    "community": (ActorKind.TRADITIONAL_LEADER, ActorKind.RELIGIOUS_LEADER),
    "international": (ActorKind.UN_AGENCY, ActorKind.DONOR),
    "other": (ActorKind.OTHER,),
}
FAMILY_OF: dict[ActorKind, str] = {kind: family for family, kinds in _KINDS.items() for kind in kinds}


def share(percent: float | None) -> str:
    """Return the colour of a covered share in percent; grey if nobody lives there or it is unknown.

    Examples
    --------
    >>> share(19.99), share(20), share(100)
    ('#d4e4f4', '#a3cbe3', '#08519c')
    >>> share(None)
    '#e3e3e3'

    """
    if percent is None:
        return NO_DATA
    return SHARES[sum(percent >= bound for bound in SHARE_BOUNDS)]
