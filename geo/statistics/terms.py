"""The words of the statistics: what may be chosen, and what may be found."""

from __future__ import annotations

from enum import Enum


class Decay(Enum):
    """How a service counts for less the farther it is."""

    STEP = "STEP"
    ZONES = "ZONES"
    GAUSSIAN = "GAUSSIAN"
    LINEAR = "LINEAR"


class ScoreOrder(Enum):
    """In which order access scores come."""

    LOWEST_FIRST = "LOWEST_FIRST"
    HIGHEST_FIRST = "HIGHEST_FIRST"


class HotspotMethod(Enum):
    """How hotspots are found."""

    GETIS_ORD = "GETIS_ORD"
    LOCAL_MORAN = "LOCAL_MORAN"


class HotspotClass(Enum):
    """What a place is called, by the false discovery rate in percent that is left of 100."""

    HOT_99 = "HOT_99"
    HOT_95 = "HOT_95"
    HOT_90 = "HOT_90"
    NOT_SIGNIFICANT = "NOT_SIGNIFICANT"
    COLD_90 = "COLD_90"
    COLD_95 = "COLD_95"
    COLD_99 = "COLD_99"
    OUTLIER_99 = "OUTLIER_99"
    OUTLIER_95 = "OUTLIER_95"
    OUTLIER_90 = "OUTLIER_90"


class Quadrant(Enum):
    """A place and its neighbours, above the mean of all or not."""

    HIGH_HIGH = "HIGH_HIGH"
    LOW_LOW = "LOW_LOW"
    HIGH_LOW = "HIGH_LOW"
    LOW_HIGH = "LOW_HIGH"


class LeftOut(Enum):
    """Why a place was not tested."""

    NOT_PUBLISHED = "NOT_PUBLISHED"
    NO_POPULATION = "NO_POPULATION"
    NO_POINT = "NO_POINT"


class Change(Enum):
    """Whether a count changed beyond what rounding alone can do."""

    RISE = "RISE"
    FALL = "FALL"
    WITHIN_ROUNDING = "WITHIN_ROUNDING"
