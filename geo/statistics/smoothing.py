"""Rates of small places, smoothed towards that of all."""

from __future__ import annotations

import numpy as np

from geo.spheroid import Numbers


def empirical_bayes(counts: Numbers, population: Numbers) -> Numbers:
    """Return the rate of each place, drawn towards the mean: the more so, the fewer people live there.

    With O the counts, P > 0 the population, r = O / P, n places::

        m  = Σ O / Σ P                                   the mean rate
        A  = max(0, Σ P (r - m)² / Σ P - m / (Σ P / n))  how much rates differ beyond chance
        θᵢ = m + A / (A + m / Pᵢ) (rᵢ - m)

    If rates differ no more than by chance (A = 0), all become the mean; if all counts are 0, all rates are 0.

    Source: R. J. Marshall, *Mapping disease and mortality rates using empirical Bayes estimators*, Journal of the Royal
    Statistical Society C 40 (1991), 283-294, the global estimator.

    Examples
    --------
    Of the rates 0.03, 0.01 and 0.04, that of the village of 100 is drawn far towards the mean, that of the town hardly:

    >>> smoothed = empirical_bayes(np.array([3.0, 10, 400]), np.array([100.0, 1_000, 10_000]))
    >>> [round(each, 4) for each in smoothed.tolist()]
    [0.0361, 0.02, 0.0398]
    >>> empirical_bayes(np.array([10.0, 10]), np.array([1_000.0, 1_000])).tolist()
    [0.01, 0.01]

    """
    rates = counts / population
    mean = counts.sum() / population.sum()
    if mean == 0:
        return np.zeros_like(rates)
    beyond = (population * (rates - mean) ** 2).sum() / population.sum() - mean / population.mean()
    if beyond <= 0:
        return np.full_like(rates, mean)
    smoothed: Numbers = mean + beyond / (beyond + mean / population) * (rates - mean)
    return smoothed
