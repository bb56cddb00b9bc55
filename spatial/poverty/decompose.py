r"""Poverty and inequality by group: parts that add up to the whole.

Functions take ``weights``, ``strata`` and ``clusters`` as :func:`~fuping.spatial.poverty.sample.read_sample` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.errors import LineError, PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.fgt import poverty_of_rows, scale_by_line
from fuping.spatial.poverty.inequality import linearised_entropy, refuse_undefined_entropy
from fuping.spatial.poverty.linearised import Linearised, mean
from fuping.spatial.poverty.lines import Line, RelativeLine
from fuping.spatial.poverty.sample import Sample, read_sample, refuse_misaligned
from fuping.spatial.poverty.survey import estimate, mean_of, ratio_of
from fuping.spatial.wording import worded
from numpy.typing import ArrayLike, NDArray

__all__ = ["GroupDecomposition", "InequalityDecomposition", "decompose_by_group", "decompose_inequality", "group_masks"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupDecomposition:
    """A measure and its parts.

    Parameters
    ----------
    total
        The measure of all people.
    table
        One row a group: ``share`` of people, ``value`` of the measure, ``contribution`` = share × value, each with its
        ``_se``, and ``relative_contribution``, the part of the total. Contributions sum to the total.
    """

    total: Estimate
    table: pd.DataFrame


@dataclass(frozen=True)
class InequalityDecomposition:
    """Generalised entropy within and between groups; the two sum to the total."""

    total: Estimate
    within: Estimate
    between: Estimate


def decompose_by_group(
    values: ArrayLike,
    *,
    line: Line,
    groups: ArrayLike,
    alpha: float = 0.0,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> GroupDecomposition:
    r"""Split a Foster–Greer–Thorbecke measure into contributions of groups.

    Parameters
    ----------
    values
        Income or consumption a person, shape (n,).
    line
        One number or one for each row. A relative line is estimated first and its value given.
    groups
        shape (n,); the group of each row, none missing, so that the parts are the whole.
    alpha
        0, 1, 2 or another number that is not negative.
    weights, strata, clusters, inference
        The design and how standard errors are computed.

    Raises
    ------
    LineError
        The line is relative or not above zero.
    PovertyError
        A group is missing, or the sample is refused.

    Notes
    -----
    :math:`P_\alpha = \sum_g (W_g/W) P_{\alpha g}` (Foster, Greer and Thorbecke 1984).
    """
    if isinstance(line, RelativeLine):
        raise LineError("A relative line cannot be split by group.", remedy="Estimate the line first; give its value.")
    if not alpha >= 0:
        raise PovertyError(f"alpha is {alpha}.", remedy="Give a number that is not negative.")
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    poverty = poverty_of_rows(scale_by_line(y, line, sample, values), alpha)
    total = estimate(mean_of(poverty), sample, inference)
    rows: dict[Any, dict[str, Any]] = {}
    for label, inside in group_masks(groups, sample, values).items():
        share = estimate(mean_of(inside), sample, inference)
        contribution = estimate(mean_of(poverty * inside), sample, inference)
        value = estimate(ratio_of(poverty * inside, inside), sample, inference)
        rows[label] = {
            "share": share.value,
            "share_se": share.se,
            "value": value.value,
            "value_se": value.se,
            "value_low": value.low,
            "value_high": value.high,
            "contribution": contribution.value,
            "contribution_se": contribution.se,
            "relative_contribution": contribution.value / total.value if total.value else np.nan,
            "n": int((inside * (sample.weights > 0)).sum()),
        }
    return GroupDecomposition(total, pd.DataFrame.from_dict(rows, orient="index").rename_axis("group"))


def decompose_inequality(
    values: ArrayLike,
    *,
    groups: ArrayLike,
    alpha: float = 1.0,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> InequalityDecomposition:
    r"""Split generalised entropy into inequality within groups and between their means.

    Parameters
    ----------
    values
        Income or consumption a person, shape (n,), not negative; above zero with α ≤ 0.
    groups
        shape (n,); the group of each row, none missing.
    alpha
        1: Theil's T, 0: Theil's L.
    weights, strata, clusters, inference
        The design and how standard errors are computed.

    Raises
    ------
    PovertyError
        A group is missing, or a value has no logarithm or power.

    Notes
    -----
    With population shares v and relative means m (Shorrocks 1980, Econometrica 48(3), 613–625):
    between is the index of a population in which everyone has the mean of the group, and
    :math:`\text{within} = \sum_g v_g m_g^\alpha GE_g(\alpha)`.
    """
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    refuse_undefined_entropy(y, sample.weights, alpha)
    masks = list(group_masks(groups, sample, values).values())

    def between(w: Floats) -> Linearised:
        mu = mean(y, w)
        parts = [_between_part(mean(inside, w), mean(y * inside, w), mu, alpha) for inside in masks]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
        return whole if alpha in (0, 1) else (whole - 1) / (alpha * (alpha - 1))

    return InequalityDecomposition(
        estimate(lambda w: linearised_entropy(y, w, alpha), sample, inference),
        estimate(lambda w: linearised_entropy(y, w, alpha) - between(w), sample, inference),
        estimate(between, sample, inference),
    )


def _between_part(share: Linearised, income: Linearised, mu: Linearised, alpha: float) -> Linearised:
    if share.value == 0 or income.value == 0:
        return income * 0.0
    relative = income / share / mu
    if alpha == 1:
        return income / mu * relative.log()
    if alpha == 0:
        return -(share * relative.log())
    return share * relative**alpha


def group_masks(groups: ArrayLike, sample: Sample, values: ArrayLike) -> dict[Any, Floats]:
    """Find who belongs to each group.

    Parameters
    ----------
    groups
        shape (n,); label of each row.
    sample
        The design of the n rows.
    values
        The data that the groups must be aligned with.

    Returns
    -------
    dict of float64, shape (m,)
        By label, ascending: 1 for the rows with a value that belong to the group, else 0.

    Raises
    ------
    PovertyError
        A row with a value has no group.
    """
    refuse_misaligned(groups, "groups", len(groups), values)  # type: ignore[arg-type]
    labels = pd.Series(groups).reset_index(drop=True)[sample.present]
    lost = int(labels.isna().sum())
    if lost:
        raise PovertyError(
            worded(
                "{lost} of {n} rows with a value have no group, so the parts would not add up.",
                lost=lost,
                n=len(labels),
            ),
            remedy=worded("Give them a group of their own, 'unknown' say."),
        )
    codes, known = pd.factorize(labels, sort=True)
    return {label: (codes == code).astype(float) for code, label in enumerate(known)}
