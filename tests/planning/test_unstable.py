"""Whether a class hangs on the rounding: the redraws, which test is used, and what other keys make of the same counts."""

from __future__ import annotations

import base64
import random
import uuid
from collections import Counter
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from geo.arguments import Period
from geo.assumptions.catalogue import by_locale
from geo.assumptions.statistics import ANALYTIC, NOT_REDRAWN, PERMUTED, REDRAWN
from geo.assumptions.statistics import HOTSPOTS as HOTSPOTS_SAID
from geo.queries.base.packed import DOUBLE, INTEGER, UUID
from geo.queries.incidents import hotspots_method
from geo.queries.incidents.hotspots import Hotspots
from geo.statistics.cell_key import KEYS, rounded
from geo.statistics.redraw import redrawn
from geo.statistics.terms import HotspotMethod
from geo.vocabulary import AreaLevel, IncidentType
from seeds.illustration.incidents import PER_100K_A_QUARTER
from tests.mali import HOTSPOTS, towns

KEYS_TRIED = 8


def asked(**changed) -> hotspots_method.Test:
    usual: dict[str, Any] = {
        "method": HotspotMethod.GETIS_ORD,
        "nearest": 6,
        "distance_m": None,
        "permutations": 9_999,
        "seed": 1,
    }
    return hotspots_method.Test(**(usual | changed))


def scattered(count: int) -> list[dict]:
    chance = random.Random(count)
    return [
        {
            "id": at,
            "count": 5 * chance.randrange(20),
            "under_18": chance.randrange(50, 20_000),
            "lon": chance.uniform(-12, 4),
            "lat": chance.uniform(10, 24),
        }
        for at in range(count)
    ]


def findings(asked: hotspots_method.Test, places: list[dict]) -> tuple[list[dict], dict]:
    """Return all places with their figures, and the figures common to all."""
    lon, lat, counts, children = (
        np.array([place[name] for place in places], float) for name in ("lon", "lat", "count", "under_18")
    )
    ids = np.array([uuid.UUID(int=at).bytes for at in range(len(places))], UUID)
    inside = np.ones(len(places), bool)
    found = hotspots_method.tested(
        asked, hotspots_method.Counted(ids=ids, lon=lon, lat=lat, counts=counts, children=children, inside=inside)
    )
    return [found.row(at) for at in range(len(places))], found.summary


def packed(values: Any, of: Any) -> list[str]:
    return [base64.b64encode(np.array(values, of).tobytes()).decode()]


@pytest.mark.parametrize("published", [0, 5, 40])
def test_redraws_are_the_counts_that_are_rounded_to_what_is_published(published):
    """Against Bayes over every count and evenly spaced keys, by the rule itself."""
    keys = [KEYS * at // 200 for at in range(200)]
    behind = Counter(x for x in range(published + 10) for key in keys if rounded(x, key) == published)
    drawn = Counter(redrawn(np.full(40_000, float(published)), 1, seed=3)[0].astype(int).tolist())
    assert set(drawn) == set(behind)
    for x, times in behind.items():
        assert drawn[x] / 40_000 == pytest.approx(times / behind.total(), abs=0.01)


def test_redraws_are_the_same_for_a_seed_and_others_for_another():
    published = np.arange(0.0, 100, 5)
    once, again, other = (redrawn(published, 5, seed).tolist() for seed in (1, 1, 2))
    assert once == again != other


def test_five_thousand_places_are_tested_by_permutations_and_one_more_by_the_normal_distribution(monkeypatch):
    monkeypatch.setattr(hotspots_method, "REDRAWS_AT_LEAST", 10**9)
    _, summary = findings(asked(permutations=99), scattered(5_000))
    assert (summary["test"], summary["permutations"], summary["least_p"]) == ("PERMUTATIONS", 99, 0.02)
    rows, summary = findings(asked(permutations=99), scattered(5_001))
    assert (summary["test"], summary["permutations"], summary["least_p"]) == ("ANALYTIC", None, 0)
    for row in rows[:200]:
        assert row["p"] == pytest.approx(2 * NormalDist().cdf(-abs(row["z"])), abs=2e-6)


@pytest.mark.parametrize(
    ("count", "redraws", "said"),
    [(20, 10, (PERMUTED, REDRAWN)), (21, 10, (ANALYTIC, REDRAWN)), (20, 10**9, (PERMUTED, NOT_REDRAWN))],
)
def test_the_answer_says_which_test_and_whether_the_rounding_was_checked(monkeypatch, count, redraws, said):
    monkeypatch.setattr(hotspots_method, "PERMUTED_AT_MOST", 20)
    monkeypatch.setattr(hotspots_method, "REDRAWS_AT_LEAST", redraws)
    rows = [place | {"id": uuid.UUID(int=place["id"]).bytes, "inside": 1, "reason": 0} for place in scattered(count)]
    kinds = {"id": UUID, "lon": DOUBLE, "lat": DOUBLE}
    found = {"places": {name: packed([row[name] for row in rows], kinds.get(name, INTEGER)) for name in rows[0]}}
    [summary] = Hotspots(level=AreaLevel.LOCALITY, period=Period("2025")).work_out(found)["summary"]
    assert summary["assumptions"] == by_locale(HOTSPOTS_SAID, *said)


def test_where_redraws_take_too_long_the_agreement_is_not_known():
    rows, summary = findings(asked(nearest=None, distance_m=20_000_000), scattered(250))
    assert summary["redraws"] == 0
    assert {row["agreement"] for row in rows} == {None}
    assert summary["unstable_count"] == 0


def test_a_class_that_fewer_than_eight_of_ten_redraws_give_is_unstable():
    rows, summary = findings(asked(), of_key(0))
    assert summary["redraws"] == hotspots_method.REDRAWS
    assert [row["hotspot"] == "UNSTABLE" for row in rows] == [row["agreement"] < hotspots_method.HOLDS for row in rows]
    assert summary["unstable_count"] == sum(row["hotspot"] == "UNSTABLE" for row in rows) > 0


def of_key(key: int) -> list[dict]:
    """Return the towns with counts like the seeds' trafficking of a year, rounded by a key of its own."""
    counts, uniform = np.random.default_rng(19), random.Random(key)
    places = []
    for town in (each for each in towns() if each.population):
        children = round(town.population * 0.55)
        planted = 8 if town.name in HOTSPOTS[IncidentType.TRAFFICKING] else 1
        count = counts.poisson(children / 100_000 * 4 * PER_100K_A_QUARTER[IncidentType.TRAFFICKING] * planted)
        told = rounded(int(count), uniform.randrange(KEYS))
        where = {"lon": town.place.lon, "lat": town.place.lat}
        places.append({"id": town.code, "count": told, "under_18": children, **where})
    return places


@pytest.mark.parametrize("method", HotspotMethod)
def test_what_is_told_under_one_key_is_not_denied_under_another(method):
    """The same true counts under eight keys: a class that is no UNSTABLE one is hardly ever another class elsewhere."""
    told = [
        [row["hotspot"] for row in findings(asked(method=method, permutations=1_999), of_key(key))[0]]
        for key in range(KEYS_TRIED)
    ]
    pairs = [
        (one, other)
        for first in told
        for second in told
        if first is not second
        for one, other in zip(first, second, strict=True)
        if one not in ("UNSTABLE", "NOT_SIGNIFICANT") and other != "UNSTABLE"
    ]
    assert len(pairs) > KEYS_TRIED
    assert sum(one != other for one, other in pairs) <= 0.05 * len(pairs)
    assert any("UNSTABLE" in each for each in told)
