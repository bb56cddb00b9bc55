"""How strong and how often: events with their intensity in each unit and their frequency; return periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import HazardError
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Hazard",
    "at_return_periods",
    "exceedance_curve",
    "plotting_positions",
    "probability_within",
]


@dataclass(frozen=True, eq=False)
class Hazard:
    """Events of one peril.

    Parameters
    ----------
    kind
        What threatens, such as ``"tropical cyclone"``; vulnerability functions are tied to it.
    unit
        Unit of the intensity, such as ``"m/s"``.
    intensity
        float64, events (rows) × units or places (columns); 0 where an event does not reach.
    frequency
        Events a year, on the rows of ``intensity``.

    Raises
    ------
    HazardError
        Rows differ or stand twice, an intensity is missing or negative, or a frequency is not above zero.
    """

    kind: str
    unit: str
    intensity: pd.DataFrame
    frequency: pd.Series

    def __post_init__(self) -> None:
        rows = self.intensity.index
        if not rows.equals(self.frequency.index) or rows.has_duplicates or self.intensity.columns.has_duplicates:
            raise HazardError(
                f"{len(rows)} events have an intensity and {len(self.frequency)} a frequency.",
                remedy="Give both for the same events in the same order, each event and place once.",
            )
        wrong = ~(self.intensity.to_numpy(dtype=float) >= 0)
        if wrong.any():
            event, place = np.argwhere(wrong)[0]
            raise HazardError(
                f"Event {rows[event]} has the intensity {self.intensity.iat[event, place]} in "
                f"{self.intensity.columns[place]}.",
                remedy="Give 0 where an event does not reach; leave out places that were not modelled.",
            )
        if not (self.frequency > 0).all():
            event = self.frequency.index[~(self.frequency > 0)][0]
            raise HazardError(f"Event {event} has the frequency {self.frequency[event]}.", remedy="Give events a year.")


def exceedance_curve(amount: pd.Series, frequency: pd.Series) -> pd.DataFrame:
    r"""Tell how often amounts (intensities or losses) are reached or exceeded.

    Parameters
    ----------
    amount, frequency
        Of each event, on the same index.

    Returns
    -------
    pandas.DataFrame
        Ascending ``amount``, each once; ``frequency`` of reaching it, a year; ``return_period`` in years.

    Raises
    ------
    HazardError
        The indices differ, or there is no event.

    Notes
    -----
    :math:`\nu(x) = \sum_e \nu_e 1[x_e \ge x]`, :math:`T = 1/\nu`. For rare events; the probability of at least one in
    a year is :math:`1 - e^{-\nu}` where events come independently.

    Examples
    --------
    >>> losses, often = pd.Series([10.0, 50.0, 10.0]), pd.Series([0.1, 0.02, 0.03])
    >>> exceedance_curve(losses, often).round(3).values.tolist()
    [[10.0, 0.15, 6.667], [50.0, 0.02, 50.0]]
    """
    if not amount.index.equals(frequency.index) or not len(amount):
        raise HazardError(
            f"There are {len(amount)} amounts and {len(frequency)} frequencies.", remedy="Give both for every event."
        )
    by_amount = frequency.groupby(amount).sum().sort_index(ascending=False).cumsum().sort_index()
    often = by_amount.to_numpy(dtype=float)
    return pd.DataFrame({"amount": by_amount.index.to_numpy(), "frequency": often, "return_period": 1 / often})


def at_return_periods(curve: pd.DataFrame, return_periods: Sequence[float]) -> pd.Series:
    """Read amounts off an exceedance curve.

    Parameters
    ----------
    curve
        Of :func:`exceedance_curve`.
    return_periods
        Years.

    Returns
    -------
    pandas.Series
        Interpolated over the logarithm of the return period; 0 below the shortest, NaN beyond the longest that the
        events tell about.

    Examples
    --------
    >>> curve = exceedance_curve(pd.Series([10.0, 50.0]), pd.Series([0.09, 0.01]))
    >>> at_return_periods(curve, [5, 10, 100, 500]).tolist()
    [0.0, 10.0, 50.0, nan]
    """
    asked = np.asarray(return_periods, dtype=float)
    if not (asked > 0).all():
        raise HazardError(f"Return periods {asked.tolist()}.", remedy="Give years above zero.")
    known = np.log(curve["return_period"].to_numpy())
    # The logarithm of a period that is on the curve may miss it by the last digit.
    value = np.interp(np.log(asked), known, curve["amount"].to_numpy())
    value = np.where(np.log(asked) < known[0] - 1e-9, 0.0, value)
    return pd.Series(
        np.where(np.log(asked) > known[-1] + 1e-9, np.nan, value), index=pd.Index(asked, name="return_period")
    )


def plotting_positions(annual_maxima: ArrayLike) -> pd.DataFrame:
    r"""Give the return period of each of n yearly greatest values.

    Returns
    -------
    pandas.DataFrame
        Descending ``value``, ``probability`` of being exceeded in a year, ``return_period``.

    Raises
    ------
    HazardError
        Fewer than two values, or missing ones.

    Notes
    -----
    Weibull (1939): :math:`p = m/(n + 1)` for the m-th greatest, unbiased whatever the distribution (Gumbel 1958).
    """
    x: NDArray[np.float64] = np.sort(np.asarray(annual_maxima, dtype=float))[::-1]
    if len(x) < 2 or np.isnan(x).any():
        raise HazardError(f"{len(x)} values, {int(np.isnan(x).sum())} missing.", remedy="Give one for every year.")
    p = np.arange(1, len(x) + 1) / (len(x) + 1)
    return pd.DataFrame({"value": x, "probability": p, "return_period": 1 / p})


def probability_within(return_period: float, *, years: float) -> float:
    r"""Give the probability that an event is exceeded at least once within some years: :math:`1 - (1 - 1/T)^n`.

    Examples
    --------
    >>> round(probability_within(100, years=30), 2)
    0.26
    """
    if not return_period >= 1 or not years >= 0:
        raise HazardError(f"A return period of {return_period} and {years} years.", remedy="Give at least 1 and 0.")
    return float(1 - (1 - 1 / return_period) ** years)
