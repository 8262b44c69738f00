"""Location problems to try the models on, and the plan that an exhaustive search finds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy import sparse

from geo.siting.distances import geodesic_m
from geo.siting.model import Problem
from geo.vocabulary import SitingModel


def made(weights, existing_m, demand, candidates, reach_m) -> Problem:
    """A problem whose reaches follow from its places."""
    demand, candidates = (np.asarray(each, dtype=float).reshape(-1, 2) for each in (demand, candidates))
    reaches = sparse.csr_array((geodesic_m(candidates, demand) <= reach_m).astype(float))
    return Problem(
        np.asarray(weights, dtype=float), np.asarray(existing_m, dtype=float), reaches, demand, candidates, reach_m
    )


def drawn(seed: int, points: int, candidates: int, reach_m: float, services: int = 0) -> Problem:
    """A country of about 1,000 km, as a seed draws it: towns around which most people live."""
    chance = np.random.default_rng(seed)
    towns = chance.uniform([-11, 11], [3, 20], (max(3, candidates // 3), 2))
    demand = towns[chance.integers(len(towns), size=points)] + chance.normal(0, 0.6, (points, 2))
    weights = np.round(chance.lognormal(6, 1.2, points)) + 1
    offered = np.vstack([towns, chance.uniform([-11, 11], [3, 20], (candidates, 2))])[:candidates]
    existing = np.full(points, np.inf)
    if services:
        existing = geodesic_m(demand, chance.uniform([-11, 11], [3, 20], (services, 2))).min(axis=1)
    return made(weights, existing, demand, offered, reach_m)


def value(problem: Problem, model: SitingModel, chosen) -> float:
    """The objective of a choice, worked out place by place."""
    total = 0.0
    ways = geodesic_m(problem.demand, problem.candidates)
    for i, children in enumerate(problem.weights):
        way = min([problem.existing_m[i], *(ways[i, j] for j in chosen)])
        match model:
            case SitingModel.MCLP | SitingModel.LSCP:
                total += children * (way <= problem.reach_m)
            case SitingModel.P_MEDIAN:
                total += children * way
            case SitingModel.P_CENTER:
                total = max(total, way)
    return total


def exhaustive(problem: Problem, model: SitingModel, sites: int) -> float:
    """The best objective over every choice of at most so many sites; for LSCP the fewest sites, infinite if none do."""
    number = len(problem.candidates)
    if model is SitingModel.LSCP:
        for size in range(number + 1):
            for chosen in combinations(range(number), size):
                if value(problem, model, chosen) == problem.weights.sum():
                    return size
        return np.inf
    best = max if model is SitingModel.MCLP else min
    return best(
        value(problem, model, chosen) for size in range(sites + 1) for chosen in combinations(range(number), size)
    )
