"""What a convergence says in plain words: who moved faster, by how much, whether the gap narrowed, how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.i18n.formats import PERCENT, difference, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.draw_level import DrawingLevel

__all__ = ["beta_words", "change_unit", "measure_decimals", "sigma_words"]

VERDICTS = {"converging": "converging", "diverging": "diverging", "not distinguishable": "unclear"}

SIDES = {"higher_is_worse": "worse", "higher_is_better": "better", "neutral": "neutral"}

LONGEST = 200
"""Years; a half-life beyond it says no more than that the gap hardly closes."""


def change_unit(declared: Mapping[str, Any], language: str, *, log: bool) -> str:
    """Return what a change a year is in."""
    unit = declared["unit"][language]
    if log:
        return message("trends.percent_a_year", language)
    return message("trends.unit_a_year", language, unit=message("trends.points", language) if unit == PERCENT else unit)


def beta_words(found: DrawingLevel, declared: Mapping[str, Any], plural: str, language: str) -> list[str]:
    """Return the reading of the regression: the verdict, its size with interval, the half-life, who is left out."""
    beta = found.beta
    verdict, side = VERDICTS[beta.verdict], SIDES[declared["direction"]]
    level = inline(plural, language)
    years = {"first": found.first, "last": found.last}
    words = [message(f"trends.beta.{verdict}.{side}", language, level=level, **years)]
    # For logs: what a doubled start goes with. Else: what one unit more goes with.
    scale = 100 * np.log(2) if found.log else 1
    value, low, high = (scale * one for one in (beta.slope.value, beta.slope.low, beta.slope.high))
    unit, decimals = declared["unit"][language], _digits(value, low, high)
    told = {
        "slope": difference(value, "", decimals, language),
        "low": difference(low, "", decimals, language),
        "high": difference(high, "", decimals, language),
        "n": number(beta.n, 0, language),
        "level": level,
        "one": message("trends.one_point", language) if unit == PERCENT else message("trends.one", language, unit=unit),
        "unit": change_unit(declared, language, log=found.log),
        "explained": number(100 * beta.r_squared, 0, language),
    }
    words.append(message(f"trends.slope.{'log' if found.log else 'plain'}", language, **told))
    half = beta.half_life
    if beta.verdict == "converging" and np.isfinite([half.value, half.low]).all() and half.value <= LONGEST:
        span = {"value": number(half.value, 0, language), "low": number(half.low, 0, language)}
        ends = number(half.high, 0, language) if np.isfinite(half.high) else message("trends.no_end", language)
        words.append(message("trends.half_life", language, high=ends, **span))
    if beta.n_left_out:
        words.append(message("trends.left_out", language, n=number(beta.n_left_out, 0, language), **years))
    return words


def sigma_words(found: DrawingLevel, declared: Mapping[str, Any], plural: str, language: str) -> list[str]:
    """Return the reading of the dispersion: the verdict, its size with interval, and what it says beside the other."""
    sigma = found.sigma
    if sigma is None:
        return []
    verdict, level = VERDICTS[sigma.verdict], inline(plural, language)
    first, last = found.sigma_years[0], found.sigma_years[-1]
    words = [message(f"trends.sigma.{verdict}", language, level=level, first=first, last=last)]
    rows = sigma.by_year["dispersion"]
    decimals = measure_decimals(found)
    told = {
        "start": number(float(rows.iloc[0]), decimals, language),
        "end": number(float(rows.iloc[-1]), decimals, language),
        "change": difference(sigma.change.value, "", decimals, language),
        "low": difference(sigma.change.low, "", decimals, language),
        "high": difference(sigma.change.high, "", decimals, language),
        "n": number(sigma.change.n, 0, language),
    }
    words.append(message("trends.sigma_size", language, level=level, **told))
    if found.beta.verdict == "converging" and sigma.verdict != "converging":
        known = "neutral" if declared["direction"] == "neutral" else "worse"
        words.append(message(f"trends.beta_without_sigma.{known}", language))
    return words


def measure_decimals(found: DrawingLevel) -> int:
    """Return the decimals that a dispersion and its change are printed with."""
    if found.sigma is None:
        return 2
    change = found.sigma.change
    return _digits(float(found.sigma.by_year["dispersion"].iloc[0]), change.value, change.low, change.high)


def _digits(*values: float) -> int:
    """Return decimals that show two digits of the smallest of some figures.

    >>> _digits(0.0192, 0.5), _digits(12.3)
    (3, 1)
    """
    sizes = [abs(one) for one in values if np.isfinite(one) and one]
    return int(np.clip(1 - np.floor(np.log10(min(sizes))), 1, 4)) if sizes else 2
