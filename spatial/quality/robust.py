"""The modified z-score, the scales that figures are compared on, and what a check answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import PanelError
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

__all__ = ["MODIFIED_Z", "Flags", "Scale", "flagged", "modified_z", "on_scale", "rounding", "unscaled", "within"]

Scale = Literal["difference", "log"]

MODIFIED_Z = 3.5
"""Beyond it Iglewicz and Hoaglin (1993) call a value a potential outlier."""


@dataclass(frozen=True, eq=False)
class Flags:
    """Figures that a check asks about.

    Parameters
    ----------
    table
        A row each, the farthest off first: ``year``, ``unit``, ``value``, ``expected`` (in the unit of the figures),
        ``score`` (signed), and what the check adds.
    n_judged
        Figures that could be judged.
    n_not_judged
        Why others could not, and how many.
    n_within_interval
        Figures beyond the limit whose own interval holds what was expected; they are not flagged.
    """

    table: pd.DataFrame
    n_judged: int
    n_not_judged: dict[str, int]
    n_within_interval: int = 0


def modified_z(values: ArrayLike, *, axis: int = 0, floor: ArrayLike = 0.0) -> NDArray[np.float64]:
    r"""Score values by their distance from the median in median absolute deviations.

    Parameters
    ----------
    values
        Any shape; NaN is missing.
    axis
        Along which values are compared.
    floor
        Least spread, as a standard deviation, that broadcasts to ``values``: rounding alone makes figures differ by
        as much.

    Returns
    -------
    numpy.ndarray
        float64, the shape of ``values``; NaN where missing, and where spread and floor are zero.

    Notes
    -----
    :math:`M_i = 0.6745\,(x_i - \tilde x)/\mathrm{MAD}`, Iglewicz and Hoaglin (1993), *How to Detect and Handle
    Outliers*, ASQC.

    Examples
    --------
    >>> modified_z([1.0, 2.0, 3.0, 4.0, 50.0]).round(2).tolist()
    [-1.35, -0.67, 0.0, 0.67, 31.7]
    """
    x = np.asarray(values, dtype=float)
    seen = ~np.isnan(x)
    empty = ~seen.any(axis=axis, keepdims=True)
    # An empty slice has no median; zeros keep numpy from warning of it, and nothing there is seen.
    filled = np.where(empty, 0.0, x)
    middle = np.nanmedian(filled, axis=axis, keepdims=True)
    # scipy's median_abs_deviation would walk through units one by one where any figure is missing.
    spread = np.nanmedian(np.abs(filled - middle), axis=axis, keepdims=True) / norm.ppf(0.75)
    spread = np.broadcast_to(np.maximum(spread, floor), x.shape)
    return np.divide(x - middle, spread, out=np.full(x.shape, np.nan), where=seen & (spread > 0))


def on_scale(panel: pd.DataFrame, scale: Scale, step: float) -> pd.DataFrame:
    """Bring figures to the scale that they are compared on: as they are, or ``log(x + step)``.

    The step, what figures are rounded to, gives a zero its place on the logarithmic scale; what lies below has none.

    Raises
    ------
    PanelError
        The scale is unknown or the step negative.
    """
    if scale not in get_args(Scale):
        raise PanelError(f"The scale {scale!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Scale))}.")
    if not (np.isfinite(step) and step >= 0):
        raise PanelError(f"The step is {step}.", remedy="Give what figures are rounded to, or 0.")
    if scale == "difference":
        return panel
    started = panel.where(panel >= 0) + step
    return np.log(started.where(started > 0))


def unscaled(values: NDArray[np.float64], scale: Scale, step: float) -> NDArray[np.float64]:
    """Undo :func:`on_scale`."""
    return values if scale == "difference" else np.exp(values) - step


def rounding(panel: pd.DataFrame, scale: Scale, step: float) -> NDArray[np.float64]:
    """Return by how much rounding moves each figure on its scale."""
    if scale == "difference" or step == 0:
        return np.full(panel.shape, step)
    return step / (np.maximum(panel.to_numpy(), 0) + step)


def within(lower: pd.DataFrame | None, upper: pd.DataFrame | None, expected: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether the interval of each figure holds what was expected; nowhere where there are no intervals."""
    if lower is None or upper is None:
        return np.zeros(expected.shape, dtype=bool)
    return (lower.to_numpy() <= expected) & (expected <= upper.to_numpy())


def flagged(
    panel: pd.DataFrame, which: NDArray[np.bool_], expected: NDArray[np.float64], score: NDArray[np.float64]
) -> pd.DataFrame:
    """Return the figures that are flagged as a table, the farthest off first; ties by year and unit."""
    row, column = np.nonzero(which)
    table = pd.DataFrame(
        {
            "year": panel.index.to_numpy()[row],
            "unit": panel.columns.to_numpy()[column],
            "value": panel.to_numpy()[row, column],
            "expected": expected[row, column],
            "score": score[row, column],
        }
    )
    order = table.assign(far=-table["score"].abs()).sort_values(["far", "year", "unit"], kind="stable").index
    return table.loc[order].reset_index(drop=True)
