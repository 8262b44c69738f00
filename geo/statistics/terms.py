"""The enumerations of the statistics: options, and findings."""

from __future__ import annotations

from enum import Enum

UNTESTED = 2.0
"""Where a place without a q-value is ordered: after all places with one, which is at most 1."""


class Decay(Enum):
    """How the weight of a service falls with distance."""

    STEP = "STEP"
    ZONES = "ZONES"
    GAUSSIAN = "GAUSSIAN"
    LINEAR = "LINEAR"


class ScoreOrder(Enum):
    """The order of access scores."""

    LOWEST_FIRST = "LOWEST_FIRST"
    HIGHEST_FIRST = "HIGHEST_FIRST"


class HotspotMethod(Enum):
    """How hotspots are found."""

    GETIS_ORD = "GETIS_ORD"
    LOCAL_MORAN = "LOCAL_MORAN"


class HotspotTest(Enum):
    """Where the p-values of hotspots come from."""

    PERMUTATIONS = "PERMUTATIONS"
    ANALYTIC = "ANALYTIC"


class HotspotClass(Enum):
    """The class of a place; its number is 100 less the false discovery rate in percent."""

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
    UNSTABLE = "UNSTABLE"


class Quadrant(Enum):
    """Whether a place and its neighbours are above the overall mean."""

    HIGH_HIGH = "HIGH_HIGH"
    LOW_LOW = "LOW_LOW"
    HIGH_LOW = "HIGH_LOW"
    LOW_HIGH = "LOW_HIGH"


class HotspotExclusion(Enum):
    """Why a place was not tested."""

    NOT_REPORTED = "NOT_REPORTED"
    NOT_PUBLISHED = "NOT_PUBLISHED"
    NO_POPULATION = "NO_POPULATION"
    NO_POINT = "NO_POINT"


class TrendDirection(Enum):
    """Whether a count changed by more than rounding alone could explain."""

    RISE = "RISE"
    FALL = "FALL"
    WITHIN_ROUNDING = "WITHIN_ROUNDING"
    NOT_COMPARABLE = "NOT_COMPARABLE"
