"""Class breaks held over all years, and the class of every figure."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from fuping.spatial.errors import FupingError
from numpy.typing import ArrayLike, NDArray

__all__ = ["OUTSIDE", "SCHEMES", "Classification", "Scheme", "classify"]

Scheme = Literal["quantiles", "equal_interval", "natural_breaks", "box", "head_tail", "std_mean", "manual"]

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

MISSING = -1
"""Class of a missing figure: none."""

OUTSIDE = -2
"""Class of a figure that lies beyond closed limits: none either, and yet it is there."""

MOST = 9
"""Most classes that lightness still tells apart."""

JENKS_POINTS = 1500
"""Natural breaks are exact and cost the square of the number of points; longer data are thinned to this many."""


@dataclass(frozen=True, eq=False)
class Classification:
    """Classes of one indicator, the same in every year.

    Parameters
    ----------
    method
        How the breaks were found.
    breaks
        The k - 1 inner breaks, ascending. A value belongs to the first class whose upper break it does not exceed:
        class j holds ``breaks[j - 1] < value <= breaks[j]``. Where ``closed``, the k + 1 limits instead: the first
        class holds its own lower limit too, and what lies below the first or above the last is outside every class.
    minimum, maximum
        Of all figures; NaN where there is none.
    classes
        int8, shape (m, n) as the values; -1 where missing, -2 where outside every class.
    counts
        int64, shape (m, k); figures of each class in each year.
    missing
        int64, shape (m,); figures missing in each year.
    closed
        Whether the outermost limits are kept to.
    """

    method: Scheme
    breaks: tuple[float, ...]
    minimum: float
    maximum: float
    classes: NDArray[np.int8]
    counts: NDArray[np.int64]
    missing: NDArray[np.int64]
    closed: bool = False

    @property
    def k(self) -> int:
        """Number of classes; none where no figure is there."""
        return self.counts.shape[1]


def classify(
    values: ArrayLike,
    *,
    scheme: Scheme,
    k: int = 5,
    breaks: Sequence[float] | None = None,
    decimals: int | None = None,
    closed: bool = False,
) -> Classification:
    """Find class breaks over all years together, and the class of every figure.

    The breaks come from all years pooled, so a colour means the same in every year. They are rounded before figures
    are assigned, so a legend that prints them is exact.

    Parameters
    ----------
    values
        float64, shape (m years, n units); NaN is missing and has no class.
    scheme
        ``quantiles``: classes of about equal count. ``equal_interval``: of equal width. ``natural_breaks``: least
        squares within classes (Fisher 1958; Jenks 1977). ``box``: quartiles and 1.5 interquartile ranges beyond them.
        ``head_tail``: split at the mean, again and again above it (Jiang 2013), up to nine classes. ``std_mean``: one
        and two standard deviations about the mean. ``manual``: ``breaks`` as given.
    k
        Classes wanted, 2 to 9, by the first three schemes; the others find their own number.
    breaks
        The inner breaks of ``manual``, ascending; all are kept, also those that no figure passes.
    decimals
        Round computed breaks to so many decimals (negative: tens, hundreds …); not at all where not given.
    closed
        Whether manual breaks are all the limits there are, so that what lies beyond them is in no class.

    Returns
    -------
    Classification
        Computed breaks beyond the figures are left out, and so are, except where width has a meaning
        (``equal_interval``, ``std_mean``), those that ties or rounding leave without a figure; so there may be fewer
        than ``k`` classes. With at most ``k`` distinct figures, ``quantiles`` and ``natural_breaks`` make each a
        class of its own. Constant data are one class; without any figure there is none.

    Raises
    ------
    FupingError
        The values are not a table, hold an infinite number, the scheme or ``k`` is not one that exists, or manual
        breaks are absent, given with another scheme, not ascending, or closed and fewer than two.

    Notes
    -----
    Breaks are those of mapclassify (Rey et al.). Natural breaks of more than 1,500 figures are those of 1,500 spread
    evenly over their ranks, smallest and largest included, so the answer does not depend on chance.

    Examples
    --------
    >>> two_years = [[1.0, 2.0, 3.0], [4.0, float("nan"), 6.0]]
    >>> found = classify(two_years, scheme="equal_interval", k=2)
    >>> found.breaks, found.classes.tolist(), found.counts.tolist(), found.missing.tolist()
    ((3.5,), [[0, 0, 0], [1, -1, 1]], [[3, 0], [0, 2]], [0, 1])
    >>> classify(two_years, scheme="manual", breaks=[2, 3, 5], closed=True).classes.tolist()
    [[-2, 0, 0], [1, -1, -2]]
    """
    table = np.asarray(values, dtype=np.float64)
    _check(table, scheme, k, breaks, closed=closed)
    pooled = np.sort(table[~np.isnan(table)])
    inner = _computed(pooled, scheme, k, decimals) if breaks is None else tuple(float(one) for one in breaks)
    number = len(inner) + (-1 if closed else 1) if len(pooled) else 0
    classes = np.searchsorted(np.array(inner), table, side="left").astype(np.int8)
    if closed:
        classes = np.maximum(classes - 1, 0)
        classes[(table < inner[0]) | (table > inner[-1])] = OUTSIDE
    classes[np.isnan(table)] = MISSING
    counts = np.stack([(classes == one).sum(axis=1) for one in range(number)], axis=1) if number else None
    return Classification(
        method=scheme,
        breaks=inner if number else (),
        minimum=float(pooled[0]) if number else float("nan"),
        maximum=float(pooled[-1]) if number else float("nan"),
        classes=classes,
        counts=np.zeros((len(table), 0), dtype=np.int64) if counts is None else counts.astype(np.int64),
        missing=np.isnan(table).sum(axis=1).astype(np.int64),
        closed=closed,
    )


def _check(table: NDArray[np.float64], scheme: str, k: int, breaks: Sequence[float] | None, *, closed: bool) -> None:
    if table.ndim != 2:
        raise FupingError(
            f"The values have {table.ndim} dimensions.", remedy="Give years by units.", dimensions=table.ndim
        )
    if np.isinf(table).any():
        raise FupingError(
            f"{int(np.isinf(table).sum())} values are infinite.",
            remedy="A ratio over zero is missing, not infinite: give NaN.",
        )
    if scheme not in SCHEMES:
        raise FupingError(f"There is no scheme {scheme!r}.", remedy=f"Schemes: {', '.join(SCHEMES)}.", scheme=scheme)
    if not 2 <= k <= MOST:
        raise FupingError(f"{k} classes were asked for.", remedy="Ask for 2 to 9.", k=k)
    if (scheme == "manual") != (breaks is not None):
        raise FupingError(
            f"The scheme {scheme!r} {'needs' if scheme == 'manual' else 'takes no'} breaks.",
            remedy="Give breaks with the scheme 'manual', and only with it.",
        )
    if breaks is not None and (not len(breaks) or not np.all(np.diff(breaks) > 0) or not np.isfinite(breaks).all()):
        raise FupingError(
            f"The breaks {list(breaks)} do not ascend.", remedy="Give numbers from low to high, once each."
        )
    if closed and (breaks is None or len(breaks) < 2):
        raise FupingError(
            "Only two limits or more can be closed.", remedy="Give manual breaks, the outermost limits among them."
        )


def _computed(pooled: NDArray[np.float64], scheme: Scheme, k: int, decimals: int | None) -> tuple[float, ...]:
    """Return the inner breaks of a scheme that computes them."""
    distinct = np.unique(pooled)
    if len(distinct) < 2:
        return ()
    if len(distinct) <= k and scheme in ("quantiles", "natural_breaks"):
        inner = distinct[:-1]
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # mapclassify warns of ties; fewer classes are our answer
            inner = _bins(pooled, scheme, k)[:-1]
    if decimals is not None:
        inner = np.round(inner, decimals) + 0.0
    inner = np.unique(inner)
    inner = inner[(inner >= pooled[0]) & (inner < pooled[-1])]
    if scheme not in ("equal_interval", "std_mean"):
        below = np.searchsorted(pooled, inner, side="right")
        inner = inner[np.diff(below, prepend=0) > 0]
    return tuple(float(one) for one in inner)


def _bins(pooled: NDArray[np.float64], scheme: Scheme, k: int) -> NDArray[np.float64]:
    """Return mapclassify's bins: the upper bound of each class, the last at or above the maximum."""
    import mapclassify  # takes seconds to import, so not before it is needed

    if scheme == "quantiles":
        return mapclassify.Quantiles(pooled, k=k).bins
    if scheme == "equal_interval":
        return mapclassify.EqualInterval(pooled, k=k).bins
    if scheme == "natural_breaks":
        places = np.linspace(0, len(pooled) - 1, min(len(pooled), JENKS_POINTS)).round().astype(int)
        return np.asarray(mapclassify.FisherJenks(pooled[places], k=k).bins)
    if scheme == "box":
        return mapclassify.BoxPlot(pooled).bins
    if scheme == "head_tail":
        return _at_most_nine(mapclassify.HeadTailBreaks(pooled).bins)
    return mapclassify.StdMean(pooled).bins


def _at_most_nine(bins: NDArray[np.float64]) -> NDArray[np.float64]:
    return bins if len(bins) <= MOST else np.append(bins[: MOST - 1], bins[-1])
