"""What a pack may say of its illustrative rows; where it says nothing there are usual names and draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.vocabulary import ActorKind, IncidentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """``[illustration]`` of ``country.toml``."""

    offices: tuple[ActorKind, ...] = ()
    """Offices of the state that the country has, beside those that the law appoints."""
    organizations: tuple[str, ...] = ()
    """Names of made-up NGOs."""
    shelters: tuple[str, ...] = ()
    """Names of made-up shelters, which tell nothing of a place."""
    shelter_towns: tuple[str, ...] = ()
    """Towns with more shelters than the one of each region."""
    hotspots: Mapping[IncidentType, frozenset[str]] = field(default_factory=dict)
    """The towns in which a hotspot of a type is planted; where none is said, one is drawn."""
    trainings: Mapping[str, int] = field(default_factory=dict)
    """The year of the training by the code of a region; where none is said, the largest regions have one."""
