"""Record what PySAL makes of small panels: ``python -m tests.planning.record_pysal > tests/planning/pysal.json``.

PySAL is no dependency of the project: run it in an environment that has ``esda``, ``libpysal``, ``access`` and ``pandas``,
at the root of the repository. It needs no other module of the project but the tests' own formula for distances.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from importlib.metadata import version
from typing import Any

from tests.geodesy import distance_m

PLACES, NEIGHBOURS, SERVICES, REACH_M = 60, 6, 12, 90_000.0


def points(chance: random.Random, count: int) -> list[list[float]]:
    return [[round(chance.uniform(-9, -4), 5), round(chance.uniform(10.5, 14.5), 5)] for _ in range(count)]


def panel(chance: random.Random) -> dict[str, Any]:
    """Draw places with rounded counts, and take the nearest others for their neighbours."""
    places = points(chance, PLACES)
    population = [round(chance.lognormvariate(9.5, 1)) for _ in places]
    counts = [5 * round(each * chance.choice((0.0004, 0.001, 0.004)) / 5) for each in population]
    neighbours = [
        sorted((at for at in range(PLACES) if at != here), key=lambda at: distance_m(*places[here], *places[at]))
        for here in range(PLACES)
    ]
    # The last place is an island.
    near = [sorted(each[:NEIGHBOURS]) for each in neighbours[:-1]] + [[]]
    return {"places": places, "population": population, "counts": counts, "neighbours": near}


def hotspots(given: dict[str, Any]) -> dict[str, Any]:
    esda, libpysal = importlib.import_module("esda"), importlib.import_module("libpysal")
    np = importlib.import_module("numpy")
    rates = importlib.import_module("esda.smoothing").Empirical_Bayes(given["counts"], given["population"]).r.ravel()
    weights = libpysal.weights.W(dict(enumerate(given["neighbours"])), silence_warnings=True)
    gi = esda.G_Local(rates, weights, transform="B", permutations=0, star=True, island_weight=0)
    moran = esda.Moran_Local(rates, weights, transformation="R", permutations=0)
    return {
        "empirical_bayes": rates.tolist(),
        "gi_star_z": np.asarray(gi.Zs).tolist(),
        "local_moran": np.asarray(moran.Is).tolist(),
        "quadrant": np.asarray(moran.q).tolist(),
    }


def scores(chance: random.Random) -> dict[str, Any]:
    access, pd = importlib.import_module("access"), importlib.import_module("pandas")
    demand, supply = points(chance, PLACES), points(chance, SERVICES)
    children = [chance.randrange(100, 20_000) for _ in demand]
    places = [chance.choice((0, 8, 12, 20, 40)) for _ in supply]
    costs = [
        {"origin": here, "dest": there, "cost": distance_m(*demand[here], *supply[there])}
        for here in range(PLACES)
        for there in range(SERVICES)
    ]
    weigh = access.weights
    decays = {
        "STEP": weigh.step_fn({REACH_M: 1}),
        "ZONES": weigh.step_fn({REACH_M / 3: 1, REACH_M * 2 / 3: 0.68, REACH_M: 0.22}),
        "GAUSSIAN": weigh.gaussian(REACH_M / (2 * importlib.import_module("math").log(100)) ** 0.5),
        "LINEAR": lambda metres: 1 - metres / REACH_M,
    }
    found = {
        name: access.fca.two_stage_fca(
            pd.DataFrame({"demand": children}, index=pd.Index(range(PLACES), name="geoid")),
            pd.DataFrame({"supply": places}, index=pd.Index(range(SERVICES), name="geoid")),
            pd.DataFrame(costs),
            max_cost=REACH_M,
            demand_index=True,
            supply_index=True,
            weight_fn=decay,
        )
        .reindex(range(PLACES))
        .fillna(0)
        .tolist()
        for name, decay in decays.items()
    }
    return {
        "demand": demand,
        "children": children,
        "supply": supply,
        "places": places,
        "reach_m": REACH_M,
        "scores": found,
    }


def main() -> None:
    chance = random.Random(20190319)
    drawn = panel(chance)
    recorded = {
        "versions": {name: version(name) for name in ("esda", "libpysal", "access")},
        "panel": drawn,
        "hotspots": hotspots(drawn),
        "access": scores(chance),
    }
    json.dump(recorded, sys.stdout)
    print()


if __name__ == "__main__":
    main()
