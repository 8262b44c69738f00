"""Two hundred distances and eight thresholds tell no more of a confidential site than its area's published point.

The blind guess is that point: what anybody says who asks nothing at all.
"""

from __future__ import annotations

import math
import random
from statistics import median

import pytest

from tests.attacks.size import SIZE
from tests.attacks.trilateration import Ring, distances, error_m, estimate, flips, probes
from tests.attacks.worlds import quietly, targets
from tests.geodesy import distance_m

pytestmark = [pytest.mark.database, pytest.mark.slow]

FLIPS = 8


def attack(client, target, seed):
    places = probes(target.published, SIZE.probes, seed)
    measured = list(distances(client, target, places))
    searched = list(flips(client, target, places))
    assert len(measured) == SIZE.probes
    assert len(searched) >= FLIPS - 1  # no locality may have this one for its nearest
    return estimate([*measured, *searched], target.published)


def errors(client, aims):
    return [error_m(each, attack(client, each, seed)) for seed, each in enumerate(aims)]


def test_an_attack_finds_no_more_than_a_blind_guess(client, world, figure):
    aims = targets(world)
    found = median(errors(client, aims))
    blind = median(error_m(each, each.published) for each in aims)
    assert found >= 0.95 * blind
    figure(
        f"trilateration of {len(aims)} sites, {SIZE.probes} probes and {FLIPS} flip searches each: "
        "median error, of a blind guess",
        f"{found / 1000:.1f} km, {found / blind:.3f}",
        "≥ 0.95 of a blind guess",
    )


@pytest.fixture
def open_world(make_world):
    """The same world, but that confidential sites stand in public where they really are."""
    url = make_world()
    with quietly(url) as connection:
        connection.exec_driver_sql("ALTER TABLE lakana.service DISABLE TRIGGER hide_confidential_site")
        connection.exec_driver_sql(
            "UPDATE lakana.service s SET point = x.point FROM exact.site x WHERE x.service_id = s.id"
        )
    return url


def test_the_same_attack_finds_sites_without_protection(connect, open_world, world, figure):
    hidden = {each.service_id: each for each in targets(world)}
    client = connect(open_world)
    # The attacker begins where an area's point would be, as before.
    found = median(errors(client, hidden.values()))
    assert found < 50
    figure("negative control: exact places put in, median error of the same attack", f"{found:.1f} m", "< 50 m")


def rounded(metres, _):
    return round(metres / 1000) * 1000


def noisy(metres, chance):
    return metres + chance.gauss(0, 5_000)


@pytest.mark.parametrize(
    ("blur", "bound_m"),
    [pytest.param(rounded, 1_000, id="rounded to 1 km"), pytest.param(noisy, 1_000, id="noise of 5 km")],
)
def test_the_same_attack_sees_through_rounding_and_noise(world, blur, bound_m, figure):
    chance, missed = random.Random(1), []
    for seed, each in enumerate(targets(world)):
        findings = [
            Ring(p.lon, p.lat, blur(distance_m(each.exact.lon, each.exact.lat, p.lon, p.lat), chance))
            for p in probes(each.published, 200, seed)
        ]
        missed.append(error_m(each, estimate(findings, each.published)))
    assert median(missed) < bound_m
    assert all(map(math.isfinite, missed))
    figure(f"simulated: distances {blur.__name__} instead, median error", f"{median(missed):,.0f} m", "< 1 km")
