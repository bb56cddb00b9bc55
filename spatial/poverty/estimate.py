"""An estimate with its uncertainty, and how the uncertainty is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from fuping.spatial.poverty.errors import DesignError, PovertyError
from scipy import stats

__all__ = ["LINEARISATION", "Estimate", "Inference", "Interval", "Method", "SinglePSU", "difference", "interval"]

Method = Literal["linearisation", "bootstrap"]
"""How a standard error is got."""

Interval = Literal["wald", "logit", "beta"]
"""How an interval is got; ``logit`` and ``beta`` are for shares and stay within 0 and 1."""

SinglePSU = Literal["refuse", "centre", "certainty"]
"""What a stratum with one primary sampling unit means: an error; its deviation from the mean over all units is
used; it was taken with certainty and adds no variance."""


@dataclass(frozen=True)
class Inference:
    """How standard errors and intervals are computed.

    Parameters
    ----------
    method
        ``"linearisation"`` or ``"bootstrap"`` (see :mod:`fuping.spatial.poverty.bootstrap`).
    confidence
        Nominal coverage of the intervals, between 0 and 1.
    interval
        ``"wald"``: value ± t·se with the design's degrees of freedom. ``"logit"``: the same on the logit scale.
        ``"beta"``: Clopper and Pearson's, with the effective sample size (Korn and Graubard 1998, Survey Methodology
        24(2), 193–201); it has a length where a share is 0 or 1 in the sample. A bootstrap has quantiles of its
        replicates instead of ``"wald"``.
    replicates, seed
        Number of bootstrap replicates (at least 2) and the start of their random numbers.
    single_psu
        What to do with a stratum of one primary sampling unit.
    psu_population
        Number of primary sampling units in the population, one number or one for each stratum, for the finite
        population correction; without it sampling is taken as with replacement.

    Raises
    ------
    DesignError
        A choice is unknown or a number out of range.
    """

    method: Method = "linearisation"
    confidence: float = 0.95
    interval: Interval = "wald"
    replicates: int = 500
    seed: int = 0
    single_psu: SinglePSU = "refuse"
    psu_population: float | Mapping[Any, float] | None = None

    def __post_init__(self) -> None:
        choices: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            ("method", self.method, get_args(Method)),
            ("interval", self.interval, get_args(Interval)),
            ("single_psu", self.single_psu, get_args(SinglePSU)),
        )
        for name, choice, known in choices:
            if choice not in known:
                raise DesignError(f"{name} {choice!r} is unknown.", remedy=f"Choose {', '.join(known)}.")
        if not 0 < self.confidence < 1:
            raise DesignError(f"Confidence {self.confidence} is not between 0 and 1.", remedy="Give 0.95, say.")
        if self.replicates < 2:
            raise DesignError(f"{self.replicates} replicates give no variance.", remedy="Give 500, say.")


LINEARISATION = Inference()
"""Linearised variances, 95 % intervals, and an error for a stratum of one primary sampling unit."""


@dataclass(frozen=True)
class Estimate:
    """A number estimated from a sample.

    Parameters
    ----------
    value
        The estimate; NaN where it is not defined.
    se
        Standard error; NaN where the design has no degrees of freedom.
    low, high
        Ends of the interval.
    confidence
        Nominal coverage of the interval, between 0 and 1.
    n
        Rows that count: with a value and a positive weight.
    n_missing
        Rows left out because a value is missing.
    n_psu, n_strata
        Primary sampling units and strata of the design.
    df
        Degrees of freedom, ``n_psu - n_strata``.
    method
        How the standard error was got.
    """

    value: float
    se: float
    low: float
    high: float
    confidence: float
    n: int
    n_missing: int
    n_psu: int
    n_strata: int
    df: float
    method: Method

    @property
    def cv(self) -> float:
        """Standard error over the size of the value; NaN at a value of zero."""
        return self.se / abs(self.value) if self.value else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """Give the fields by name, for a row of a table."""
        return asdict(self)


def interval(value: float, se: float, *, df: float, n: int, inference: Inference) -> tuple[float, float]:
    """Compute the interval of an estimate.

    Parameters
    ----------
    value, se
        The estimate and its standard error.
    df
        Degrees of freedom of the design.
    n
        Rows that count, for ``"beta"``.
    inference
        Level and kind of interval.

    Returns
    -------
    (float, float)
        NaN where the standard error is NaN; the value itself where a logit is not defined (a share of 0 or 1).

    Raises
    ------
    PovertyError
        An interval for shares is asked for a value outside 0 and 1.
    """
    if not (np.isfinite(value) and np.isfinite(se)):
        return float("nan"), float("nan")
    t = float(stats.t.ppf((1 + inference.confidence) / 2, df))
    if inference.interval == "wald":
        return float(value - t * se), float(value + t * se)
    # A share of exactly 1 may come out of floating sums one unit in the last place above it.
    if not -1e-12 <= value <= 1 + 1e-12:
        raise PovertyError(
            f"A {inference.interval} interval is for shares, not for a value of {value:g}.", remedy="Choose wald."
        )
    inside = 0 < value < 1 and se > 0
    if inference.interval == "logit":
        if not inside:
            return value, value
        centre, step = np.log(value / (1 - value)), t * se / (value * (1 - value))
        return tuple(float(1 / (1 + np.exp(-(centre + sign * step)))) for sign in (-1, 1))  # type: ignore[return-value]
    size = float(n)
    if inside:
        size = value * (1 - value) / se**2
        if n > 1:
            size *= float(stats.t.ppf((1 + inference.confidence) / 2, n - 1) / t) ** 2
    size = min(size, float(n))
    tail, hits = (1 - inference.confidence) / 2, min(max(value, 0.0), 1.0) * size
    low = float(stats.beta.ppf(tail, hits, size - hits + 1)) if hits > 0 else 0.0
    high = float(stats.beta.ppf(1 - tail, hits + 1, size - hits)) if hits < size else 1.0
    return low, high


def difference(before: Estimate, after: Estimate) -> Estimate:
    r"""Subtract an estimate from that of another, independent sample.

    Parameters
    ----------
    before, after
        Estimates of the same confidence, from samples drawn apart (two years, two countries). Groups of one sample
        share their primary sampling units and are not independent.

    Returns
    -------
    Estimate
        ``after - before``, standard error :math:`\sqrt{s_0^2+s_1^2}`, degrees of freedom by Satterthwaite; counts
        are sums.

    Raises
    ------
    PovertyError
        The confidences differ.
    """
    if before.confidence != after.confidence:
        raise PovertyError(
            f"Intervals of confidence {before.confidence} and {after.confidence} cannot be combined.",
            remedy="Estimate both with the same confidence.",
        )
    value, se = after.value - before.value, float(np.hypot(before.se, after.se))
    parts = [(one.se**2, one.df) for one in (before, after)]
    spread = sum(v**2 / df for v, df in parts if df > 0)
    df = (sum(v for v, _ in parts) ** 2 / spread) if spread > 0 else before.df + after.df
    t = float(stats.t.ppf((1 + before.confidence) / 2, df)) if df > 0 else float("nan")
    counts = {name: getattr(before, name) + getattr(after, name) for name in ("n", "n_missing", "n_psu", "n_strata")}
    method: Method = "bootstrap" if "bootstrap" in (before.method, after.method) else "linearisation"
    return Estimate(
        value, se, float(value - t * se), float(value + t * se), before.confidence, df=df, method=method, **counts
    )
